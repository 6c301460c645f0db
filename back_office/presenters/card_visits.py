"""The address of a caller's card names a visit to move, cancel, follow up or tell of, or wishes that were not met."""

from dataclasses import dataclass

from django.http import QueryDict

from back_office.forms.ids import as_uuid
from foundation.clock import today_on
from foundation.wording import spoken_day
from patients.models import Patient
from scheduling.choices import CancelReason
from scheduling.instructions import instructions_of
from scheduling.models import Appointment
from scheduling.queries.day import history_of
from waitlist.choices import UnmetReason
from waitlist.models import UnmetWish

MOVE, CANCEL, FOLLOW_UP, TOLD = "move", "cancel", "follow_up", "told"
REASONS = [(reason.value, reason.label, str(number)) for number, reason in enumerate(CancelReason, start=1)]
"""Why a visit is cancelled, with the digits that say so."""


UNMET = "unmet"
UNMET_REASONS = [(reason.value, reason.label, str(number)) for number, reason in enumerate(UnmetReason, start=1)]
"""Why somebody takes nothing and does not want to wait, with the digits that say so."""


def left_without(patient: Patient, asked: QueryDict) -> UnmetWish | None:
    """Returns what was just written down of this patient: they took no time, and may change their mind."""
    written = as_uuid(asked.get(UNMET))
    return UnmetWish.objects.filter(pk=written, patient=patient).first() if written else None


@dataclass(frozen=True, slots=True)
class CardVisits:
    """Each is of this patient, or nothing."""

    moved: Appointment | None = None
    cancelled: Appointment | None = None
    followed_up: Appointment | None = None
    told: Appointment | None = None

    @classmethod
    def of(cls, patient: Patient, asked: QueryDict) -> "CardVisits":
        named = {name: as_uuid(asked.get(name)) for name in (MOVE, CANCEL, FOLLOW_UP, TOLD)}
        wanted = [pk for pk in named.values() if pk]
        if not wanted:
            return cls()
        visits = history_of(patient.pk).filter(pk__in=wanted).select_related("patient", "representation")
        found = {visit.pk: visit for visit in visits}
        moved, cancelled, followed_up, told = (found.get(pk) if pk else None for pk in named.values())
        return cls(moved, cancelled, followed_up, told)


@dataclass(frozen=True, slots=True)
class ToldPart:
    """The four facts of a visit to read out (R13), what to bring, and whether they were told already."""

    visit: Appointment
    day_words: str
    time_words: str
    told: object
    informed: bool

    @classmethod
    def of(cls, visit: Appointment | None) -> "ToldPart | None":
        if visit is None or not visit.is_upcoming:
            return None
        start = visit.local_start
        day = spoken_day(start.date(), today=today_on(start))
        return cls(visit, day, f"{start:%H:%M}", instructions_of(visit), visit.informed_at is not None)
