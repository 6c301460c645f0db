from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestState(TextChoices):
    """The state of a request: «Передано в контакт-центр» until an operator enters it (R20)."""

    HANDED_OVER = "handed_over", _("handed over to the contact centre")
    ENTERED = "entered", _("entered in the waitlist")
    BOOKED = "booked", _("booked")
    CLOSED = "closed", _("closed")


class EntryState(TextChoices):
    WAITING = "waiting", _("waiting")
    OFFERED = "offered", _("a time is offered")
    UNREACHABLE = "unreachable", _("no contact")
    BOOKED = "booked", _("booked")
    REMOVED = "removed", _("removed")


OPEN = (EntryState.WAITING, EntryState.OFFERED, EntryState.UNREACHABLE)


class OfferState(TextChoices):
    OPEN = "open", _("kept until the patient has answered")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("lapsed")


class CallOutcome(TextChoices):
    """The outcome of a call (domain §6); mandatory for every attempt."""

    BOOKED = "booked", _("booked")
    DECLINED_SLOT = "declined_slot", _("declined this time, stays on the list")
    DECLINED_ALL = "declined_all", _("take off the list")
    CALL_BACK = "call_back", _("call back later")
    NO_ANSWER = "no_answer", _("no answer")
    BUSY = "busy", _("busy")
    UNREACHABLE = "unreachable", _("switched off or out of reach")
    VOICEMAIL = "voicemail", _("answering machine")
    WRONG_NUMBER = "wrong_number", _("wrong number")
    THIRD_PARTY = "third_party", _("another person answered")
    DROPPED = "dropped", _("the call was cut off")


NOT_REACHED = (
    CallOutcome.NO_ANSWER,
    CallOutcome.BUSY,
    CallOutcome.UNREACHABLE,
    CallOutcome.VOICEMAIL,
    CallOutcome.THIRD_PARTY,
    CallOutcome.DROPPED,
)
"""Outcomes after which the same person is called again."""
NOT_SPOKEN = (*NOT_REACHED, CallOutcome.WRONG_NUMBER)
"""Outcomes after which nobody is on the line who could be asked about anything else."""
