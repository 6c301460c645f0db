from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.database import clock
from foundation.guard import limits
from foundation.guard.addresses import is_within, network_of
from foundation.guard.errors import LimitReached
from foundation.guard.limits import Limit, Spender


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up, and counts wrong passwords so that strangers cannot lock anybody of the staff out (T112)."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Says on the sign-in page that the login is closed; only whoever knows the password comes here."""
        messages.error(request, _("This login is closed. Ask the head of the clinic to open it."))
        return redirect("account_login")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the try before the password is looked at, in place of allauth's count by the login alone.

        Raises ValidationError with the minutes to wait.
        """
        try:
            limits.spend(*_triers(request, credentials))
        except LimitReached as reached:
            minutes = int((reached.until - clock.now()).total_seconds() // 60) + 1
            words = _("Too many wrong passwords from here. Try again in %(minutes)s min.") % {"minutes": minutes}
            raise ValidationError(words, code="too_many_login_attempts") from reached

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Takes the count of a right password back: it is no stranger's."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user:
            limits.forgive(*_triers(request, credentials))
        return user

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Lets a person go on who was asked for a password of their own."""
        if isinstance(user, User):
            user.must_change_password = False
        super().set_password(user, password)


def _triers(request: HttpRequest, credentials: dict[str, Any]) -> list[Spender]:
    """Returns who tries: this login from this network, and the network; never the login alone, which strangers know."""
    address, login = request.META.get("REMOTE_ADDR", ""), str(credentials.get("username", "")).casefold()
    network = network_of(address)
    by_login = Spender("sign_in", f"{login} {network}", [Limit(*settings.SIGN_INS_OF_LOGIN)])
    if not network or is_within(address, settings.SHARED_NETWORKS):
        return [by_login]
    return [by_login, Spender("sign_in.network", network, [Limit(*settings.SIGN_INS_OF_NETWORK)])]
