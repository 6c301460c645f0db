from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RebookOutcome(TextChoices):
    """The end of a call about a visit that cannot stay as it is, or of which the patient was not told.

    `move`, `cancel`, `leave_as_is`, `tell` and `send_again` write the first five.
    """

    MOVED = "moved", _("moved")
    CANCELLED = "cancelled", _("cancelled")
    KEPT = "kept", _("stays as it is")
    TOLD = "told", _("the patient was told")
    SENT_AGAIN = "sent_again", _("the message was sent again")
    CALL_BACK = "call_back", _("call back later")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy")
    WRONG_NUMBER = "wrong_number", _("wrong number")


PAUSES = {
    RebookOutcome.NO_ANSWER: timedelta(minutes=30),
    RebookOutcome.BUSY: timedelta(minutes=3),
    RebookOutcome.WRONG_NUMBER: timedelta(hours=2),
}
"""How long the task rests after a call in which nothing was agreed."""


class MissedOutcome(TextChoices):
    """The end of a call back to whoever was answered by nobody."""

    REACHED = "reached", _("talked to")
    NO_ANSWER = "no_answer", _("no answer")
    CALLED_AGAIN = "called_again", _("called again and was answered")
    BOOKED = "booked", _("booked")
