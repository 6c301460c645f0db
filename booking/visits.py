"""Use cases that take a visit through its day: confirm, inform, check in, start, finish, mark as no-show."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from booking import gate, holding, rebook_tasks, task_numbers, tell_tasks
from booking.choices import RebookOutcome
from booking.gate import Case
from booking.holding import BrokenVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from patients.acting import acting_on
from patients.actions import arrivals, representations
from patients.choices import Channel
from patients.data import PowerData, Seen
from patients.models import Representation
from patients.queries.papers import missing
from scheduling.actions import visits
from scheduling.actions.appointments.locked import locked
from scheduling.actions.appointments.make import Time
from scheduling.choices import AppointmentStatus
from scheduling.errors import StepNotAllowed
from scheduling.models import Appointment
from scheduling.queries import openness


@verb(Kind.BESIDE)
def confirm(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient will come; a repetition changes nothing. Raises StepNotAllowed."""
    return visits.confirm(appointment=appointment, by=by)


@verb(Kind.BESIDE)
def mark_informed(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient was told the four facts of R13 («Сообщено»); a repetition changes nothing.

    Raises StepNotAllowed.
    """
    told = visits.mark_informed(appointment=appointment, by=by)
    tell_tasks.settle(appointment, outcome=RebookOutcome.TOLD, by=by)
    return told


@verb(Kind.BESIDE)
def set_reminders(*, appointment: UUID, on: bool, by: Actor) -> Appointment:
    """Records whether the patient wants to be reminded of the visit; a repetition changes nothing.

    Raises StepNotAllowed.
    """
    return visits.set_reminders(appointment=appointment, on=on, by=by)


@verb(Kind.CORRECT)
def name_representative(*, appointment: UUID, representation: Representation, by: Actor) -> list[BrokenVisit]:
    """Records who comes with a child to a booked visit, which ends the task if nothing else refuses the visit.

    Returns the visit while it does not hold. Raises StepNotAllowed.
    """
    gate.check()
    to_phone = task_numbers.claimed_by(representation.patient)
    visit = visits.name_representative(appointment=appointment, representation=representation, by=by)
    itself = Appointment.objects.filter(pk=visit.pk)
    task_numbers.follow(to_phone)
    tell_tasks.follow_number(itself, by=by)
    if not holding.broken(itself) and not openness.is_stranded(visit):
        rebook_tasks.settle(visit.pk, outcome=RebookOutcome.KEPT, by=by)
    return rebook_tasks.renew_for(itself)


@verb(Kind.RECEIVE)
def check_in(
    *, appointment: UUID, by: Actor, seen: Sequence[Seen] = (), power: PowerData | None = None, signed_off: str = ""
) -> Appointment:
    """Records that the patient has arrived, on the day of the visit and with the papers of the matrix.

    What was seen before counts; `seen` and `power` are shown now and written down. `signed_off` is the reason for which
    somebody with the permission lets the patient in without a paper; it stays in the history of the visit. Raises
    StepNotAllowed, AlreadyInThatState, NotToday, PapersNotShown, DocumentNotDemandable.
    """
    visit = locked(appointment)
    if visit.status not in (AppointmentStatus.BOOKED, AppointmentStatus.NOSHOW):
        return visits.arrive(appointment=appointment, by=by)
    reason = signed_off.strip()[:200]
    if reason and not by.may(Permission.SIGN_OFF):
        raise StepNotAllowed
    case = _arrival(visit, seen=seen, power=power, by=by)
    lacking = missing(case.day, patient=case.patient, representation=case.representation, seen=seen)
    gate.check(case, skip=gate.SKIPPED_WHEN_SIGNED_OFF if reason else ())
    if seen:
        arrivals.record(case.day, patient=case.patient, representation=case.representation, seen=seen, by=by)
    if lacking:
        return visits.arrive(appointment=appointment, by=by, reason=reason, missing=lacking)
    return visits.arrive(appointment=appointment, by=by)


@verb(Kind.RECEIVE)
def start(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient is with the doctor; one whom the desk has not received is received by this.

    Raises StepNotAllowed, AlreadyInThatState, NotToday, PapersNotShown.
    """
    visit = locked(appointment)
    gate.check(*[_arrival(visit, by=by)] if visit.status == AppointmentStatus.BOOKED else ())
    return visits.start(appointment=appointment, by=by)


@verb(Kind.END)
def finish(*, appointment: UUID, by: Actor) -> Appointment:
    """Completes the visit of a patient who has come. Raises StepNotAllowed, AlreadyInThatState."""
    gate.check()
    return visits.finish(appointment=appointment, by=by)


@verb(Kind.END)
def mark_noshow(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has not come, once the visit's time has begun. Raises StepNotAllowed."""
    gate.check()
    return visits.mark_noshow(appointment=appointment, by=by)


def _arrival(visit: Appointment, *, by: Actor, seen: Sequence[Seen] = (), power: PowerData | None = None) -> Case:
    """Returns the case of a patient who comes now; a power of attorney shown now is recorded."""
    time = Time(
        doctor=visit.doctor,
        room=visit.room,
        starts_at=visit.starts_at,
        given=True,
        patient_busy=False,
        now=timezone.now(),
    )
    acting = acting_on(time.day, patient=visit.patient, representation=visit.representation)
    if acting and power:
        acting = representations.record_power(representation=acting, power=power, by=by)
    return Case(
        time=time,
        service=visit.service,
        patient=visit.patient,
        representation=acting,
        channel=Channel.REGISTRY,
        seen=seen,
    )
