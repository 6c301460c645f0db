from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from back_office.forms.logins import LoginField, new_password_field
from foundation.accounts.choices import Role
from foundation.accounts.data import PersonName
from foundation.accounts.models import User
from foundation.text.name_fields import NameField, NamesForm, PatronymicField


class FirstHeadForm(NamesForm):
    """The form of whoever opens the clinic: the key from the log, and what they will sign in with."""

    key = forms.CharField(
        label=_("Key from the log"),
        max_length=200,
        help_text=_("It stands in the log of the start, after the words «Ключ, годен 24 часа»."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    last_name = NameField(label=_("Surname"))
    first_name = NameField(label=_("Name"))
    patronymic = PatronymicField(label=_("Patronymic"))
    login = LoginField()
    password = new_password_field(_("Password"))
    password_again = forms.CharField(
        label=_("Password once more"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    @property
    def name(self) -> PersonName:
        return PersonName(*(self.cleaned_data.get(part, "") for part in PersonName.__slots__))

    def clean(self) -> None:
        super().clean()
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if password and again and password != again:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        if password:
            self._check(password)

    def _check(self, password: str) -> None:
        person = User(username=self.cleaned_data.get("login", ""), role=Role.HEAD, **self.name.columns())
        try:
            validate_password(password, person)
        except ValidationError as error:
            self.add_error("password", error)
