"""Staff book visits: at the desk, by phone, from a visit, over a busy time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from booking import gate, new_visit
from booking.new_visit import Agreed, NewVisit, Representative
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database.locks import advisory_lock
from patients.choices import Channel
from patients.data import OtherAdult, PowerData, Seen
from patients.models import Patient
from scheduling.actions.appointments import make
from scheduling.actions.appointments.forms import made_before
from scheduling.errors import StepNotAllowed
from scheduling.models import Appointment, Doctor, Room, Service
from waitlist.actions import met


@verb(Kind.MAKE)
def at_desk(
    *,
    slot: UUID,
    service: Service,
    patient: Patient,
    by: Actor,
    seen: Sequence[Seen] = (),
    representative: Representative | None = None,
    power: PowerData | None = None,
    for_other: OtherAdult | None = None,
    follow_up_of: Appointment | None = None,
    hold: UUID | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
) -> Appointment:
    """Books for a patient or representative who stands at the desk and shows the papers of the matrix (R3–R8).

    The representative, the power of attorney, the papers and the registry entry are written with the visit or not at
    all. Raises AlreadyBooked where it is to be made `unless_booked`, and what `make.lock` and the gate raise.
    """
    return new_visit.book_with_entry(
        NewVisit(
            slot=slot,
            service=service,
            patient=patient,
            channel=Channel.REGISTRY,
            by=by,
            seen=seen,
            representative=representative,
            power=power,
            for_other=for_other,
            follow_up_of=follow_up_of,
            hold=hold,
            key=key,
            unless_booked=unless_booked,
            remind=remind,
        )
    )


@verb(Kind.MAKE)
def by_phone(
    *,
    slot: UUID,
    service: Service,
    patient: Patient,
    by: Actor,
    representative: Representative | None = None,
    for_other: OtherAdult | None = None,
    follow_up_of: Appointment | None = None,
    hold: UUID | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
    note: str = "",
) -> Appointment:
    """Books for a patient on the phone, where no papers are shown and none are demanded (R16).

    The `note` of the talk stands in its history. Raises AlreadyBooked where it is to be made `unless_booked`, and what
    `make.lock` and the gate raise.
    """
    return new_visit.book_with_entry(
        NewVisit(
            slot=slot,
            service=service,
            patient=patient,
            channel=Channel.PHONE,
            by=by,
            representative=representative,
            for_other=for_other,
            follow_up_of=follow_up_of,
            hold=hold,
            key=key,
            unless_booked=unless_booked,
            remind=remind,
            note=note,
        )
    )


@verb(Kind.MAKE)
def by_doctor(
    *, slot: UUID, service: Service, follow_up_of: Appointment, by: Actor, key: str | None = None, remind: bool = False
) -> Appointment:
    """Books a follow-up from the visit itself, with the same patient and whoever still acts for them (R18).

    Raises what `make.lock` and the gate raise.
    """
    return new_visit.book_without_entry(
        NewVisit(
            slot=slot,
            service=service,
            patient=follow_up_of.patient,
            channel=Channel.DOCTOR,
            by=by,
            representative=follow_up_of.representation,
            follow_up_of=follow_up_of,
            key=key,
            remind=remind,
        ),
        skip=gate.SKIPPED_FOR_FOLLOW_UPS,
    )


@verb(Kind.MAKE)
def overbook(
    *,
    patient: Patient,
    service: Service,
    doctor: Doctor,
    room: Room,
    starts_at: datetime,
    reason: str,
    channel: Channel,
    by: Actor,
    seen: Sequence[Seen] = (),
    representative: Representative | None = None,
    power: PowerData | None = None,
    for_other: OtherAdult | None = None,
    follow_up_of: Appointment | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
) -> Appointment:
    """Books a visit over a busy time without taking a slot: it needs a permission and a reason.

    That somebody has the time is all that this excuses; the rest is asked as of any booking. Raises StepNotAllowed,
    OverbookReasonNeeded, SlotInPast, SlotBlocked, IdempotencyConflict, AlreadyBooked and what the gate raises.
    """
    if not by.may(Permission.OVERBOOK):
        raise StepNotAllowed
    agreed = Agreed(
        service=service,
        patient=patient,
        channel=channel,
        by=by,
        seen=seen,
        representative=representative,
        power=power,
        for_other=for_other,
        follow_up_of=follow_up_of,
        key=key,
        unless_booked=unless_booked,
        remind=remind,
    )
    digest = new_visit.digest_with(agreed, doctor=doctor.pk, room=room.pk, starts_at=starts_at)
    if key:
        advisory_lock(key)  # there is no slot whose lock the same form, sent at the same moment, would wait for
    if made := made_before(key, digest):
        return made
    wish = met.lock(patient=patient.pk, service=service, by=by)
    time = make.over(patient=patient, service=service, doctor=doctor, room=room, starts_at=starts_at, reason=reason)
    return new_visit.write_with_entry(agreed, time, wish=wish, digest=digest, overbook_reason=reason.strip()[:200])
