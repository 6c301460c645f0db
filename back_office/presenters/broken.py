"""These presenters say why a visit no longer holds, in words that staff may read out to the patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from booking import holding
from booking.holding import BrokenVisit
from foundation import wording
from patients.errors import RepresentativeNeeded
from scheduling.models import Appointment

WHY = {
    "service_not_offered": _("the doctor does not provide this service any more"),
    "age_not_served": _("the doctor does not see patients of this age"),
    "representative_needed": _("nobody acts for the child on this day"),
    "power_of_attorney_invalid": _("the power of attorney is not in force on this day"),
    "visit_too_short": _("the service takes longer now"),
}
"""Words for the refusals of `gate.HOLDING`, by the code of the error."""


@dataclass(frozen=True, slots=True)
class ShownBroken:
    """The visit in one line: day and time, doctor, and why it does not hold."""

    pk: UUID
    time: str
    doctor: str
    why: str

    @classmethod
    def of(cls, broken: BrokenVisit) -> "ShownBroken":
        visit = broken.visit
        return cls(visit.pk, wording.spoken_time(visit.local_start), visit.doctor.short_name, why_of(broken))


def why_of(broken: BrokenVisit) -> str:
    return "; ".join(str(WHY[refusal.code]) for refusal in broken.refusals)


def reasons(visits: Iterable[UUID]) -> dict[UUID, str]:
    """Returns why those of these visits that do not hold are to be moved, as the rules are now."""
    asked = list(visits)
    return {each.visit.pk: why_of(each) for each in _broken(asked)} if asked else {}


@dataclass(frozen=True, slots=True)
class ShownWhy:
    """The words why one visit does not hold, and whether it needs somebody to come with the child."""

    words: str = ""
    nobody_acts: bool = False

    @classmethod
    def of(cls, visit: UUID) -> "ShownWhy":
        for broken in _broken([visit]):
            codes = {refusal.code for refusal in broken.refusals}
            return cls(why_of(broken), RepresentativeNeeded.code in codes)
        return cls()


def _broken(visits: Sequence[UUID]) -> list[BrokenVisit]:
    return holding.broken(Appointment.objects.filter(pk__in=visits))
