"""Pages of the people of the staff and their logins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from back_office.forms.people import NewPasswordForm, NewPersonForm, OwnPasswordForm, PersonEditForm
from foundation.accounts.models import User


@dataclass(frozen=True, slots=True)
class ListedPerson:
    pk: UUID
    name: str
    login: str
    role: str
    state: str
    blocked: bool
    last_seen: datetime | None

    @classmethod
    def of(cls, person: User) -> "ListedPerson":
        name, role = person.get_full_name(), person.get_role_display()
        return cls(person.pk, name, person.username, role, _state(person), not person.is_active, person.last_login)


@dataclass(frozen=True, slots=True)
class PeopleList:
    people: Sequence[ListedPerson]

    @classmethod
    def of(cls) -> "PeopleList":
        rows = User.objects.order_by("-is_active", "last_name", "first_name", "username")
        return cls([ListedPerson.of(row) for row in rows])


@dataclass(frozen=True, slots=True)
class PersonAddPage:
    form: NewPersonForm


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The page of a person, with the forms of what can be done with their login."""

    person: ListedPerson
    form: PersonEditForm
    unblock: OwnPasswordForm
    step: OwnPasswordForm | None
    """Takes the second step of the sign-in away; None for whoever has none."""


@dataclass(frozen=True, slots=True)
class PasswordPage:
    person: ListedPerson
    form: NewPasswordForm


def _state(person: User) -> str:
    if not person.is_active:
        return _("may not sign in")
    return _("chooses a new password at the next sign-in") if person.must_change_password else _("may sign in")
