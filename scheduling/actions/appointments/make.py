"""Makes an appointment in two statements: `make.lock(...)` locks and reads the time, `make.write(...)` writes.

What is decided between the two is the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.clock import WallTime, on_wall
from foundation.database import clock, writes
from patients.choices import Channel
from patients.models import Patient, Representation
from scheduling import links
from scheduling.actions import history, messages, slots
from scheduling.actions.appointments.forms import made_before
from scheduling.choices import ACTIVE, VisitKind
from scheduling.errors import DoesNotFit, HoldLapsed, OverbookReasonNeeded, SlotBlocked, SlotInPast, SlotTaken
from scheduling.models import Appointment, Doctor, Room, Service, Shift, Slot
from scheduling.queries import openness
from scheduling.queries.another_first import another_first
from scheduling.way_back import Back, grace_until

BOOKED = "booked"
"""The event of a new visit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """The place and hour of a visit about to be written, and what was read beside them."""

    doctor: Doctor
    room: Room
    """The room with its location."""
    starts_at: datetime
    given: bool
    """True when the doctor works here and gives the service."""
    patient_busy: bool
    another: UUID | None = None
    """A first visit ahead of the patient that this one would repeat; it is asked about, and refused by nothing."""
    run: Sequence[Slot] = ()
    """The locked slots that the visit takes; none when it is booked over a busy time."""
    now: datetime
    """The moment of locking, by which everything that follows is judged and dated."""

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location."""
        return on_wall(self.starts_at, self.room.location.timezone)

    @property
    def day(self) -> date:
        """The day of the visit on the wall of its location, on which ages and papers count."""
        return self.local_start.date()


def lock(
    *,
    slot: UUID,
    service: Service,
    patient: UUID | None,
    hold_token: UUID | None,
    key: str | None,
    digest: str,
    offered: bool = False,
) -> Time | Appointment:
    """Locks the time, or returns the appointment that the form with this key has made before.

    `hold_token` opens the caller's own hold; when that has lapsed and the slot is still free, it is booked all the same
    (T07). The hold of an offer opens when the time is `offered`. Raises SlotTaken with alternatives, HoldLapsed,
    SlotInPast, SlotBlocked, DoesNotFit, IdempotencyConflict.
    """
    try:
        locked = slots.lock_run(start=slot, service=service, patient=patient, key=key)
    except (SlotTaken, DoesNotFit):  # the schedule has changed since: what this form made may have been moved
        if made := made_before(key, digest):
            return made
        raise
    # A form sent twice at once waited for the lock of its slot: what it read beside that is from before.
    seen_before = locked.made or any(taken.appointment_id for taken in locked.slots)
    if seen_before and (made := made_before(key, digest)):
        return made
    now = clock.now()
    try:
        slots.check_bookable(locked.slots, now=now, hold_token=hold_token, service=service, offered=offered)
    except SlotTaken as error:
        raise (HoldLapsed(error.alternatives) if hold_token else error) from None
    first = locked.slots[0]
    return Time(
        doctor=locked.doctor,
        room=locked.room,
        starts_at=first.starts_at,
        given=locked.given,
        patient_busy=locked.patient_busy,
        another=locked.another,
        run=locked.slots,
        now=now,
    )


def over(*, patient: Patient, service: Service, doctor: Doctor, room: Room, starts_at: datetime, reason: str) -> Time:
    """Returns a busy time to be booked over; it takes no slot. It is inside a published shift and no absence.

    Raises OverbookReasonNeeded, SlotInPast, SlotBlocked, DoesNotFit when the shift ends before the service does.
    """
    if not reason.strip():
        raise OverbookReasonNeeded
    now = clock.now()
    if starts_at < now:
        raise SlotInPast
    ends_at = starts_at + timedelta(minutes=service.minutes)
    shifts = Shift.objects.filter(doctor=doctor, room=room, starts_at__lte=starts_at, ends_at__gt=starts_at)
    shift = shifts.select_related("room__location").first()
    if shift is None or openness.is_closed(doctor=doctor.pk, room=room.pk, starts_at=starts_at, ends_at=ends_at):
        raise SlotBlocked
    if shift.ends_at < ends_at:
        raise DoesNotFit
    return Time(
        doctor=doctor,
        room=shift.room,
        starts_at=starts_at,
        given=Doctor.objects.filter(pk=doctor.pk, services=service, active=True).exists(),
        patient_busy=is_busy(patient, service=service, starts_at=starts_at),
        another=another_first(patient=patient, service=service, doctor=doctor),
        now=now,
    )


def is_busy(patient: Patient, *, service: Service, starts_at: datetime, but: Appointment | None = None) -> bool:
    """Tells whether the patient has a visit, other than `but`, while this service lasts."""
    ends_at = starts_at + timedelta(minutes=service.minutes)
    overlapping = Appointment.objects.filter(
        patient=patient, status__in=ACTIVE, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return (overlapping.exclude(pk=but.pk) if but else overlapping).exists()


def write(
    time: Time,
    *,
    patient: Patient,
    service: Service,
    channel: Channel,
    by: Actor,
    representation: Representation | None = None,
    follow_up_of: Appointment | None = None,
    key: str | None = None,
    digest: str = "",
    overbook_reason: str = "",
    remind: bool = False,
    note: str = "",
) -> Appointment:
    """Writes the appointment, its slots, its first event and the message to the patient.

    `remind` tells that somebody agreed to be reminded of it; the history keeps that they did, and the `note`.
    """
    appointment = Appointment(
        patient=patient,
        representation=representation,
        doctor=time.doctor,
        service=service,
        room=time.room,
        starts_at=time.starts_at,
        ends_at=time.starts_at + timedelta(minutes=service.minutes),
        visit_kind=VisitKind.FOLLOW_UP if follow_up_of else VisitKind.FIRST,
        follow_up_of=follow_up_of,
        channel=channel,
        price=service.price,
        overbooked=bool(overbook_reason),
        overbook_reason=overbook_reason,
        idempotency_key=key,
        request_digest=digest,
        reminders_since=time.now if remind else None,
        created_at=time.now,
        created_by=by.ref,
    )
    appointment.link_hash = links.hash_of(links.token_for(appointment.pk))
    writes.insert(appointment)
    writes.update(time.run, appointment=appointment, **slots.NO_HOLD)
    until = grace_until(by=by, now=time.now)
    history.write(
        appointment,
        kind=BOOKED,
        by=by,
        at=time.now,
        from_status="",
        reason=overbook_reason or note,
        back=Back(until=until) if until else None,
        channel=channel,
        **({"remind": True} if remind else {}),
    )
    messages.booked(appointment, due_at=until)
    return appointment
