"""Use cases that take a visit through its day: confirm, inform, check in, start, finish, mark as no-show."""

from uuid import UUID

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import visits
from scheduling.models import Appointment


@verb(Kind.BESIDE)
def confirm(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient will come; a repetition changes nothing. Raises StepNotAllowed."""
    return visits.confirm(appointment=appointment, by=by)


@verb(Kind.BESIDE)
def mark_informed(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient was told the four facts of R13 («Сообщено»); a repetition changes nothing.

    Raises StepNotAllowed.
    """
    return visits.mark_informed(appointment=appointment, by=by)


@verb(Kind.RECEIVE)
def check_in(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has arrived. Raises StepNotAllowed, AlreadyInThatState."""
    gate.check()
    return visits.arrive(appointment=appointment, by=by)


@verb(Kind.RECEIVE)
def start(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient is with the doctor. Raises StepNotAllowed, AlreadyInThatState."""
    gate.check()
    return visits.start(appointment=appointment, by=by)


@verb(Kind.END)
def finish(*, appointment: UUID, by: Actor) -> Appointment:
    """Completes the visit from any state before. Raises StepNotAllowed, AlreadyInThatState."""
    gate.check()
    return visits.finish(appointment=appointment, by=by)


@verb(Kind.END)
def mark_noshow(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has not come, once the visit's time has begun. Raises StepNotAllowed."""
    gate.check()
    return visits.mark_noshow(appointment=appointment, by=by)
