"""The way back to the page that a press has interrupted."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """Returns the page of the office that the form or the address names by `back`; empty for anything else."""
    back = request.POST.get("back") or request.GET.get("back") or ""
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith(reverse("office:home"))
    return back if ours else ""


def with_way_back(address: str, request: HttpRequest) -> str:
    """Returns the address with the way back of this request, if it has one."""
    back = way_back(request)
    return f"{address}?{urlencode({'back': back})}" if back else address
