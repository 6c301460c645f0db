"""Forms of the logins of the staff; whoever gives rights types their own password again (O29)."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from back_office.forms.logins import LoginField, NamedPersonForm, check_password, new_password_field
from back_office.forms.versions import EditForm
from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.changes import recorded
from foundation.guard import limits
from foundation.guard.errors import LimitReached
from foundation.guard.limits import Limit, Spender

COLUMNS = ("last_name", "first_name", "patronymic", "role", "extension")


class OwnPasswordForm(forms.Form):
    """The base of forms that give rights: it asks for the password of whoever is signed in."""

    own_password = forms.CharField(
        label=_("Your own password"),
        strip=False,
        help_text=_("So that nobody gives rights at a screen that you have left."),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
        error_messages={"required": _("Type your own password: this gives rights.")},
    )

    def __init__(self, *args: Any, actor: User, **options: Any) -> None:  # the rest goes to Django's form as it is
        super().__init__(*args, **options)
        self.actor = actor
        self.order_fields([name for name in self.fields if name != "own_password"])

    def clean_own_password(self) -> str:
        typed: str = self.cleaned_data["own_password"]
        if typed:
            self._check(typed)
        return typed

    def _check(self, typed: str) -> None:
        tries = Spender("own_password", ref_of(self.actor), [Limit(*settings.SIGN_INS_OF_LOGIN)])
        try:
            limits.spend(tries)
        except LimitReached as reached:
            raise ValidationError(_("Too many wrong passwords. Wait five minutes.")) from reached
        if not self.actor.check_password(typed):
            raise ValidationError(_("This is not your password. Type the one with which you have signed in."))
        limits.forgive(tries)


class NewPasswordForm(OwnPasswordForm):
    """Gives somebody a password, which they change when they sign in."""

    password = new_password_field(_("Password for the first sign-in"))

    def __init__(self, *args: Any, person: User | None = None, **options: Any) -> None:  # as above
        super().__init__(*args, **options)
        self.person = person

    def clean(self) -> None:
        super().clean()
        check_password(self, self._whose())

    def _whose(self) -> User | None:
        return self.person


class NewPersonForm(NamedPersonForm, NewPasswordForm):
    role = forms.TypedChoiceField(label=_("Role"), choices=[("", "—"), *Role.choices], coerce=Role)
    login = LoginField()
    field_order = ["last_name", "first_name", "patronymic", "role", "login", "password", "own_password"]

    def _whose(self) -> User:
        return User(username=self.cleaned_data.get("login", ""), **self.name.columns())


class PersonEditForm(EditForm, NamedPersonForm, OwnPasswordForm):
    """Puts a name right; another role gives rights, and the own password is asked for."""

    role = forms.TypedChoiceField(label=_("Role"), choices=Role, coerce=Role)
    extension = forms.RegexField(
        r"^[0-9A-Za-z_-]{1,20}$",
        label=_("Telephone extension"),
        required=False,
        help_text=_("Where the exchange reaches them: their pages show who calls."),
        error_messages={"invalid": _("An extension has digits and letters alone, 20 at most.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:  # as above
        super().__init__(*args, **options)
        self.fields["own_password"].required = False
        self.fields["own_password"].help_text = _("Only for another role, so that nobody gives rights at your screen.")

    def clean(self) -> None:
        super().clean()
        typed = self.cleaned_data.get("own_password") or self.has_error("own_password")
        if "role" in self.changed_data and not typed:
            self.add_error("own_password", self.fields["own_password"].error_messages["required"])

    def columns(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in COLUMNS}


def person_form(person: User, sent: QueryDict | None, *, actor: User) -> PersonEditForm:
    values = recorded(person, COLUMNS)
    return PersonEditForm(sent, initial=values, recorded=values, actor=actor)
