"""Pages are opened and forms are sent: no address takes another method, whoever draws it (O22)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

TAKEN = ("GET", "HEAD", "POST")


class RefuseOtherMethods:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request) if request.method in TAKEN else HttpResponseNotAllowed(TAKEN)
