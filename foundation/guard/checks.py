"""System checks of whose word on an address is believed (O20)."""

from collections.abc import Sequence
from ipaddress import ip_network

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from foundation.guard.addresses import LOCAL_SOCKET


@register("guard")
def addresses_are_known(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """Reports names where addresses belong, and warns of a proxy behind which all visitors look alike."""
    wrong = [
        Error(f"{setting}: «{name}» is no address and no network.", id="guard.E001")
        for setting in ("TRUSTED_PROXIES", "SHARED_NETWORKS")
        for name in getattr(settings, setting)
        if not (_is_network(name) or (setting, name) == ("TRUSTED_PROXIES", LOCAL_SOCKET))
    ]
    if settings.BEHIND_TLS and not settings.TRUSTED_PROXIES:
        words = "Behind a proxy that is not trusted no visitor's address is known: nothing is counted by network."
        return [*wrong, Warning(words, hint="Name the proxy in TRUSTED_PROXIES.", id="guard.W001")]
    return [*wrong]


def _is_network(name: str) -> bool:
    try:
        ip_network(name, strict=False)
    except ValueError:
        return False
    return True
