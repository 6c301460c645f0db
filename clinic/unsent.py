"""A form without a good token is kept and shown again, a press away from being sent; nothing of it is done."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch

from booking_site import grown_old
from booking_site.visitor import visitor_of
from clinic import owners
from foundation.drafts import door


def shown_again(request: HttpRequest) -> HttpResponseBase | None:
    """Leads a browser to the form as it was typed; None where there is nobody to show it to."""
    match = request.resolver_match
    if match is None:
        return None
    if match.namespace == "site":
        return grown_old.led_back(request, match) or _of_site(request, match)
    if not owners.is_of_office(request):
        return None
    if "HX-Request" in request.headers:  # the page sends what is typed there, or is loaded anew
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Refresh": "true"})
    return _of_office(request) if door.is_sent_by_browser(request) else None


def is_kept(request: HttpRequest) -> bool:
    """Tells the forms of the office from those of the sign-in and of passwords, of which nothing is ever kept."""
    return bool(request.resolver_match and request.resolver_match.namespace in ("office", "admin"))


def _of_site(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    if not door.is_sent_by_browser(request):
        return grown_old.shown_again(request, match)
    page = grown_old.page_of(request, match)
    kept = door.keep_unsent(request, owner=visitor_of(request).ref, path=page)
    return redirect(kept) if kept else grown_old.shown_again(request, match)


def _of_office(request: HttpRequest) -> HttpResponseBase | None:
    if not is_kept(request):
        grown_old.tell(request)
        return redirect(request.get_full_path())
    owner = owners.owner_of(request) or owners.last_signed_in(request)
    kept = owner and door.keep_unsent(request, owner=owner)
    return redirect(kept) if kept else None
