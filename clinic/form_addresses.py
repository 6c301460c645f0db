"""A browser that opens the address of a form is led to the page of the form.

It happens after a sign-in, from the history, or with Enter in the address line: an empty 405 helps nobody then.
"""

from collections.abc import Callable, Iterator
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve


class LeadToTheForm:
    """Answers with the nearest address above; one that takes forms alone leads further up. Programs still get a 405."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and opened:
            return HttpResponseRedirect(next(_above(request.path_info)))
        return response


def _above(path: str) -> Iterator[str]:
    """Yields the addresses above this one, the nearest first."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        if _is_there(address := f"/{'/'.join(parts)}/"):
            yield address
        parts.pop()
    yield "/"


def _is_there(address: str) -> bool:
    try:
        resolve(address)
    except Resolver404:
        return False
    return True
