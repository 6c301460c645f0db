from django import forms
from django.utils.translation import gettext_lazy as _

from back_office.forms.logins import LoginField, NamedPersonForm, check_password, new_password_field
from foundation.accounts.choices import Role
from foundation.accounts.models import User


class FirstHeadForm(NamedPersonForm):
    """The form of whoever opens the clinic: the key from the log, and what they will sign in with."""

    field_order = ["key", "last_name", "first_name", "patronymic", "login", "password", "password_again"]
    key = forms.CharField(
        label=_("Key from the log"),
        max_length=200,
        help_text=_("It stands in the log of the start, after the words «Ключ, годен 24 часа»."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    login = LoginField()
    password = new_password_field(_("Password"))
    password_again = forms.CharField(
        label=_("Password once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean(self) -> None:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        check_password(self, User(username=self.cleaned_data.get("login", ""), role=Role.HEAD, **self.name.columns()))
