"""The address that a request comes from, behind proxies the clinic trusts, and the network it belongs to (O20)."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

LOCAL_SOCKET = "unix"
"""The name in `TRUSTED_PROXIES` of whoever speaks through a socket on this machine, which has no address."""
OF_ONE_HOUSE = 64
"""An IPv6 network of so many bits is one customer's: its addresses are counted together."""


class BehindProxies:
    """Puts the visitor's own address into `REMOTE_ADDR`, where audit, consents and limits read it.

    Only what a trusted proxy says of an address is believed: whatever a visitor writes into `X-Forwarded-For` stands
    further to the left.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        told = request.headers.get("X-Forwarded-For", "").split(",")
        request.META["REMOTE_ADDR"] = _behind(request.META.get("REMOTE_ADDR", ""), told)
        return self.get_response(request)


def _behind(address: str, told: Sequence[str]) -> str:
    """Returns the first address, from the nearest on, that is of no trusted proxy."""
    for before in (part.strip() for part in reversed(told)):
        if not _is_trusted(address) or not _read(before):
            break
        address = before
    return address


def _is_trusted(address: str) -> bool:
    if not address:
        return LOCAL_SOCKET in settings.TRUSTED_PROXIES
    return is_within(address, [name for name in settings.TRUSTED_PROXIES if name != LOCAL_SOCKET])


def is_within(address: str, networks: Sequence[str]) -> bool:
    known = _read(address)
    return known is not None and any(known in ip_network(name, strict=False) for name in networks)


def network_of(address: str) -> str:
    """Returns what is counted as one visitor's network; an empty text where that is not known.

    Behind a proxy that nobody has named as trusted all visitors would be one.
    """
    known = _read(address)
    if known is None or (settings.BEHIND_TLS and not settings.TRUSTED_PROXIES):
        return ""
    return str(ip_network((known, OF_ONE_HOUSE), strict=False) if isinstance(known, IPv6Address) else known)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Reads an address; an IPv4 address that a dual socket has mapped into IPv6 is itself."""
    try:
        known = ip_address(text)
    except ValueError:
        return None
    return (known.ipv4_mapped or known) if isinstance(known, IPv6Address) else known
