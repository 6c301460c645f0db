"""The steps of a visit: confirmed, told, arrived, begun, finished, not come."""

from uuid import UUID

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import visits
from scheduling.models import Appointment


@verb(Kind.BESIDE)
def confirm(*, appointment: UUID, by: Actor) -> Appointment:
    """The patient said that they come. Repeating it changes nothing. Raises StepNotAllowed."""
    return visits.confirm(appointment=appointment, by=by)


@verb(Kind.BESIDE)
def mark_informed(*, appointment: UUID, by: Actor) -> Appointment:
    """«Сообщено»: the four facts of R13 were told. Repeating it changes nothing. Raises StepNotAllowed."""
    return visits.mark_informed(appointment=appointment, by=by)


@verb(Kind.RECEIVE)
def check_in(*, appointment: UUID, by: Actor) -> Appointment:
    """The patient has come. Raises StepNotAllowed, AlreadyInThatState."""
    gate.ask()
    return visits.arrive(appointment=appointment, by=by)


@verb(Kind.RECEIVE)
def start(*, appointment: UUID, by: Actor) -> Appointment:
    """The patient is with the doctor. Raises StepNotAllowed, AlreadyInThatState."""
    gate.ask()
    return visits.start(appointment=appointment, by=by)


@verb(Kind.END)
def finish(*, appointment: UUID, by: Actor) -> Appointment:
    """The visit is done, from any state before. Raises StepNotAllowed, AlreadyInThatState."""
    gate.ask()
    return visits.finish(appointment=appointment, by=by)


@verb(Kind.END)
def mark_noshow(*, appointment: UUID, by: Actor) -> Appointment:
    """The patient has not come. Only once the time has begun. Raises StepNotAllowed."""
    gate.ask()
    return visits.mark_noshow(appointment=appointment, by=by)
