"""Use cases that take a step of the staff back: within its grace as if it had not been, later with a reason (T97)."""

from uuid import UUID

from booking import gate, rebook_tasks
from booking.gate import Case
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.acting import acting_on
from patients.choices import Channel
from scheduling.actions import undo as undoing
from scheduling.actions import visits
from scheduling.actions.appointments import reinstate as reinstating
from scheduling.actions.appointments.locked import locked as locked_visit
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from waitlist.actions import entries, met, requests


@verb(Kind.CORRECT)
def undo(*, appointment: UUID, step: str, by: Actor) -> Appointment:
    """Undoes the last step of a visit, named by its event, within `UNDO_SECONDS` and by the person who made it.

    The visit, its times, its messages and its task are what they were; a new visit is one entered in error, and whoever
    waited until this step waits again. A repetition changes nothing. Raises UndoOver, PatientBusy, DoctorBusy,
    RoomBusy.
    """
    gate.check()
    visit = undoing.undo(appointment=appointment, step=step, by=by)
    if visit.is_upcoming:
        rebook_tasks.take_up_again(visit, by=by)
    since = visit.events.filter(kind=step).latest("id").at
    entries.wait_after_all(appointment=visit, since=since, by=by)
    requests.open_again(appointment=visit, since=since, by=by)
    return visit


@verb(Kind.CORRECT)
def take_back(*, appointment: UUID, status: AppointmentStatus, reason: str, by: Actor) -> Appointment:
    """Takes back the step by which a visit came into this status: arrived, begun, completed the same day, no-show.

    The papers that were seen stay seen. The same again by the same person changes nothing. Raises StepNotAllowed,
    BackReasonNeeded, NotToday, PatientBusy.
    """
    gate.check()
    return visits.take_back(appointment=appointment, status=status, reason=reason, by=by)


@verb(Kind.MAKE)
def reinstate(*, appointment: UUID, by: Actor) -> Appointment:
    """Books a cancelled visit again at its time, if that is still free and the rules allow it as a new one.

    A representative who no longer acts on that day falls away. Raises StepNotAllowed and what `slots.check_bookable`
    and the gate raise.
    """
    ended = locked_visit(appointment)
    wish = met.lock(patient=ended.patient_id, service=ended.service, by=by)
    locked = reinstating.lock(appointment=appointment, by=by)
    if isinstance(locked, Appointment):
        return locked
    visit = locked.visit
    case = Case(
        time=locked.time,
        service=visit.service,
        patient=visit.patient,
        representation=acting_on(locked.time.day, patient=visit.patient, representation=visit.representation),
        channel=Channel(visit.channel),
        follow_up_of=visit.follow_up_of,
        moves=True,
    )
    gate.check(case, skip=gate.SKIPPED_FOR_MOVES)
    again = reinstating.write(locked, representation=case.representation, by=by)
    met.close(wish, visit=again, by=by)
    return again
