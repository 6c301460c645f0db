"""A form whose page has grown old is shown again with what was typed and a fresh token; nothing is done.

A page grows old while it is open: somebody signs in or out in another tab of the same browser.
"""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from booking_site.site_view import show_again


def led_back(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase | None:
    """Leads to the page of free times on which one was pressed: nothing was typed there. None for any other form."""
    if match.url_name != "take":
        return None
    tell(request)
    return redirect(_came_from(request))


def shown_again(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase:
    """Shows the step anew as the answer itself."""
    tell(request)
    step = resolve(page_of(request, match))
    return show_again(request, dict(request.POST.lists()), step.func, step.kwargs)


def page_of(request: HttpRequest, match: ResolverMatch) -> str:
    """Returns the page with the form: four buttons of the booking have an address of their own."""
    return _page_of(request.path, match.url_name, request.POST)


def tell(request: HttpRequest) -> None:
    """Tells on the next page that nothing was done."""
    messages.warning(request, _("This page had grown old, so nothing was done. Check what you see and send it again."))


def _page_of(path: str, name: str | None, typed: QueryDict) -> str:
    if name == "extend":
        return reverse("site:details" if "last_name" in typed else "site:code")
    return reverse("site:code") if name in ("code_again", "once_more", "enough") else path


def _came_from(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return reverse("site:choose")
    return urlsplit(page)._replace(scheme="", netloc="").geturl()
