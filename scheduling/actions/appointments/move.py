"""Moves an appointment: `move.lock(...)` locks the old and the new time, `move.write(...)` writes the move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.database import clock
from patients.models import Representation
from scheduling import links
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.leave import leave
from scheduling.actions.appointments.locked import locked
from scheduling.actions.appointments.make import Time, is_busy
from scheduling.choices import ReleaseReason
from scheduling.errors import StepNotAllowed
from scheduling.models import Appointment, Doctor, Service, Shift, Slot
from scheduling.way_back import back_to

MOVED = "moved"
"""The event of a visit that goes to another time."""
CHANGED = (
    *("doctor", "room", "service", "price", "representation", "starts_at", "ends_at", "overbooked", "overbook_reason"),
    *("informed_at", "informed_by", "confirmed_at", "confirmed_by"),
)
"""The columns that a move changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A visit about to be moved, with the slots it leaves and the ones it goes to, all locked."""

    visit: Appointment
    service: Service
    """What it is for from now on."""
    to: Time
    left: Sequence[Slot]
    stays_on: Sequence[UUID]
    """The old slots that are among the new ones."""


def lock(
    *,
    appointment: UUID,
    to_slot: UUID,
    service: Service | None = None,
    hold_token: UUID | None = None,
    offered: bool = False,
) -> Move | Appointment:
    """Locks the visit, its old slots and the new ones; returns the visit itself when it is there already.

    The hold of an offer opens when the time is `offered`; `service` is what another doctor gives instead of its own.

    Raises StepNotAllowed and what `slots.check_bookable` raises.
    """
    visit = locked(appointment)
    now, service = clock.now(), service or visit.service
    if not visit.can_be_changed(now):
        raise StepNotAllowed
    old = set(visit.slots.values_list("pk", flat=True))
    # Old and new slots are locked together, in order of id, so that two moves that cross never wait for each other.
    new = set(slots.run_ids(start=to_slot, service=service))
    both = slots.lock(old | new)
    run = slots.checked_run((slot for slot in both if slot.pk in new), start=to_slot, service=service)
    if run[0].starts_at == visit.starts_at and to_slot in old:
        return visit
    slots.check_bookable(run, now=now, hold_token=hold_token, service=service, own=visit.pk, offered=offered)
    starts_at, gives = run[0].starts_at, _who_gives(service, run[0])
    shift = Shift.objects.select_related("room__location").get(pk=run[0].shift_id)
    to = Time(
        doctor=gives or run[0].doctor,
        room=shift.room,
        starts_at=starts_at,
        given=gives is not None,
        patient_busy=is_busy(visit.patient, service=service, starts_at=starts_at, but=visit),
        run=run,
        now=now,
    )
    left = [slot for slot in both if slot.pk in old - new]
    return Move(visit=visit, service=service, to=to, left=left, stays_on=[*(old & new)])


def write(move: Move, *, representation: Representation | None, by: Actor, reason: str = "") -> Appointment:
    """Moves the visit and gives its old slots to the waitlist, after the grace.

    The row and the patient's link stay the same.
    """
    moved, to = move.visit, move.to
    came_from = {"from": moved.starts_at.isoformat(), "from_doctor": str(moved.doctor_id)}
    if moved.service != move.service:
        came_from["from_service"] = str(moved.service_id)
    back = back_to(moved, CHANGED, by=by, now=to.now)
    _take_over(moved, to, service=move.service, representation=representation)
    back = leave(moved, move.left, reason=ReleaseReason.MOVED, by=by, back=back, stays_on=move.stays_on)
    Slot.objects.filter(pk__in=[slot.pk for slot in to.run]).update(appointment=moved, **slots.NO_HOLD)
    at = moved.starts_at.isoformat()
    messages.moved(moved, at=to.now, due_at=back.until if back else None)
    history.write(
        moved, kind=MOVED, by=by, at=to.now, from_status=moved.status, reason=reason, back=back, to=at, **came_from
    )
    return moved


def _who_gives(service: Service, slot: Slot) -> Doctor | None:
    return Doctor.objects.filter(pk=slot.doctor_id, services=service, active=True).first()


def _take_over(visit: Appointment, to: Time, *, service: Service, representation: Representation | None) -> None:
    """Puts the visit on the new slots, over nobody else's; the new time has to be told and confirmed anew."""
    columns = {
        "doctor": to.doctor,
        "room": to.room,
        "service": service,
        "price": visit.price if service == visit.service else service.price,
        "representation": representation,
        "starts_at": to.starts_at,
        "ends_at": to.starts_at + timedelta(minutes=service.minutes),
        "overbooked": False,
        "overbook_reason": "",
        "informed_at": None,
        "informed_by": "",
        "confirmed_at": None,
        "confirmed_by": "",
        "link_hash": links.hash_of(links.token_of(visit)),  # as it was, unless the key that signed it is gone
    }
    visit.slots.update(appointment=None)  # the doctor of a booked slot is its appointment's
    for name, value in columns.items():
        setattr(visit, name, value)
    visit.save(update_fields=list(columns))
