"""The way back to the page that a press has interrupted."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError


def way_back(request: HttpRequest) -> str:
    """Returns the page of the office that the form or the address names by `back`; empty for anything else."""
    return _named(request, "back")


def refused_at(request: HttpRequest, error: DomainError) -> HttpResponseRedirect | None:
    """Leads back to the page that the form names by `refused`, and says there why it was not done.

    The address keeps what was chosen. Returns None where the form names no page.
    """
    if not (page := _named(request, "refused")):
        return None
    messages.error(request, sentence_of(error))
    return redirect(page)


def _named(request: HttpRequest, field: str) -> str:
    back = request.POST.get(field) or request.GET.get(field) or ""
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("office:home"))
    return back if ours else ""


def with_way_back(address: str, request: HttpRequest) -> str:
    """Returns the address with the way back of this request, if it has one."""
    back = way_back(request)
    return f"{address}?{urlencode({'back': back})}" if back else address
