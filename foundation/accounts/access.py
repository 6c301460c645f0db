"""Access rules of views: `@requires(Permission…)` for staff, `@public` for everybody.

A test walks the URLconf and fails on a view that has neither.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation.accounts.choices import Permission

View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not request.user.may(permission):
                raise PermissionDenied
            if request.user.must_change_password and request.method != "POST":
                return _to_new_password(request)
            response = view(request, *args, **kwargs)
            response.setdefault("Cache-Control", "private, no-store")
            return response

        checked.access_rule = permission  # type: ignore[attr-defined]
        return checked

    return decorate


def public(view: View) -> View:
    view.access_rule = "public"  # type: ignore[attr-defined]
    return view


def _to_new_password(request: HttpRequest) -> HttpResponseBase:
    """Asks for a new password before the next page; a form on its way is taken, so that nothing typed is lost."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    messages.info(request, _("Choose a password that you alone know. Then you go on."))
    return redirect("account_change_password")


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Sends the whole page to the sign-in, because a fragment asked for by htmx cannot show it."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect_to_login(request.get_full_path())
