"""Use cases of the logins of the staff: who works here, what they may do, and that a head always can sign in."""

from booking.verbs import Kind, verb
from foundation.accounts import first_run
from foundation.accounts.actions import staff
from foundation.accounts.actors import Actor, ref_of
from foundation.accounts.data import PersonName
from foundation.accounts.errors import FirstHeadMade
from foundation.accounts.models import User
from foundation.accounts.queries.staff import nobody_yet
from foundation.audit import trail
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


def _made(login: str, name: PersonName, password: str, by: Actor) -> User:
    head = staff.make_head(login=login, name=name, password=password)
    trail.record(by=by, action="staff.head_made", object_ref=ref_of(head))
    return head
