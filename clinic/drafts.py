"""Forms that nobody may act upon, or that were refused, are kept and shown again at an address of their own.

The doors keep what a verb refuses (`foundation.drafts.door`). Here are the ways in and out that both doors have: a
form without a session or a good token, the address of a draft, and the end of one.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.datastructures import MultiValueDict

from back_office.unsent import sent_again
from booking_site.site_view import show_again
from clinic import owners, unsent
from clinic.reference_data import forms as reference_data
from foundation.drafts import attempts, door, store
from foundation.drafts.attempts import Kept

View = Callable[..., HttpResponseBase]


class KeepForms:
    """Shows a kept form where an address names one, keeps one that needs a sign-in first, drops one that is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with attempts.attempt() as here:
            response = self.get_response(request)
            if here.looks_at or request.method != "POST":
                return response
            if isinstance(response, HttpResponseRedirect):
                return _after_a_form(request, response)
            return reference_data.refused(request, response) or response

    def process_view(
        self, request: HttpRequest, view: View, args: object, address: Mapping[str, object]
    ) -> HttpResponseBase | None:
        if request.method == "POST" and request.GET.get(door.QUERY) == door.KEEP:
            return unsent.shown_again(request) or redirect(request.path)
        if (key := door.asked_draft(request.GET)) is None:
            return None
        if request.method == "POST":  # sent from the page of a draft: the views know nothing of drafts
            _changeable(request).GET = _without_draft(request.GET)
            return None
        if (owner := owners.owner_of(request)) is None:
            return None  # they sign in first and come back to this address
        kept = store.find(key, owner=owner)
        if kept is None or kept.path != request.path:
            return redirect(f"{request.path}?{_without_draft(request.GET).urlencode()}".removesuffix("?"))
        return _shown(request, kept, view, address)


def _shown(request: HttpRequest, kept: Kept, view: View, address: Mapping[str, object]) -> HttpResponseBase:
    """Shows a kept form by the view that takes it; whatever it does instead of showing ends at the first verb."""
    attempts.look_at(kept)
    changed = _changeable(request)
    changed.GET, changed.draft = _without_draft(request.GET), kept
    if reference_data.is_step(request):
        return sent_again(request, kept)
    if kept.unsent and not owners.is_of_office(request):
        return show_again(request, kept.sent, view, address)
    changed.method, changed.POST, changed._files = "POST", door.as_posted(kept.sent), MultiValueDict()
    before = request.session.modified
    shown = view(request, **address)
    if not owners.is_of_office(request):
        request.session.modified = before  # a look changes nothing of the way that a visitor has come
    return shown


def _changeable(request: HttpRequest) -> Any:
    """Returns the request itself, which the stubs let nobody change."""
    return request


def _after_a_form(request: HttpRequest, response: HttpResponseRedirect) -> HttpResponseBase:
    if _needs_sign_in(request, response) and (owner := owners.last_signed_in(request)):
        kept = door.keep_unsent(request, owner=owner)
        return redirect_to_login(kept) if kept else response
    goes_on = door.asked_draft(QueryDict(urlsplit(response.url).query)) is not None
    if not goes_on and (done := _draft_of(request)) and (owner := owners.owner_of(request)):
        store.drop(done, owner=owner)
    return owners.remembered(request, response)


def _needs_sign_in(request: HttpRequest, response: HttpResponseRedirect) -> bool:
    to_sign_in = urlsplit(response.url).path == resolve_url("account_login")
    return to_sign_in and unsent.is_kept(request) and door.is_sent_by_browser(request)


def _draft_of(request: HttpRequest) -> UUID | None:
    """Returns the draft on whose page this form was sent."""
    came_from = request.headers.get("Referer", "").partition("?")[2].partition("#")[0]  # no address at all, perhaps
    return door.asked_draft(QueryDict(request.META.get("QUERY_STRING", ""))) or door.asked_draft(QueryDict(came_from))


def _without_draft(query: QueryDict) -> QueryDict:
    rest = query.copy()
    rest.pop(door.QUERY, None)
    return rest
