"""Steps shared by the verbs that put a booked visit elsewhere: `move`, and a yes to an earlier time (W11)."""

from uuid import UUID

from booking import gate, rebook_tasks
from booking.choices import RebookOutcome
from booking.gate import Case
from foundation.accounts.actors import Actor
from patients.acting import acting_on
from patients.choices import Channel
from patients.models import Representation
from scheduling.actions.appointments import move as moving
from scheduling.actions.appointments.locked import locked
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, Service, Slot
from waitlist.models import WaitlistEntry


def go(
    visit: UUID,
    *,
    to_slot: UUID,
    by: Actor,
    channel: Channel | None = None,
    representative: Representation | None = None,
    hold: UUID | None = None,
    offered: bool = False,
    reason: str = "",
) -> Appointment:
    """Moves the visit, if the gate lets it through as a new booking by `channel`, which is its own if not said.

    A representative who does not act on the new day falls away. Raises what `moving.lock` and the gate raise.
    """
    found = moving.lock(appointment=visit, to_slot=to_slot, hold_token=hold, offered=offered)
    if isinstance(found, Appointment):
        return found
    row = found.visit
    case = Case(
        time=found.to,
        service=row.service,
        patient=row.patient,
        representation=acting_on(
            found.to.day, patient=row.patient, representation=representative or row.representation
        ),
        channel=channel or Channel(row.channel),
        follow_up_of=row.follow_up_of,
        moves=True,
    )
    gate.check(case, skip=gate.SKIPPED_FOR_MOVES)
    moved = moving.write(found, representation=case.representation, by=by, reason=reason)
    rebook_tasks.settle(visit, outcome=RebookOutcome.MOVED, by=by)
    return moved


def lock_later(entry: WaitlistEntry, *, slot: UUID, service: Service) -> Appointment | None:
    """Locks and returns the visit for this service that the patient would give up for this earlier time.

    None when they have none, or none any more by the time of the lock. Where there are several it is the one for which
    they wait, else the nearest.
    """
    start = Slot.objects.filter(pk=slot).values("starts_at")
    later = Appointment.objects.filter(
        patient=entry.patient, service=service, status=AppointmentStatus.BOOKED, starts_at__gt=start
    )
    keys = list(later.order_by("starts_at").values_list("pk", flat=True))
    if not keys:
        return None
    chosen = entry.earlier_than_id if entry.earlier_than_id in keys else keys[0]
    visit = locked(chosen)
    return visit if later.filter(pk=chosen).exists() else None
