"""Every view of the office has this one decorator.

A view is given who acts and what this person may see. It answers with a `Page`: whom the page shows is written into
the audit. An error that it does not handle itself is answered as the table in `answers.py` says.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from back_office import undoing
from back_office.answers import status_of
from back_office.undoing import Undoing
from back_office.unsent import sent_again
from foundation.accounts.access import requires
from foundation.accounts.actors import staff
from foundation.accounts.choices import Permission, Role
from foundation.audit import trail
from foundation.drafts.attempts import Kept
from foundation.drafts.door import led_to_kept
from foundation.drafts.errors import NotSent
from foundation.errors import DomainError
from foundation.idempotency.once import counts_once, form_sent
from patients.choices import Channel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


CHANNELS: dict[str, Channel] = {Role.OPERATOR: Channel.PHONE, Role.DOCTOR: Channel.DOCTOR}
"""The operator books by phone, the doctor from the visit, the others at the desk (R2)."""


KEPT_PAGES = {
    Permission.SEE_OUTBOX,
    Permission.SEE_WAITLIST,
    Permission.ADMINISTER,
    Permission.SEE_AUDIT,
    Permission.HEAR_CALLS,
}
"""Who has opened a page of these is written down, also where it shows no patient (O10)."""


class StaffRequest(Undoing):
    """The request knows the person who is signed in, the same person as an actor, and what htmx says."""

    permission: Permission
    """The permission that the page asks for."""
    channel: Channel
    """Where this person books from."""
    draft: Kept
    """The form that the address names; a request of any other address has none."""


@dataclass(frozen=True, slots=True)
class Page:
    """The page, or a part of one, is not drawn yet. The template knows the fields of `content` by their names.

    `shows` are the patients whom it shows; `where` is the page's name in the audit, if not that of the address.
    """

    template: str
    content: "DataclassInstance | None"
    shows: Iterable[UUID]
    status: int = HTTPStatus.OK
    where: str = ""
    at_once: bool = False
    """The form has passwords, which are kept nowhere: what is wrong with them only this answer can say."""


Answer = Page | HttpResponseBase
View = Callable[..., Answer]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The page shows an error that no view handles."""

    error: str


def staff_view(
    permission: Permission,
    *,
    scope: Callable[..., object] | None = None,
    refused: View | None = None,
    once: timedelta | None = None,
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Gives the view what `scope` finds by the address within what this person may see, else answers 404.

    `refused` is the page shown again after an error: it is given what the view is given, and `error`. `once` stands on
    a view that makes something: the same form sent again within that time makes nothing more and gets the same answer.
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @counts_once(once)
        @requires(permission)
        @wraps(view)
        def answered(plain: HttpRequest, **address: object) -> HttpResponseBase:
            request = _of_staff(plain)
            try:
                with form_sent(request, within=once, by=request.by.ref):
                    answer = _asked(view, request, scope, address)
            except DomainError as error:
                again = refused and _asked(refused, request, scope, address, error=error)
                answer = _refusal(request, error, again)
            request.permission = permission
            drawn = _shown(request, answer) if isinstance(answer, Page) else answer
            return undoing.remembered(request, drawn)

        return answered

    return decorate


def or_sent_again(refused: View) -> View:
    """Shows a form that was not sent as a page of one button, where `refused` says only that all is over."""

    def again(request: StaffRequest, *found: object, error: DomainError) -> Answer:
        if isinstance(error, NotSent):
            return sent_again(request, request.draft)
        return refused(request, *found, error=error)

    return again


def _asked(
    view: View, request: StaffRequest, scope: Callable[..., object] | None, address: dict[str, object], **more: object
) -> Answer:
    if scope is None:
        return view(request, **address, **more)
    return view(request, scope(request, **address), **more)


def _of_staff(plain: HttpRequest) -> StaffRequest:
    request = cast(StaffRequest, plain)
    request.by = staff(request.user, ip=request.META.get("REMOTE_ADDR", ""))
    request.channel = CHANNELS.get(request.user.role, Channel.REGISTRY)
    request.undo = undoing.offered(request)
    return request


def _refusal(request: StaffRequest, error: DomainError, again: Answer | None) -> Answer:
    """Answers htmx with 200, or it draws nothing; where there is nothing to draw, the whole page is loaded anew."""
    if isinstance(again, Page):
        return replace(again, status=HTTPStatus.OK if request.htmx else status_of(error))
    if again is not None:
        return again
    if request.htmx:
        messages.error(request, str(error))
        return HttpResponse(status=status_of(error), headers={"HX-Refresh": "true"})
    if isinstance(error, NotSent):
        return sent_again(request, request.draft)
    return Page("back_office/refused.html", Refusal(str(error)), shows=(), status=status_of(error))


def _shown(request: StaffRequest, page: Page) -> HttpResponseBase:
    kept = None if page.at_once else led_to_kept(request, owner=lambda: request.by.ref)
    return kept or _drawn(request, page)


def _drawn(request: StaffRequest, page: Page) -> HttpResponse:
    match = request.resolver_match
    where = page.where or (match.view_name if match else "")
    trail.record_shown(by=request.by, patients=dict.fromkeys(page.shows), where=where)
    if request.permission in KEPT_PAGES and not request.htmx:
        trail.record_page(by=request.by, where=where)
    return render(request, page.template, _context(page.content), status=page.status)


def _context(content: "DataclassInstance | None") -> dict[str, object]:
    return {field.name: getattr(content, field.name) for field in fields(content)} if content else {}
