"""Counts what a stranger asks for by their browser, phone and network, and by all together (T112)."""

from datetime import timedelta

from django.conf import settings

from foundation.guard import limits
from foundation.guard.addresses import is_within, network_of
from foundation.guard.limits import Limit, Spender

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)


def count_request(*, browser: str, phone: str, address: str) -> None:
    """Counts a request to be phoned, whatever it is about. Raises LimitReached.

    Nobody's request is hidden among a stranger's: theirs end, and what is refused is told with the number to call.
    """
    shared = is_within(address, settings.SHARED_NETWORKS)
    of_network = settings.REQUESTS_PER_SHARED_NETWORK if shared else settings.REQUESTS_PER_NETWORK
    network = network_of(address)
    limits.spend(
        _spender("request.browser", browser, settings.REQUESTS_PER_BROWSER),
        _spender("request.phone", phone, settings.REQUESTS_PER_PHONE),
        *([_spender("request.network", network, of_network)] if network else []),
        Spender("request.all", "", [Limit(settings.REQUESTS_OF_ALL_PER_HOUR, AN_HOUR)]),
    )


def count_move(*, visit: str) -> None:
    """Counts that a visit was moved by its link: each time frees one, and a person is phoned. Raises LimitReached."""
    limits.spend(Spender("move.visit", visit, [Limit(settings.MOVES_BY_LINK_PER_DAY, A_DAY)]))


def _spender(kind: str, whom: str, an_hour_and_a_day: tuple[int, int]) -> Spender:
    an_hour, a_day = an_hour_and_a_day
    return Spender(kind, whom, [Limit(an_hour, AN_HOUR), Limit(a_day, A_DAY)])
