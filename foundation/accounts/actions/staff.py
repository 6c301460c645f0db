"""Logins of the staff: the first head is made from the command line, and there is always one who can sign in."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from foundation.accounts.choices import Role
from foundation.accounts.data import PersonName
from foundation.accounts.errors import ExtensionTaken, LastHead, LoginTaken
from foundation.accounts.models import User
from foundation.changes import Changes, Edited
from foundation.database.locks import advisory_lock


@transaction.atomic
def make_head(*, login: str, name: PersonName, password: str) -> User:
    """Makes a head of the clinic. Raises what `add` does."""
    return add(login=login, name=name, role=Role.HEAD, password=password)


@transaction.atomic
def add(*, login: str, name: PersonName, role: Role, password: str, must_change: bool = False) -> User:
    """Makes a login; who has it chooses another password first where they `must_change` it.

    Raises LoginTaken, and Django's ValidationError with a sentence for each thing that is wrong.
    """
    person = User(username=User.normalize_username(login), role=role, **name.columns())
    person.must_change_password = must_change
    person.set_password(password)
    person.clean_fields()
    if User.objects.filter(username__iexact=person.username).exists():
        raise LoginTaken
    validate_password(password, person)
    person.save()
    return person


def change(*, person: User, changes: Changes) -> Edited:
    """Writes what has been changed of a name, a role or an extension.

    Raises LastHead, ExtensionTaken, ChangedMeanwhile.
    """
    if changes.values.get("role", Role.HEAD) != Role.HEAD:
        keep_a_head(without=person)
    row = locked(person)
    edited = changes.apply(row)
    if edited.get("extension") is not None:
        _keep_extension_once(row)
    if edited:
        row.save(update_fields=edited.keys())
    return edited


def _keep_extension_once(person: User) -> None:
    """Checks that nobody else has the extension; two who get it at once are judged in turn. Raises ExtensionTaken."""
    advisory_lock("accounts.extension")
    if person.extension and User.objects.filter(extension=person.extension).exclude(pk=person.pk).exists():
        raise ExtensionTaken


def locked(person: User) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person.pk)


def keep_a_head(*, without: User) -> None:
    """Checks that somebody else can still administer, before this login is changed. Raises LastHead.

    The heads stay locked until the transaction ends: two who take each other's rights at once are judged in turn.
    """
    able = User.objects.filter(role=Role.HEAD, is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    heads = set(able.order_by("pk").select_for_update().values_list("pk", flat=True))
    if heads == {without.pk}:
        raise LastHead
