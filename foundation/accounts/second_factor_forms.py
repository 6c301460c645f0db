"""The forms that ask for a code of the second step: digits alone, and the cursor stands there."""

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.forms import Form
from django.utils.translation import gettext_lazy as _


class _AsksForCode(Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Code")
        code.widget.attrs.pop("placeholder", None)
        code.widget.attrs |= {"inputmode": "numeric", "autofocus": True}


class CodeForm(_AsksForCode, AuthenticateForm):
    """The form of the sign-in."""


class ConfirmForm(_AsksForCode, ReauthenticateForm):
    """The form that confirms who sits there."""


class SetUpForm(_AsksForCode, ActivateTOTPForm):
    """The form that sets the second step up."""
