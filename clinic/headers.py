"""Headers that every answer has and Django sets none of."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

NOT_USED = ("camera", "microphone", "geolocation", "payment", "usb", "serial", "bluetooth", "midi", "display-capture")
POLICY = ", ".join(f"{feature}=()" for feature in NOT_USED)


class PermissionsPolicy:
    """Says that no page uses what a browser could offer a script: one that slipped in would not be asked either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Permissions-Policy"] = POLICY
        return response
