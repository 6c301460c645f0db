from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ServiceKind(TextChoices):
    """The kind of a service (R26)."""

    VISIT = "visit", _("visit")
    CONSULTATION = "consultation", _("consultation")
    EXAMINATION = "examination", _("examination")


class VisitKind(TextChoices):
    FIRST = "first", _("first visit")
    FOLLOW_UP = "follow_up", _("follow-up visit")


class AppointmentStatus(TextChoices):
    """The status of an appointment, in FHIR R4 codes (domain §5)."""

    BOOKED = "booked", _("booked")
    ARRIVED = "arrived", _("arrived")
    CHECKED_IN = "checked-in", _("with the doctor")
    FULFILLED = "fulfilled", _("completed")
    CANCELLED = "cancelled", _("cancelled")
    NOSHOW = "noshow", _("no-show")
    ENTERED_IN_ERROR = "entered-in-error", _("entered in error")


UPCOMING = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.CHECKED_IN)
ACTIVE = (*UPCOMING, AppointmentStatus.FULFILLED)
"""Statuses that take the time of a doctor, a room and a patient."""


def listed(choices: Iterable[TextChoices]) -> str:
    """Returns values as SQL literals for hand-written statements.

    Constants stand in the text, so that Postgres plans with them, and plans once.
    """
    return ", ".join(f"'{choice.value}'" for choice in choices)


class HoldReason(TextChoices):
    SITE_FORM = "site_form", _("form on the site")
    """By a stranger: no phone is proved yet."""
    SITE_PROVED = "proved", _("form on the site, phone proved")
    HANDED_OVER = "handed", _("handed over by the site to the contact centre")
    DESK = "desk", _("at the desk")
    CALL = "call", _("during a call")
    OFFER = "offer", _("offered to the waitlist")
    REFUSAL = "refusal", _("first refusal of the waitlist")
    UNDO = "undo", _("the last step can be undone")


OF_SITE = (HoldReason.SITE_FORM, HoldReason.SITE_PROVED, HoldReason.HANDED_OVER)
OF_WAITLIST = (HoldReason.OFFER, HoldReason.REFUSAL)
"""A time held for these reasons is kept from the public for the waitlist."""


class ReleaseReason(TextChoices):
    CANCELLED = "cancelled", _("cancelled")
    MOVED = "moved", _("moved")
    ENTERED_IN_ERROR = "entered_in_error", _("entered in error")
    HOLD_LAPSED = "hold_lapsed", _("hold lapsed")
    HOLD_DROPPED = "hold_dropped", _("hold given up")
    GRACE_OVER = "grace_over", _("the step was not undone")
    OFFER_ENDED = "offer_ended", _("offer ended")
    PUBLISHED = "published", _("published")
    UNBLOCKED = "unblocked", _("unblocked")
    RECONCILED = "reconciled", _("found by reconciliation")


AT_ONCE = (ReleaseReason.PUBLISHED, ReleaseReason.UNBLOCKED)
"""Reasons for which many times become free together: nobody has given them back one by one."""
GIVEN_BACK = (
    ReleaseReason.CANCELLED,
    ReleaseReason.MOVED,
    ReleaseReason.ENTERED_IN_ERROR,
    ReleaseReason.GRACE_OVER,
)
"""Reasons for which somebody who had a time has it no longer. What was only held was free before, and is so again."""


class ReleaseOutcome(TextChoices):
    SOUGHT = "sought", _("people on the waitlist are looked for")
    NOT_FREE = "not_free", _("no longer free")
    TOO_LATE = "too_late", _("too late to call")


class CancelReason(TextChoices):
    PATIENT = "patient", _("the patient cancelled")
    CLINIC = "clinic", _("the clinic cancelled")
    DOCTOR_AWAY = "doctor_away", _("the doctor is away")
    OTHER = "other", _("another reason")


class AbsenceKind(TextChoices):
    LEAVE = "leave", _("leave")
    SICK = "sick", _("sick leave")
    TRAINING = "training", _("training")
    CLOSED = "closed", _("the clinic is closed")
    REPAIR = "repair", _("repair")
    BY_HAND = "by_hand", _("closed")
    """Single times that somebody closed on the page of a shift; each is an absence of its own."""


class Alternative(TextChoices):
    """The ideas behind the times that are offered instead of a visit that an absence strands, the best first."""

    SAME_DOCTOR = "same_doctor", _("the same doctor later")
    SAME_DAY = "same_day", _("another doctor on the same day")
    SOONEST = "soonest", _("the soonest with any doctor")


class EmergencyEventKind(TextChoices):
    OPENED = "opened", _("opened")
    PRESSED_AGAIN = "pressed_again", _("the button was pressed again")
    TAKEN = "taken", _("taken")
    DESCRIBED = "described", _("described")
    LINKED = "linked", _("joined with a patient's record")
    UNLINKED = "unlinked", _("parted from the patient's record")
    MISTAKEN = "mistaken", _("opened by mistake")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("opened again")


class Urgency(TextChoices):
    """The urgency of an emergency case: экстренная or неотложная help (323-ФЗ ст. 32)."""

    EMERGENCY = "emergency", _("emergency")
    URGENT = "urgent", _("urgent consultation")


WEEKDAYS = (
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
)
"""ISO weekday numbers: 1 is Monday."""


class Misfit(TextChoices):
    """The reason why a person on the waitlist was passed over for a freed time (R23)."""

    DAYS = "days", _("not on the wished days")
    WEEKDAY = "weekday", _("not on the wished weekdays")
    HOURS = "hours", _("not in the wished hours")
    DOCTOR = "doctor", _("another doctor is wished")
    SERVICE = "service", _("the wished service does not fit here")
    NOTICE = "notice", _("too soon for the patient")
    PUT_OFF = "put_off", _("asked to be called later")
    AGE = "age", _("the doctor does not see this age")
    NO_EARLIER = "no_earlier", _("has a visit, and this is not earlier")
    BUSY = "busy", _("has another visit then")
    ASKED = "asked", _("was asked about this time before")
    OFFERED = "offered", _("is to be phoned about another time, or is on the phone")
    NO_NUMBER = "no_number", _("no number of theirs works")
    DECLINES = "declines", _("is left in peace for a time, after several noes or by their own wish")
    CONTACTED = "contacted", _("was phoned often enough of late")
    WRITES = "writes", _("asks to be reached in writing only")
    SILENT = "silent", _("has not said yes to the message about this time")
    RESTING = "resting", _("was phoned a short while ago")
