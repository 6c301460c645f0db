from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from foundation.accounts.models import User


class StaffAdapter(DefaultAccountAdapter):
    """Closes the sign-up: logins of the staff are made by the head of the clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Says on the sign-in page that the login is closed; only whoever knows the password comes here."""
        messages.error(request, _("This login is closed. Ask the head of the clinic to open it."))
        return redirect("account_login")
