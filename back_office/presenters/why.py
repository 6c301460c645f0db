from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from back_office.forms.waitlist import WhyForm
from patients.models import Patient
from scheduling.choices import Misfit
from scheduling.models import Slot
from waitlist.models import WaitlistEntry
from waitlist.queries import why
from waitlist.queries.why import Answer, Skip


@dataclass(frozen=True, slots=True)
class WhyPage:
    """The page answers why somebody on the list is or is not phoned about the times of a day, and who stands before."""

    entry: WaitlistEntry
    form: WhyForm
    day: date | None
    """None where nothing of what the person waits for is free on any day."""
    earlier: date | None
    later: date | None
    answers: list[Answer]
    asked: Slot | None
    """The time of which those before the person are shown."""
    reason: Misfit | None
    before: list[Skip]

    @classmethod
    def of(cls, entry: WaitlistEntry, form: WhyForm, *, today: date, slot: UUID | None) -> "WhyPage":
        """`slot` asks about one time of the day; any other is as none."""
        day = form.chosen or why.first_day(entry)
        answers = why.of_day(entry, day=day) if day and not form.errors else []
        asked = next((each for each in answers if each.slot.pk == slot), None)
        return cls(
            entry=entry,
            form=form,
            day=day,
            earlier=day - timedelta(days=1) if day and day > today else None,
            later=day + timedelta(days=1) if day else None,
            answers=answers,
            asked=asked.slot if asked else None,
            reason=asked.reason if asked else None,
            before=why.before(entry, slot=asked.slot) if asked else [],
        )

    @property
    def patient(self) -> Patient:
        return self.entry.patient

    @property
    def patients(self) -> list[UUID]:
        """Returns those whom the page names."""
        return [self.entry.patient_id, *(skip.entry.patient_id for skip in self.before)]
