"""Counts what a stranger asks for by their browser, phone and network, and by all together (T112)."""

from datetime import timedelta

from django.conf import settings

from foundation.guard import limits
from foundation.guard.addresses import is_within, network_of
from foundation.guard.limits import Limit, Spender

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
HourAndDay = tuple[int, int]
"""So many in an hour, and in a day."""


def count_request(*, browser: str, phone: str, address: str) -> None:
    """Counts a request to be phoned, whatever it is about. Raises LimitReached.

    Nobody's request is hidden among a stranger's: theirs end, and what is refused is told with the number to call.
    """
    usual, shared = settings.REQUESTS_PER_NETWORK, settings.REQUESTS_PER_SHARED_NETWORK
    limits.spend(
        _spender("request.browser", browser, settings.REQUESTS_PER_BROWSER),
        _spender("request.phone", phone, settings.REQUESTS_PER_PHONE),
        *of_network("request.network", address, usual=usual, shared=shared),
        Spender("request.all", "", [Limit(settings.REQUESTS_OF_ALL_PER_HOUR, AN_HOUR)]),
    )


def count_move(*, visit: str) -> None:
    """Counts that a visit was moved by its link: each time frees one, and a person is phoned. Raises LimitReached."""
    limits.spend(Spender("move.visit", visit, [Limit(settings.MOVES_BY_LINK_PER_DAY, A_DAY)]))


def of_network(kind: str, address: str, *, usual: HourAndDay, shared: HourAndDay) -> list[Spender]:
    """Returns who spends for a network, which may be known to be shared by many; nobody where it is not known."""
    network = network_of(address)
    limit = shared if is_within(address, settings.SHARED_NETWORKS) else usual
    return [_spender(kind, network, limit)] if network else []


def _spender(kind: str, whom: str, an_hour_and_a_day: HourAndDay) -> Spender:
    an_hour, a_day = an_hour_and_a_day
    return Spender(kind, whom, [Limit(an_hour, AN_HOUR), Limit(a_day, A_DAY)])
