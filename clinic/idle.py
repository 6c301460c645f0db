"""Staff who have done nothing for half an hour are signed out: somebody else may sit before their screen (T50).

What was typed is kept: a form of a session that has ended becomes a draft (`clinic.unsent`).
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import ngettext

from clinic import owners

SEEN = "seen_at"
"""The second of the last thing that this person did, in their session."""
BY_ITSELF = "X-Idle"
"""The header of a request that a page makes by itself while nobody touches it."""
EXACT = 60
"""Seconds: a session is not written at every step for this."""
EXACT_OF_PARTS = 600
"""A part of a page is asked beside others, and a session that is written whole may undo what another has written."""


class EndIdleSessions:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if owners.is_of_office(request) and SESSION_KEY in request.session:
            _look_at(request, _now())
        return self.get_response(request)


def begin(*, request: HttpRequest, **signed_in: object) -> None:
    request.session[SEEN] = _now()


def connect() -> None:
    user_logged_in.connect(begin, dispatch_uid="clinic.idle")


def _look_at(request: HttpRequest, now: int) -> None:
    idle = now - request.session.get(SEEN, now - EXACT)
    if idle > settings.STAFF_IDLE_MINUTES * 60:
        _sign_out(request)
    elif BY_ITSELF not in request.headers and idle >= (EXACT_OF_PARTS if "HX-Request" in request.headers else EXACT):
        request.session[SEEN] = now


def _sign_out(request: HttpRequest) -> None:
    logout(request)
    minutes = settings.STAFF_IDLE_MINUTES
    words = ngettext(
        "You were signed out: nothing was done for %d minute. What you typed is kept until you sign in.",
        "You were signed out: nothing was done for %d minutes. What you typed is kept until you sign in.",
        minutes,
    )
    messages.info(request, words % minutes)


def _now() -> int:
    return int(timezone.now().timestamp())
