"""Opens the office only to sign-ins with a second step, where the role must have one; else it is set up first (T50)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from allauth.mfa import signals
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from clinic import owners
from foundation.accounts import second_factor
from foundation.accounts.actors import staff
from foundation.accounts.second_factor import PASSED
from foundation.audit import trail

SET_UP = "mfa_activate_totp"
OPEN_BEFORE = ("account_", "mfa_")
"""Addresses of the sign-in itself."""


class AskForSecondFactor:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, address: Mapping[str, object]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or not owners.is_of_office(request) or str(match.url_name).startswith(OPEN_BEFORE):
            return None
        user = request.user
        if not user.is_authenticated or not second_factor.is_required(user) or request.session.get(PASSED):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if second_factor.has_one(user):  # set up elsewhere, after this session had begun without it
            logout(request)
            return redirect("account_login")
        return redirect(SET_UP)


def connect() -> None:
    for signal in (signals.authenticator_added, signals.authenticator_used):
        signal.connect(second_factor.passed, dispatch_uid="clinic.second_factor.passed")
    signals.authenticator_removed.connect(second_factor.given_up, dispatch_uid="clinic.second_factor.given_up")
    told = {
        "added": signals.authenticator_added,
        "removed": signals.authenticator_removed,
        "reset": signals.authenticator_reset,
        "failed": signals.authentication_failed,
    }
    for action, signal in told.items():
        signal.connect(partial(_note, action=action), weak=False, dispatch_uid=f"clinic.second_factor.{action}")


def _note(*, action: str, request: HttpRequest, user: Any, authenticator: Any, **more: object) -> None:
    by = staff(user, ip=request.META.get("REMOTE_ADDR", ""))
    trail.record(by=by, action=f"staff.second_factor_{action}", object_ref=authenticator.type)
