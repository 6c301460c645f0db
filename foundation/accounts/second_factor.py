"""The second step of a sign-in: a code from an app on the person's own phone, or one of the codes on paper (T50)."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from foundation import encryption
from foundation.accounts.models import User
from foundation.organization.card import clinic

PLACE = "mfa_authenticator.data"
PASSED = "second_factor"
"""The mark of a session whose sign-in had a second step, or in which one was set up."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of the codes encrypted."""

    def encrypt(self, text: str) -> str:
        return encryption.encrypt(text, context=PLACE)

    def decrypt(self, encrypted_text: str) -> str:
        return encryption.decrypt(encrypted_text, context=PLACE)

    def get_totp_issuer(self) -> str:
        return str(clinic()["name"])


def is_required(user: User) -> bool:
    return user.role in settings.MFA_ROLES


def has_one(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()


def take_away(*, user: User) -> bool:
    """Takes the second step away from somebody who has lost the phone: they sign in without and set up a new one.

    Their sessions end, those on the lost phone too. Returns False when there was none.
    """
    for session in UserSession.objects.filter(user=user):
        session.end()
    return bool(Authenticator.objects.filter(user=user).delete()[0])


def passed(*, request: HttpRequest, **of: Any) -> None:
    request.session[PASSED] = True


def given_up(*, request: HttpRequest, **of: Any) -> None:
    """Forgets that the session had a second step: whose role must have one sets up the next before anything else."""
    request.session.pop(PASSED, None)
