"""These presenters hold who may come to a visit that is being talked about, and what each of them is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from patients.acting import acting_on
from patients.ages import OWN_PASSPORT, age_on, is_minor
from patients.instructions import VisitInstructions, instructions_for
from patients.models import Patient, Representation
from patients.queries import people
from waitlist.models import WaitlistEntry


@dataclass(frozen=True, slots=True)
class ShownApplicant:
    value: str
    """Names who acts in a form; empty for a patient who comes alone, or with the one who is named already."""
    label: str
    told: VisitInstructions


@dataclass(frozen=True, slots=True)
class Applicants:
    """Those who may come with a patient: the one who is `named`, else all `others` who act, and one of 14 alone."""

    patient: Patient
    named: Representation | None = None
    others: Sequence[Representation] = ()

    def on(self, day: date) -> list[ShownApplicant]:
        """Returns those who may come on this day, the likeliest first; one at least."""
        if not self.asks_who(day):
            return [self._shown(day, self._named(day))]
        alone = [self._shown(day, None)] if age_on(self.patient.birth_date, day) >= OWN_PASSPORT else []
        legal_first = sorted(self.others, key=lambda row: not row.is_legal)
        with_others = [self._shown(day, row, value=str(row.pk)) for row in legal_first]
        return [*alone, *with_others] or [self._shown(day, None)]

    def asks_who(self, day: date) -> bool:
        """Tells whether the patient is a minor on this day for whom nobody is named."""
        return is_minor(self.patient.birth_date, day) and self._named(day) is None

    def _named(self, day: date) -> Representation | None:
        return acting_on(day, patient=self.patient, representation=self.named)

    def _shown(self, day: date, acts: Representation | None, *, value: str = "") -> ShownApplicant:
        label = str(acts) if acts else _("the patient in person, from 14")
        return ShownApplicant(value, label, instructions_for(day, patient=self.patient, representation=acts))


def applicants_of(entry: WaitlistEntry, patient: Patient) -> Applicants:
    """Returns who may come for the patient of an entry; the register is asked where it names nobody for a minor."""
    today = timezone.localdate()
    named = acting_on(today, patient=patient, representation=entry.representation)
    asked = named is None and is_minor(patient.birth_date, today)
    return Applicants(patient, named, list(people.representatives(patient)) if asked else ())
