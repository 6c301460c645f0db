"""The site with the application's own guard taken away: nothing is checked and no slot is locked.

Only the constraints of the database are left. For the race alone: they have to be enough.
"""

from collections.abc import Iterable
from uuid import UUID

from clinic.wsgi import application
from scheduling.actions import slots
from scheduling.models import Slot
from scheduling.queries import runs

LOCK = "FOR UPDATE OF slot"


def unlocked(slot_ids: Iterable[UUID]) -> list[Slot]:
    return list(Slot.objects.filter(pk__in=list(slot_ids)).order_by("pk"))


if LOCK not in runs._RUN:
    raise AssertionError("the lock has moved: this module takes away nothing")
runs._RUN = runs._RUN.replace(LOCK, "")
slots.lock = unlocked
slots.check_bookable = lambda *_args, **_options: None

__all__ = ["application"]
