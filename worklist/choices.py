from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from foundation.accounts.choices import Permission


class TaskKind(TextChoices):
    """The reason why a person is to be phoned.

    A new kind is a line here, one in `CLAIMED_WITH` and a migration.
    """

    FREED_TIME = "freed_time", _("a waiting patient is to be phoned about a free time")
    REBOOK = "rebook", _("a visit is to be rebooked")
    UNTOLD = "untold", _("the patient is to be told of a visit")
    NO_CODE = "no_code", _("a visitor of the site waits for a call instead of a code")
    EXPIRING = "expiring", _("a patient is to be asked whether they still wait")
    FIND_NUMBER = "find_number", _("the number of a waiting patient is to be found out")
    MISSED_CALL = "missed_call", _("whoever was answered by nobody is to be called back")


ABOUT_VISITS = (TaskKind.REBOOK, TaskKind.UNTOLD)
"""The kinds whose subject is a visit: one queue, the nearest visit first."""


CLAIMED_WITH: dict[TaskKind, Permission] = {
    TaskKind.FREED_TIME: Permission.WORK_WAITLIST,  # the contact centre alone (R21)
    TaskKind.REBOOK: Permission.BOOK,  # whoever moves visits: the desk too
    TaskKind.UNTOLD: Permission.BOOK,
    TaskKind.NO_CODE: Permission.WORK_WAITLIST,
    TaskKind.EXPIRING: Permission.WORK_WAITLIST,
    TaskKind.FIND_NUMBER: Permission.WORK_WAITLIST,
    TaskKind.MISSED_CALL: Permission.WORK_WAITLIST,
}
"""The permission that a person needs to claim a task of each kind."""
WITHIN_HOURS = (TaskKind.FREED_TIME, TaskKind.EXPIRING, TaskKind.MISSED_CALL)
"""The kinds about which the clinic phones within its calling hours alone; for the others somebody waits or comes."""


class TaskState(TextChoices):
    OPEN = "open", _("to be done")
    DONE = "done", _("dealt with")
    DROPPED = "dropped", _("no longer needed")


class Turn(IntegerChoices):
    """The turn in which tasks are done («Следующий»); among equals the one that is due first."""

    PROMISED = 0, _("promised at its minute")
    FRESH = 1, _("a freed time that nobody was phoned about yet")
    """They are few; among the calls that are made again it would be overtaken for days (T105)."""
    DUE = 2, _("by the time that dies first")
    AT_ONCE = 3, _("when nothing else waits")
    """One of many that a published month has made at once."""


class Priority(TextChoices):
    """The clinic's priority of a person; arrival decides among equals (R23)."""

    URGENT = "1urgent", _("urgent")
    NORMAL = "2normal", _("normal")
