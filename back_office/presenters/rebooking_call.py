"""These presenters hold the script of one call about a visit to re-book, and how it ended (S04)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.forms.rebooking import KeepForm, RebookOutcomeForm
from back_office.presenters.absences import absences_by_key, reason_of, title_of
from back_office.presenters.broken import ShownWhy
from back_office.presenters.call_backs import ShownCallBack, shown_call_backs
from booking.choices import RebookOutcome
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import today_on
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.acting import acting_on
from patients.ages import is_minor
from patients.instructions import VisitInstructions
from patients.models import Patient, Representation
from patients.queries import people
from scheduling.choices import Alternative
from scheduling.instructions import instructions_of
from scheduling.models import Appointment
from scheduling.queries.read_models import FreeSlot
from scheduling.queries.rebooking import Proposal, proposals
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS
from worklist.models import Task

KEYS = {RebookOutcome.NO_ANSWER: "4", RebookOutcome.BUSY: "5", RebookOutcome.WRONG_NUMBER: "-"}


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """The time to read out, the idea behind it, and the key that takes it."""

    key: str
    idea: str
    slot: FreeSlot
    words: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page is the script of one call: what falls out, and three times instead."""

    task: Task
    visit: Appointment
    patient: Patient
    representation: Representation | None
    """Who acts for the patient today, as the visit says: whom to phone."""
    acting: list[Representation]
    """Those who may act for a minor where the visit names nobody."""
    time: str
    reason: str
    absence: str
    """The absence that strands the visit; empty when the visit no longer holds."""
    nobody_acts: bool
    """True when somebody has to come with the child."""
    may_come: list[Representation]
    proposals: list[ShownProposal]
    also: int
    """How many more visits of this number are to be talked about in the same call."""
    outcome: str
    endings: list[tuple[RebookOutcome, str]]
    """The outcomes with the keys of the keyboard that choose them."""
    form: RebookOutcomeForm
    call_backs: list[ShownCallBack]
    keep_form: KeepForm
    error: str

    @classmethod
    def of(
        cls,
        task: Task,
        visit: Appointment,
        by: Actor,
        *,
        form: RebookOutcomeForm | None,
        keep_form: KeepForm | None,
        error: DomainError | None,
    ) -> "CallPage":
        absence = absences_by_key([task.cause]).get(task.cause)
        why = ShownWhy() if absence else ShownWhy.of(visit.pk)
        representation = acting_at(visit)
        asked = is_minor(visit.patient.birth_date, timezone.localdate()) and representation is None
        known = list(people.representatives(visit.patient)) if asked or why.nobody_acts else []
        return cls(
            task=task,
            visit=visit,
            patient=visit.patient,
            representation=representation,
            acting=known if asked else [],
            time=wording.spoken_time(visit.local_start),
            reason=reason_of(absence) if absence else why.words,
            absence=title_of(absence) if absence else "",
            nobody_acts=why.nobody_acts,
            may_come=known if why.nobody_acts else [],
            proposals=_shown(proposals(visit)),
            also=others_of_call(task, by),
            outcome=outcome_of(task),
            endings=list(KEYS.items()),
            form=form or RebookOutcomeForm(initial={"call_back_day": timezone.localdate()}),
            call_backs=shown_call_backs(),
            keep_form=keep_form or KeepForm(),
            error=sentence_of(error),
        )


def acting_at(visit: Appointment) -> Representation | None:
    """Returns who acts for the patient today, as the visit says."""
    return acting_on(timezone.localdate(), patient=visit.patient, representation=visit.representation)


def outcome_of(task: Task) -> str:
    """Returns how the last call ended; empty before the first."""
    return str(RebookOutcome(task.outcome).label) if task.outcome in RebookOutcome.values else ""


def others_of_call(task: Task, by: Actor) -> int:
    """Counts the other visits that this person talks about in the same call."""
    return worklist.claimed_tasks(by=by).filter(kind__in=ABOUT_VISITS).exclude(pk=task.pk).count()


@dataclass(frozen=True, slots=True)
class DonePage:
    """The page tells the four facts to read out (R13) after a move, or how else the call ended, and leads on."""

    task: Task
    visit: Appointment
    patient: Patient
    day_words: str
    time_words: str
    moved: bool
    title: str
    told: VisitInstructions
    due: int
    error: str

    @classmethod
    def of(cls, task: Task, visit: Appointment, by: Actor, *, error: DomainError | None) -> "DonePage":
        moved = task.outcome == RebookOutcome.MOVED and visit.is_upcoming
        return cls(
            task=task,
            visit=visit,
            patient=visit.patient,
            day_words=wording.spoken_day(visit.local_start.date(), today=today_on(visit.local_start)),
            time_words=f"{visit.local_start:%H:%M}",
            moved=moved,
            title=_ended(task, moved=moved),
            told=instructions_of(visit),
            due=worklist.due_for(by),
            error=sentence_of(error),
        )


def _ended(task: Task, *, moved: bool) -> str:
    if task.outcome in (RebookOutcome.TOLD, RebookOutcome.SENT_AGAIN):
        return outcome_of(task).capitalize()
    if task.outcome == RebookOutcome.KEPT:
        return _("The visit stays as it is")
    return _("The visit is moved") if moved else _("The visit is cancelled")


def _shown(found: Iterable[Proposal]) -> list[ShownProposal]:
    return [
        ShownProposal(
            str(key), str(Alternative(each.idea).label), each.slot, wording.spoken_time(each.slot.local_start)
        )
        for key, each in enumerate(found, start=1)
    ]
