"""Use cases of the logins of the staff: who works here, what they may do, and that a head always can sign in."""

from booking.verbs import Kind, verb
from foundation.accounts import first_run, second_factor
from foundation.accounts.actions import staff
from foundation.accounts.actors import Actor, ref_of
from foundation.accounts.choices import Role
from foundation.accounts.data import PersonName
from foundation.accounts.errors import FirstHeadMade
from foundation.accounts.models import User
from foundation.accounts.queries.staff import nobody_yet
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes
from foundation.database.locks import advisory_lock


@verb(Kind.BESIDE)
def make_head(*, login: str, name: PersonName, password: str, by: Actor) -> User:
    """Makes a head at the wish of whoever has the machine (`manage.py create_head`).

    Raises LoginTaken, and Django's ValidationError with a sentence for each thing that is wrong.
    """
    return _made(login, name, password, by)


@verb(Kind.BESIDE)
def make_first_head(*, key: str, login: str, name: PersonName, password: str, by: Actor) -> User:
    """Makes the first head at the wish of whoever has read the key in the log; afterwards no key is good.

    Raises FirstHeadMade, WrongFirstRunKey, FirstRunKeyExpired, and what `make_head` does.
    """
    advisory_lock("accounts.first_head")
    if not nobody_yet():
        raise FirstHeadMade
    first_run.check_key(key)
    return _made(login, name, password, by)


@verb(Kind.BESIDE)
def add_person(*, login: str, name: PersonName, role: Role, password: str, by: Actor) -> User:
    """Gives somebody who works here a login; they choose a password of their own when they first sign in.

    Raises LoginTaken, and Django's ValidationError with a sentence for each thing that is wrong.
    """
    person = staff.add(login=login, name=name, role=role, password=password, must_change=True)
    trail.record(by=by, action="staff.added", object_ref=ref_of(person), role=role, login=person.username)
    return person


@verb(Kind.BESIDE)
def change_person(*, person: User, changes: Changes, by: Actor) -> None:
    """Puts a name right or gives another role. Raises LastHead, ChangedMeanwhile."""
    if edited := staff.change(person=person, changes=changes):
        trail.record(by=by, action="staff.changed", object_ref=ref_of(person), changed=before_and_after(edited))


@verb(Kind.BESIDE)
def block_person(*, person: User, by: Actor) -> None:
    """Closes a login: whoever is signed in with it is out with their next press. Raises LastHead."""
    staff.keep_a_head(without=person)
    _open_or_close(person, is_active=False, action="staff.blocked", by=by)


@verb(Kind.BESIDE)
def unblock_person(*, person: User, by: Actor) -> None:
    """Opens a login again, with the password and the role that it had."""
    _open_or_close(person, is_active=True, action="staff.unblocked", by=by)


@verb(Kind.BESIDE)
def reset_password(*, person: User, password: str, by: Actor) -> None:
    """Gives a password that whoever has the login changes first; it ends all their sessions."""
    row = staff.locked(person)
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    trail.record(by=by, action="staff.password_reset", object_ref=ref_of(row))


@verb(Kind.BESIDE)
def ask_new_password(*, person: User, by: Actor) -> None:
    """Asks whoever has the login for a new password before their next page."""
    row = staff.locked(person)
    if not row.must_change_password:
        row.must_change_password = True
        row.save(update_fields=["must_change_password"])
        trail.record(by=by, action="staff.new_password_asked", object_ref=ref_of(row))


@verb(Kind.BESIDE)
def take_second_step_away(*, person: User, by: Actor) -> None:
    """Takes the second step of the sign-in from whoever has lost the phone, and ends all their sessions."""
    row = staff.locked(person)
    if second_factor.take_away(user=row):
        trail.record(by=by, action="staff.second_factor_taken_away", object_ref=ref_of(row))


def _open_or_close(person: User, *, is_active: bool, action: str, by: Actor) -> None:
    row = staff.locked(person)
    if row.is_active != is_active:
        row.is_active = is_active
        row.save(update_fields=["is_active"])
        trail.record(by=by, action=action, object_ref=ref_of(row))


def _made(login: str, name: PersonName, password: str, by: Actor) -> User:
    head = staff.make_head(login=login, name=name, password=password)
    trail.record(by=by, action="staff.head_made", object_ref=ref_of(head))
    return head
