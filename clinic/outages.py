"""While the database does not work, a page says so, with the clinic's phone, and keeps what was typed on itself.

It asks nothing of the database. The status is 503: the request was right and may be sent again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from clinic.owners import is_of_office
from foundation.database import asking, breaker
from foundation.database.outage import Outage, is_of_one_statement, outage_of
from foundation.drafts import door

log = logging.getLogger(__name__)

WITHOUT_DATABASE = ("/healthz", "/readyz")
TOKEN = "csrfmiddlewaretoken"
LONGEST_WORD = 40
RETRY_AFTER = "10"
"""Seconds, for programs."""


@dataclass(frozen=True, slots=True)
class OutagePage:
    reads: bool
    """The database can be read, and takes no writes."""
    address: str
    again: list[tuple[str, str]]
    """The fields of the form that was sent; empty where there is none to send again."""

    @property
    def typed(self) -> list[str]:
        """Returns what people read of it: neither keys nor ticks."""
        return [value for name, value in self.again if name != TOKEN and value not in ("", "on") and not _is_key(value)]


class RefuseWhileAway:
    """Answers at once while the database is known to be away, and notices when it is back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path in WITHOUT_DATABASE:
            return self.get_response(request)
        if not breaker.may_try():
            return told(request, Outage.SILENT)
        response = self.get_response(request)
        if connection.connection is not None and response.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            breaker.is_there()
        return response


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Returns the page of an outage, or None for an error that is none.

    One slow statement closes the door to nobody else: the database is asked before it is said to be away.
    """
    outage = outage_of(error)
    if outage is None:
        return None
    if is_of_one_statement(error):
        asking.answers_anew()
    elif outage is Outage.SILENT:
        breaker.is_away()
    log.error("the database is %s: %s", outage, type(error).__name__)
    return told(request, outage)


def told(request: HttpRequest, outage: Outage) -> HttpResponse:
    page = OutagePage(
        reads=outage in (Outage.READ_ONLY, Outage.FULL),
        address=request.get_full_path(),
        again=_fields(request) if request.method == "POST" else [],
    )
    content = {"page": page, "in_office": is_of_office(request)}
    headers = {"Cache-Control": "no-store", "Retry-After": RETRY_AFTER}
    text = render_to_string("503.html", content)
    return HttpResponse(text, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    """Returns what a form has sent, with the token it came with: one from elsewhere is refused when it is sent again.

    Nothing is repeated of sign-ins and passwords.
    """
    if not door.is_sent_by_browser(request) or not _is_repeated(request):
        return []
    try:
        sent = door.form_of(request).sent | {TOKEN: request.POST.getlist(TOKEN)}
    except (UnreadablePostError, SuspiciousOperation, ValueError):
        return []
    return [(name, value) for name, values in sent.items() for value in values]


def _is_repeated(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).namespace in ("site", "office", "admin")
    except Resolver404:
        return False


def _is_key(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return len(value) > LONGEST_WORD and " " not in value
    return True
