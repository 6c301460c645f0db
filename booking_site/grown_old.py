"""A form whose page has grown old is shown again with what was typed and a fresh token; nothing is done.

A page grows old while it is open: somebody signs in or out in another tab of the same browser.
"""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from booking_site.site_view import show_again


def shown_again(request: HttpRequest, *, reason: str) -> HttpResponseBase | None:
    """Returns the step anew; None where it is no page of the site.

    None as well for a form that came from elsewhere (`reason` names its origin): nothing of it is repeated.
    """
    match = request.resolver_match
    if match is None or match.namespace != "site" or not reason.startswith("CSRF "):
        return None
    messages.warning(request, _("This page had grown old, so nothing was done. Check what you see and send it again."))
    if match.url_name == "take":
        return redirect(_came_from(request))
    step = resolve(_page_of(request.path, match.url_name, request.POST))
    return show_again(request, step.func, step.kwargs)


def _page_of(path: str, name: str | None, typed: QueryDict) -> str:
    """Returns the page with the form: two buttons of the booking have an address of their own."""
    if name == "extend":
        return reverse("site:details" if "last_name" in typed else "site:code")
    return reverse("site:code") if name == "code_again" else path


def _came_from(request: HttpRequest) -> str:
    """Returns the page of free times on which one was pressed."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return reverse("site:choose")
    return urlsplit(page)._replace(scheme="", netloc="").geturl()
