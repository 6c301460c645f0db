"""Every view of the site stands behind the one decorator that is defined here.

A view is given who acts and what the address or the visitor's session names. It answers with a `Page`. An error that
it does not handle itself is answered as the table in `answers.py` says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from booking_site.answers import answer_to
from booking_site.presenters.refusal import Refusal
from booking_site.visitor import visitor_of
from foundation.accounts.access import public
from foundation.accounts.actors import Actor
from foundation.drafts.door import led_to_kept
from foundation.errors import DomainError
from foundation.idempotency.once import counts_once, form_sent
from patients.choices import Channel
from scheduling.choices import VisitKind
from scheduling.eligibility import check_channel

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


NO_HEADERS: Mapping[str, str] = {}
PRIVATE: Mapping[str, str] = {"Cache-Control": "private, no-store"}
"""Pages that show what somebody has typed carry these."""
LINK: Mapping[str, str] = {**PRIVATE, "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
"""Pages behind a patient's own link carry these, so that it stays out of the Referer of other pages (T42)."""
LINK_WITH_FORM: Mapping[str, str] = {**LINK, "Referrer-Policy": "strict-origin"}
"""Those of them with a form let the origin through: without it, a posted form looks forged."""


class SiteRequest(HttpRequest):
    """The request comes from a visitor of the public site, who is also an actor."""

    by: Actor
    """A browser gets its session when this is first read, so that merely looking around needs none."""
    typed_again: dict[str, Any]
    """What was typed into a form that is shown again without being read; empty for any other request."""


@dataclass(frozen=True, slots=True)
class Page:
    """A view answers with a page, to be drawn: the template knows the fields of `content` by their names."""

    template: str
    content: "DataclassInstance | None"
    status: int = HTTPStatus.OK


Answer = Page | HttpResponseBase
View = Callable[..., Answer]
Scope = Callable[..., object]


def site_view(
    *,
    scope: Scope | None = None,
    refused: View | None = None,
    headers: Mapping[str, str] = NO_HEADERS,
    once: timedelta | None = None,
) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """Makes a function a view of the site, which everybody may open.

    `scope` finds what the request is about, and the view is given it; or it answers instead of the view. `refused` is
    the page shown after an error of the view: it is given what the view is given, and `error`. `headers` stand on
    every answer. `once` stands on a view that makes something: the same form sent again within that time makes nothing
    more and gets the same answer. Follow-ups are refused before anything else (R18).
    """

    def decorate(view: View) -> Callable[..., HttpResponseBase]:
        @counts_once(once)
        @public
        @wraps(view)
        def answered(plain: HttpRequest, **address: object) -> HttpResponseBase:
            request = _of_visitor(plain)
            with form_sent(request, within=once):
                answer = _asked(view, request, scope, refused, address)
            response = _shown(request, answer) if isinstance(answer, Page) else answer
            for name, value in headers.items():
                response[name] = value
            return response

        return answered

    return decorate


def _of_visitor(plain: HttpRequest) -> SiteRequest:
    request = cast(SiteRequest, plain)
    request.by = cast(Actor, SimpleLazyObject(partial(visitor_of, plain)))
    request.typed_again = getattr(plain, "typed_again", {})
    return request


def show_again(
    request: HttpRequest, sent: Mapping[str, list[str]], view: Callable[..., HttpResponseBase], address: Mapping
) -> HttpResponseBase:
    """Shows the page of a form that was sent, without reading the form; its fields hold what was typed.

    Consent is an act of its own and is given anew.
    """
    typed = {name: values if len(values) > 1 else values[0] for name, values in sent.items() if values}
    request.method, request.POST = "GET", QueryDict()  # type: ignore[assignment, misc]  # the stubs let nobody change it
    request.typed_again = typed | {"consent": False}  # type: ignore[attr-defined]  # the stubs know none of ours
    return view(request, **address)


def _asked(
    view: View, request: SiteRequest, scope: Scope | None, refused: View | None, address: dict[str, object]
) -> Answer:
    try:
        check_channel(Channel.SITE, _kind_asked_for(request))
        given = (scope(request, **address),) if scope else ()
    except DomainError as error:
        return _refusal(request, error=error)
    if given and isinstance(given[0], Page | HttpResponseBase):
        return given[0]
    try:
        return view(request, *given)
    except DomainError as error:
        return (refused or _refusal)(request, *given, error=error)


def _kind_asked_for(request: SiteRequest) -> VisitKind:
    """Returns the kind that a form or a link asks for; whatever is not a first visit is a follow-up."""
    kind = request.POST.get("visit_kind") or request.GET.get("kind") or VisitKind.FIRST
    return VisitKind.FIRST if kind == VisitKind.FIRST else VisitKind.FOLLOW_UP


def _refusal(request: SiteRequest, *given: object, error: DomainError) -> Page:
    answer = answer_to(error)
    return Page(answer.page, Refusal(str(error)), status=answer.status)


def _shown(request: SiteRequest, page: Page) -> HttpResponseBase:
    return led_to_kept(request, owner=lambda: visitor_of(request).ref) or _drawn(request, page)


def _drawn(request: SiteRequest, page: Page) -> HttpResponse:
    content = {field.name: getattr(page.content, field.name) for field in fields(page.content)} if page.content else {}
    unaccepted = request.typed_again and page.status == HTTPStatus.OK
    status = HTTPStatus.UNPROCESSABLE_ENTITY if unaccepted else page.status
    return render(request, page.template, content, status=status)
