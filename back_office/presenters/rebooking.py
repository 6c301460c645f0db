"""These presenters hold what the pages of re-booking show: the queue, one call, and how it ended (S04)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from back_office.forms.rebooking import KeepForm, RebookOutcomeForm
from back_office.presenters.absences import ShownAbsence
from back_office.presenters.broken import ShownWhy, reasons
from back_office.presenters.shown_claim import ShownClaim
from back_office.renewing import fingerprint
from booking.choices import RebookOutcome
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import today_on
from foundation.errors import DomainError
from foundation.text import phones
from patients.acting import acting_on
from patients.ages import is_minor
from patients.contact import number_of
from patients.models import Patient, Representation
from patients.queries import people
from scheduling.choices import Alternative
from scheduling.models import Absence, Appointment
from scheduling.queries.day import visits_with_people
from scheduling.queries.read_models import FreeSlot
from scheduling.queries.rebooking import Proposal, proposals
from worklist import queries as worklist
from worklist.choices import TaskKind
from worklist.models import Task
from worklist.queries import Progress, QueuedTask

KINDS = (TaskKind.REBOOK,)
LISTED = 100
KEYS = {RebookOutcome.NO_ANSWER: "4", RebookOutcome.BUSY: "5", RebookOutcome.WRONG_NUMBER: "-"}


@dataclass(frozen=True, slots=True)
class Row:
    """The line says whose visit falls out, and how far the calls about it are."""

    pk: UUID
    visit_id: UUID
    patient_id: UUID
    patient: str
    age: int
    time: str
    doctor: str
    service: str
    phone: str
    answers: str
    """The representative whose number it is; empty when it is the patient's own."""
    attempts: int
    outcome: str
    """The end of the last call."""
    why: str
    """The reason why the visit does not hold; empty where an absence strands it, which the group names."""
    claim: ShownClaim

    @classmethod
    def of(cls, task: QueuedTask, visit: Appointment, by: Actor, now: datetime, *, why: str) -> "Row":
        who = _acting(visit)
        return cls(
            pk=task.pk,
            visit_id=visit.pk,
            patient_id=visit.patient_id,
            patient=visit.patient.full_name,
            age=visit.patient.age,
            time=wording.short_time(visit.local_start),
            doctor=visit.doctor.short_name,
            service=visit.service.name,
            phone=phones.shown(number_of(visit.patient, visit.representation)),
            answers=who.full_name if who and who.phone else "",
            attempts=task.attempts,
            outcome=_outcome(task),
            why=why,
            claim=ShownClaim.of(task, by, now),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The visits that one absence strands, with «14 из 20» above them, or those that no longer hold."""

    title: str
    progress: Progress | None
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """The page lists the first of the visits to re-book, by their reason, and says how many there are."""

    groups: list[Group]
    due: int
    waiting: int
    listed: int
    mine: Row | None
    """The call that this person has not finished."""
    seen: str
    """The same for the same picture."""
    polled: bool

    @classmethod
    def of(cls, by: Actor, *, polled: bool = False) -> "QueuePage":
        now = timezone.now()
        tasks = list(worklist.queue(kinds=KINDS, now=now)[:LISTED])
        causes = {task.cause for task in tasks if task.cause}
        groups = _groups(tasks, by, now, worklist.progress(causes))
        rows = [row for group in groups for row in group.rows]
        return cls(
            groups=groups,
            due=due_count(now),
            waiting=worklist.queue(kinds=KINDS, now=now).count() if len(tasks) == LISTED else len(tasks),
            listed=LISTED,
            mine=next((row for row in rows if row.claim.mine), None),
            seen=fingerprint(groups),
            polled=polled,
        )

    @property
    def patients(self) -> list[UUID]:
        return [row.patient_id for group in self.groups for row in group.rows]


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
        absence = _absences([task.cause]).get(task.cause)
        why = ShownWhy() if absence else ShownWhy.of(visit.pk)
        representation = _acting(visit)
        asked = is_minor(visit.patient.birth_date, timezone.localdate()) and representation is None
        return cls(
            task=task,
            visit=visit,
            patient=visit.patient,
            representation=representation,
            acting=list(people.representatives(visit.patient)) if asked else [],
            time=wording.spoken_time(visit.local_start),
            reason=_reason(absence) if absence else why.words,
            absence=_title(absence) if absence else "",
            nobody_acts=why.nobody_acts,
            may_come=list(people.representatives(visit.patient)) if why.nobody_acts else [],
            proposals=_shown(proposals(visit)),
            also=worklist.claimed_tasks(by=by).filter(kind__in=KINDS).exclude(pk=task.pk).count(),
            outcome=_outcome(task),
            endings=list(KEYS.items()),
            form=form or RebookOutcomeForm(initial={"call_back_day": timezone.localdate()}),
            keep_form=keep_form or KeepForm(),
            error=str(error or ""),
        )


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
    due: int
    error: str

    @classmethod
    def of(cls, task: Task, visit: Appointment, *, error: DomainError | None) -> "DonePage":
        return cls(
            task=task,
            visit=visit,
            patient=visit.patient,
            day_words=wording.spoken_day(visit.local_start.date(), today=today_on(visit.local_start)),
            time_words=f"{visit.local_start:%H:%M}",
            moved=task.outcome == RebookOutcome.MOVED and visit.is_upcoming,
            title=_ended(task, visit),
            due=due_count(),
            error=str(error or ""),
        )


@dataclass(frozen=True, slots=True)
class OverPage:
    """The page says why there is no call to go on with, and how many are due."""

    task: Task
    error: str
    free: bool
    """True when the call can be taken now."""
    outcome: str
    """The end that somebody else has brought about."""
    due: int

    @classmethod
    def of(cls, task: Task, *, error: DomainError, free: bool) -> "OverPage":
        outcome = _outcome(task) if task.closed_at else ""
        return cls(task=task, error=str(error), free=free, outcome=outcome, due=due_count())


@dataclass(frozen=True, slots=True)
class AlivePart:
    """The line says why the open call is over; while it goes on, there is nothing to say."""

    task: Task
    gone: str


def due_count(now: datetime | None = None) -> int:
    return worklist.due_counts(kinds=KINDS, now=now).get(TaskKind.REBOOK, 0)


def _groups(tasks: Sequence[QueuedTask], by: Actor, now: datetime, progress: dict[UUID, Progress]) -> list[Group]:
    visits = {visit.pk: visit for visit in visits_with_people(task.subject for task in tasks)}
    absences = _absences(progress)
    why = reasons(task.subject for task in tasks if task.cause not in absences)
    rows: dict[Absence | None, list[Row]] = {}
    for task in tasks:
        row = Row.of(task, visits[task.subject], by, now, why=why.get(task.subject, ""))
        rows.setdefault(absences.get(task.cause), []).append(row)
    return [
        Group(_title(absence), progress[absence.pk], found)
        if absence
        else Group(_("Visits that the rules no longer allow"), None, found)
        for absence, found in rows.items()
    ]


def _acting(visit: Appointment) -> Representation | None:
    return acting_on(timezone.localdate(), patient=visit.patient, representation=visit.representation)


def _absences(causes: Iterable[UUID | None]) -> dict[UUID | None, Absence]:
    found = Absence.objects.filter(pk__in=list(causes)).select_related("doctor", "room", "location")
    return {absence.pk: absence for absence in found}


def _ended(task: Task, visit: Appointment) -> str:
    if task.outcome == RebookOutcome.KEPT:
        return _("The visit stays as it is")
    moved = task.outcome == RebookOutcome.MOVED and visit.is_upcoming
    return _("The visit is moved") if moved else _("The visit is cancelled")


def _title(absence: Absence) -> str:
    """Returns «Белова А. С.: больничный, 23.11.2026–29.11.2026»."""
    shown = ShownAbsence.of(absence)
    return f"{_whose(absence)}: {shown.kind}, {shown.span}"


def _whose(absence: Absence) -> str:
    if absence.doctor:
        return absence.doctor.short_name
    return str(absence.room or absence.location or _("The whole clinic"))


def _reason(absence: Absence) -> str:
    """Returns the words for the patient: nobody is told that the doctor is ill."""
    if absence.room:
        return _("the room is closed at this time")
    if not absence.doctor:
        return _("the clinic is closed at this time")
    return _("the doctor will not be there at this time")


def _outcome(task: Task) -> str:
    return str(RebookOutcome(task.outcome).label) if task.outcome in RebookOutcome.values else ""


def _shown(found: Iterable[Proposal]) -> list[ShownProposal]:
    return [
        ShownProposal(
            str(key), str(Alternative(each.idea).label), each.slot, wording.spoken_time(each.slot.local_start)
        )
        for key, each in enumerate(found, start=1)
    ]
