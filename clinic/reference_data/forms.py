"""The forms of the stock admin are kept as those of the office are; in them the form itself refuses to be saved."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from foundation.accounts.actors import ref_of
from foundation.accounts.models import User
from foundation.drafts import door

SHOWN = ("_add", "_change")


def is_step(request: HttpRequest) -> bool:
    """Tells a list or a question, which show nothing that was typed, from the pages that make or edit a row."""
    match = request.resolver_match
    return bool(match and match.namespace == "admin") and not _has_form(request)


def refused(request: HttpRequest, response: HttpResponseBase) -> HttpResponseRedirect | None:
    """Leads to the form that was not accepted; None for any other answer."""
    if not _has_form(request) or not isinstance(request.user, User) or response.status_code not in (200, 409):
        return None
    user = request.user
    return door.led_to_kept(request, owner=lambda: ref_of(user))


def _has_form(request: HttpRequest) -> bool:
    match = request.resolver_match
    return bool(match and match.namespace == "admin" and (match.url_name or "").endswith(SHOWN))
