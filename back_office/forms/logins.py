"""Fields of the forms in which logins and passwords are given."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from foundation.accounts.data import PersonName
from foundation.accounts.models import User
from foundation.text.name_fields import NameField, NamesForm, PatronymicField

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class LoginField(forms.CharField):
    """A form field for the name with which a person signs in; its checks are the model's own."""

    def __init__(self) -> None:
        column = User._meta.get_field("username")
        super().__init__(
            label=_("Login"),
            max_length=150,
            validators=column.validators,
            help_text=_("Short and in Latin letters, as it is typed each day: zimina."),
            widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        )

    def to_python(self, value: object) -> str:
        return User.normalize_username(super().to_python(value) or "")


class NamedPersonForm(NamesForm):
    """A person of the staff as they are called."""

    last_name = NameField(label=_("Surname"))
    first_name = NameField(label=_("Name"))
    patronymic = PatronymicField(label=_("Patronymic"))

    @property
    def name(self) -> PersonName:
        return PersonName(*(self.cleaned_data.get(part, "") for part in PersonName.__slots__))


def check_password(form: forms.Form, person: User | None) -> None:
    """Puts beside the field what Django's validators say of the password, who want to know whose it is."""
    if password := form.cleaned_data.get("password"):
        try:
            validate_password(password, person)
        except ValidationError as error:
            form.add_error("password", error)


def _rules() -> str:
    return " ".join(password_validators_help_texts())


def new_password_field(label: "str | _StrPromise") -> forms.CharField:
    """Returns a field whose help says the rules, which `check_password` asks for."""
    return forms.CharField(
        label=label,
        strip=False,
        help_text=lazy(_rules, str)(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
