from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from patients.choices import ContactWay


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


class FreedOutcome(TextChoices):
    """The end of a freed time: whoever came first has it."""

    FILLED = "filled", _("booked from the waitlist")
    TAKEN = "taken", _("booked by somebody else")
    CLOSED = "closed", _("closed or taken out of the schedule")
    PASSED = "passed", _("too near to phone about")
    PARKED = "parked", _("failed again and again")


class OfferState(TextChoices):
    PROPOSED = "proposed", _("to be phoned about")
    """Nothing is held: the time is as free as it was."""
    PROMISED = "promised", _("a call back is promised")
    """Nothing is held; the call is made whatever has become of the time."""
    OPEN = "open", _("being phoned about")
    """The time is held for the call where the caps of T100 allow it."""
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("the patient was not reached")
    WITHDRAWN = "withdrawn", _("nobody was asked")


UNANSWERED = (OfferState.PROPOSED, OfferState.PROMISED, OfferState.OPEN)
"""States of an offer that the patient has not answered yet; a person has one such at most."""
IN_THE_AIR = (OfferState.PROPOSED, OfferState.OPEN)
"""States of an offer by which its time is spoken for: no second person is phoned about it."""


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
    BLOCKED = "blocked", _("our number is blocked")
    THIRD_PARTY = "third_party", _("another person answered")
    DROPPED = "dropped", _("the call was cut off")
    WRITE_ONLY = "write_only", _("asks to be reached in writing only")
    CALL_ONLY = "call_only", _("asks to be reached by phone only")


class TimeReply(TextChoices):
    """The answer of a person to the question whether a freed time would suit them."""

    YES = "yes", _("yes, it suits")
    NO = "no", _("no, it does not suit")


class DeclineReason(TextChoices):
    """The reason for which a person declines a time; what is sure of it narrows their wishes (W17)."""

    TOO_EARLY = "too_early", _("too early in the day")
    TOO_LATE = "too_late", _("too late in the day")
    WEEKDAY = "weekday", _("not on this weekday")
    DOCTOR = "doctor", _("not this doctor")
    EXPENSIVE = "expensive", _("too expensive")
    FAR = "far", _("too far")
    OTHER = "other", _("another reason")
    CHANGED_MIND = "changed_mind", _("has changed their mind")
    ELSEWHERE = "elsewhere", _("has booked elsewhere")


class UnmetReason(TextChoices):
    """The reason for which somebody took no time and did not want to wait for one."""

    NOTHING = "nothing", _("nothing suited")
    TOO_LONG = "too_long", _("too long to wait")
    EXPENSIVE = "expensive", _("too expensive")
    DOCTOR = "doctor", _("only this doctor")
    OTHER = "other", _("another reason")


LEAVES = (DeclineReason.CHANGED_MIND, DeclineReason.ELSEWHERE)
"""Reasons for which nothing will suit any more: the person leaves the list."""
DECLINED = (CallOutcome.DECLINED_SLOT, CallOutcome.DECLINED_ALL)
"""Outcomes that have a reason."""
WAYS = {CallOutcome.WRITE_ONLY: ContactWay.WRITING, CallOutcome.CALL_ONLY: ContactWay.CALLS}
"""Outcomes that tell how the person wants to be reached from now on."""
GOES_ON = (CallOutcome.DROPPED, CallOutcome.CALL_ONLY)
"""Outcomes after which the same call goes on: it is dialled again, or the person is still there."""
NOT_REACHED = (
    CallOutcome.NO_ANSWER,
    CallOutcome.BUSY,
    CallOutcome.UNREACHABLE,
    CallOutcome.VOICEMAIL,
    CallOutcome.THIRD_PARTY,
    CallOutcome.DROPPED,
)
"""Outcomes after which the same person is called again."""
NOT_COUNTED = (CallOutcome.BUSY, CallOutcome.DROPPED)
"""Outcomes by which the person has not been tried: they are phoned again soon, and nothing is held against them."""
FAILS = (CallOutcome.WRONG_NUMBER, CallOutcome.BLOCKED)
"""Outcomes after which the person is phoned at the next of their numbers."""
NOT_CONTACTS = (*NOT_COUNTED, *FAILS, CallOutcome.CALL_ONLY)
"""Outcomes of calls that nobody has felt, or that went on."""
NOT_SPOKEN = (*NOT_REACHED, *FAILS)
"""Outcomes after which nobody is on the line who could be asked about anything else."""
