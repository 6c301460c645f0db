from dataclasses import dataclass

from django.utils import timezone

from back_office.forms.rebooking import RebookOutcomeForm
from back_office.presenters.call_backs import ShownCallBack, shown_call_backs
from back_office.presenters.rebooking_call import KEYS, acting_at, others_of_call, outcome_of
from booking.choices import RebookOutcome
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import today_on
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from notifications.queries.newest import reminded
from patients.ages import is_minor
from patients.contact import number_of
from patients.instructions import VisitInstructions
from patients.models import Patient, Representation
from patients.queries import people
from scheduling.choices import AppointmentStatus
from scheduling.instructions import instructions_of
from scheduling.models import Appointment
from worklist.models import Task


@dataclass(frozen=True, slots=True)
class TellPage:
    """The page is the script of a call to a patient whom no message has reached: the four facts, or the end (R13)."""

    task: Task
    visit: Appointment
    patient: Patient
    representation: Representation | None
    """Who acts for the patient today, as the visit says: whom to phone."""
    acting: list[Representation]
    """Those who may act for a minor where the visit names nobody."""
    time: str
    day_words: str
    time_words: str
    told: VisitInstructions
    cancelled: bool
    reminds: bool
    """It is a reminder that has not arrived."""
    can_send: bool
    also: int
    """How many more visits of this number are to be talked about in the same call."""
    outcome: str
    endings: list[tuple[RebookOutcome, str]]
    """The outcomes with the keys of the keyboard that choose them."""
    form: RebookOutcomeForm
    call_backs: list[ShownCallBack]
    error: str

    @classmethod
    def of(
        cls, task: Task, visit: Appointment, by: Actor, *, form: RebookOutcomeForm | None, error: DomainError | None
    ) -> "TellPage":
        representation = acting_at(visit)
        asked = is_minor(visit.patient.birth_date, timezone.localdate()) and representation is None
        return cls(
            task=task,
            visit=visit,
            patient=visit.patient,
            representation=representation,
            acting=list(people.representatives(visit.patient)) if asked else [],
            time=wording.spoken_time(visit.local_start),
            day_words=wording.spoken_day(visit.local_start.date(), today=today_on(visit.local_start)),
            time_words=f"{visit.local_start:%H:%M}",
            told=instructions_of(visit),
            cancelled=visit.status == AppointmentStatus.CANCELLED,
            reminds=visit.pk in reminded([visit.pk]),
            can_send=bool(number_of(visit.patient, visit.representation)),
            also=others_of_call(task, by),
            outcome=outcome_of(task),
            endings=list(KEYS.items()),
            form=form or RebookOutcomeForm(initial={"call_back_day": timezone.localdate()}),
            call_backs=shown_call_backs(),
            error=sentence_of(error),
        )
