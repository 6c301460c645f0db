"""`appointments.book(...)`, `.move(...)`, `.cancel(...)`: every channel comes here."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.database import writes
from patients.ages import age_on
from patients.choices import Channel
from patients.models import Patient, Representation
from scheduling import links
from scheduling.actions import history, messages, slots
from scheduling.choices import ACTIVE, AppointmentStatus, CancelReason, ReleaseReason, VisitKind
from scheduling.db_errors import translate_db_errors
from scheduling.errors import (
    AgeNotServed,
    AlreadyInThatState,
    DoesNotFit,
    FirstVisitNotByDoctor,
    FollowUpNotOnSite,
    HoldLapsed,
    IdempotencyConflict,
    NoEarlierVisit,
    OverbookReasonNeeded,
    PatientBusy,
    ServiceNotOffered,
    SlotInPast,
    SlotTaken,
    StepNotAllowed,
)
from scheduling.models import Appointment, Doctor, Room, Service, Slot


class Booking(NamedTuple):
    appointment: Appointment
    again: bool
    """The same request made it before: there is nothing more to write."""


def book(**request: Any) -> Appointment:
    """Books a service from a slot on, or returns the appointment the same request made before: see `take`."""
    return take(**request).appointment


@translate_db_errors
@writes.atomic
def take(
    *,
    slot: UUID,
    patient: Patient,
    service: Service,
    channel: Channel,
    by: Actor,
    visit_kind: VisitKind = VisitKind.FIRST,
    follow_up_of: Appointment | None = None,
    representation: Representation | None = None,
    hold_token: UUID | None = None,
    idempotency_key: str | None = None,
    request_digest: str | None = None,
) -> Booking:
    """Two statements: one locks and reads, one writes.

    `hold_token` opens the caller's own hold; when that has lapsed and the slot is still free, it is booked all the
    same (T07). Raises SlotTaken with alternatives, HoldLapsed, SlotInPast, SlotBlocked, DoesNotFit, PatientBusy,
    ServiceNotOffered, AgeNotServed, FollowUpNotOnSite, NoEarlierVisit, IdempotencyConflict, TryAgain.
    """
    digest = request_digest or digest_of(slot=slot, patient=patient.pk, service=service.pk, channel=channel)
    check_channel(channel, visit_kind)
    try:
        locked = slots.lock_run(start=slot, service=service, patient=patient.pk, key=idempotency_key)
    except (SlotTaken, DoesNotFit):  # the schedule has changed since: what this form made may have been moved
        if made := same_request(idempotency_key, digest):
            return Booking(made, again=True)
        raise
    run, doctor = locked.slots, locked.slots[0].doctor
    # A form sent twice at once waited for the lock of its slot: what it read beside that is from before.
    seen_before = locked.made or any(taken.appointment_id for taken in run)
    if seen_before and (made := same_request(idempotency_key, digest)):
        return Booking(made, again=True)
    now = timezone.now()
    try:
        slots.check_bookable(run, now=now, hold_token=hold_token, service=service)
    except SlotTaken as error:
        raise (HoldLapsed(error.alternatives) if hold_token else error) from None
    if not locked.given:
        raise ServiceNotOffered
    _check_age(patient, doctor, run[0].starts_at)
    _check_follow_up(visit_kind, follow_up_of, patient=patient, service=service, before=run[0].starts_at)
    if locked.patient_busy:
        raise PatientBusy
    appointment = _new(
        patient=patient,
        representation=representation,
        doctor=doctor,
        service=service,
        room=run[0].shift.room,
        starts_at=run[0].starts_at,
        visit_kind=visit_kind,
        follow_up_of=follow_up_of,
        channel=channel,
        idempotency_key=idempotency_key,
        request_digest=digest,
        now=now,
        by=by,
    )
    writes.update(run, appointment=appointment, **slots.NO_HOLD)
    history.write(appointment, kind="booked", by=by, at=now, from_status="", channel=channel)
    messages.booked(appointment)
    return Booking(appointment, again=False)


@translate_db_errors
@transaction.atomic
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
) -> Appointment:
    """Books over a busy time: its own permission, a reason, an audit row. Takes no slot."""
    if not by.may(Permission.OVERBOOK):
        raise StepNotAllowed
    if not reason.strip():
        raise OverbookReasonNeeded
    now, ends_at = timezone.now(), starts_at + timedelta(minutes=service.minutes)
    if starts_at < now:
        raise SlotInPast
    if patient.appointments.filter(status__in=ACTIVE, starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise PatientBusy
    appointment = _new(
        patient=patient,
        doctor=_doctor_for(doctor.pk, service),
        service=service,
        room=room,
        starts_at=starts_at,
        visit_kind=VisitKind.FIRST,
        channel=channel,
        overbooked=True,
        overbook_reason=reason.strip()[:200],
        now=now,
        by=by,
    )
    history.write(appointment, kind="booked", by=by, at=now, from_status="", reason=appointment.overbook_reason)
    messages.booked(appointment)
    return appointment


@translate_db_errors
@transaction.atomic
def move(
    *,
    appointment: UUID,
    to_slot: UUID,
    by: Actor,
    hold_token: UUID | None = None,
    reason: str = "",
) -> Appointment:
    """Moves a booked visit to another start, possibly of another doctor. The old slots go to the waitlist.

    The row stays the same, so the patient's link stays good; it has to be told and confirmed anew.
    Raises StepNotAllowed and what `book` raises about slots.
    """
    moved = _locked(appointment)
    now = timezone.now()
    if not moved.can_be_changed(now):
        raise StepNotAllowed
    old = set(moved.slots.values_list("pk", flat=True))
    # Old and new slots are locked together, in order of id, so that two moves that cross never wait for each other.
    new = set(slots.run_ids(start=to_slot, service=moved.service))
    locked = slots.lock(old | new)
    run = slots.checked_run((slot for slot in locked if slot.pk in new), start=to_slot, service=moved.service)
    if run[0].starts_at == moved.starts_at and to_slot in old:
        return moved
    slots.check_bookable(run, now=now, hold_token=hold_token, service=moved.service, own=moved.pk)
    came_from = {"from": moved.starts_at.isoformat(), "from_doctor": str(moved.doctor_id)}
    doctor = _doctor_for(run[0].doctor_id, moved.service)
    _check_age(moved.patient, doctor, run[0].starts_at)
    _take_over(moved, run, doctor=doctor)
    left = [slot for slot in locked if slot.pk in old - new]
    slots.release(left, reason=ReleaseReason.MOVED)
    Slot.objects.filter(pk__in=new).update(appointment=moved, **slots.NO_HOLD)
    at = moved.starts_at.isoformat()
    history.write(moved, kind="moved", by=by, at=now, from_status=moved.status, reason=reason, to=at, **came_from)
    messages.moved(moved, at=now)
    return moved


@translate_db_errors
@transaction.atomic
def cancel(*, appointment: UUID, reason: CancelReason, by: Actor, note: str = "") -> Appointment:
    """Cancels a visit that has not begun; its slots go to the waitlist, the patient gets one message.

    Again by the same person it succeeds; by another it is AlreadyInThatState. Raises StepNotAllowed.
    """
    cancelled = _locked(appointment)
    if cancelled.status == AppointmentStatus.CANCELLED:
        if cancelled.cancelled_by == by.ref:
            return cancelled
        raise AlreadyInThatState
    now = timezone.now()
    if cancelled.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED):
        raise StepNotAllowed
    return _end(
        cancelled,
        status=AppointmentStatus.CANCELLED,
        release_reason=ReleaseReason.CANCELLED,
        kind="cancelled",
        now=now,
        by=by,
        note=note,
        cancel_reason=reason,
    )


@translate_db_errors
@transaction.atomic
def mark_entered_in_error(*, appointment: UUID, by: Actor, note: str) -> Appointment:
    """A visit that should never have been written. It stays readable; the time is free again."""
    wrong = _locked(appointment)
    if wrong.status == AppointmentStatus.ENTERED_IN_ERROR:
        return wrong
    if wrong.status not in (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.NOSHOW):
        raise StepNotAllowed
    return _end(
        wrong,
        status=AppointmentStatus.ENTERED_IN_ERROR,
        release_reason=ReleaseReason.ENTERED_IN_ERROR,
        kind="entered_in_error",
        now=timezone.now(),
        by=by,
        note=note,
    )


def digest_of(**request: object) -> str:
    """The fingerprint of a request's contents, to tell a repeated form from another one with the same key."""
    return hashlib.sha256(json.dumps(request, default=str, sort_keys=True).encode()).hexdigest()


def same_request(key: str | None, digest: str) -> Appointment | None:
    """The appointment this very form made already. Raises IdempotencyConflict when its contents differ."""
    made = Appointment.objects.filter(idempotency_key=key).first() if key else None
    if made and made.request_digest != digest:
        raise IdempotencyConflict
    return made


def check_channel(channel: Channel, visit_kind: VisitKind) -> None:
    """R18: follow-ups are booked by three roles, never on the site; from a visit nothing but follow-ups."""
    if channel == Channel.SITE and visit_kind != VisitKind.FIRST:
        raise FollowUpNotOnSite
    if channel == Channel.DOCTOR and visit_kind != VisitKind.FOLLOW_UP:
        raise FirstVisitNotByDoctor


def _doctor_for(doctor_id: UUID, service: Service) -> Doctor:
    doctor = Doctor.objects.filter(pk=doctor_id, services=service, active=True).first()
    if doctor is None:
        raise ServiceNotOffered
    return doctor


def _check_age(patient: Patient, doctor: Doctor, starts_at: datetime) -> None:
    """The patient's age on the day of the visit is one this doctor sees."""
    age = age_on(patient.birth_date, timezone.localtime(starts_at).date())
    if not doctor.min_age <= age <= doctor.max_age:
        raise AgeNotServed


def _check_follow_up(
    kind: VisitKind, earlier: Appointment | None, *, patient: Patient, service: Service, before: datetime
) -> None:
    """A follow-up names an earlier completed visit of the same patient to the same specialty."""
    if kind != VisitKind.FOLLOW_UP:
        return
    fits = (
        earlier is not None
        and earlier.patient_id == patient.pk
        and earlier.status == AppointmentStatus.FULFILLED
        and earlier.service.specialty_id == service.specialty_id
        and earlier.starts_at < before
    )
    if not fits:
        raise NoEarlierVisit


def _new(
    *, now: datetime, by: Actor, patient: Patient, service: Service, starts_at: datetime, **columns: Any
) -> Appointment:
    appointment = Appointment(
        patient=patient,
        service=service,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=service.minutes),
        price=service.price,
        created_at=now,
        created_by=by.ref,
        **columns,
    )
    appointment.link_hash = links.hash_of(links.token_for(appointment.pk))
    writes.insert(appointment)
    return appointment


def _take_over(appointment: Appointment, run: Sequence[Slot], *, doctor: Doctor) -> None:
    """Puts the visit on this run of slots: another time has to be told and confirmed anew."""
    columns = {
        "doctor": doctor,
        "room": run[0].shift.room,
        "starts_at": run[0].starts_at,
        "ends_at": run[0].starts_at + timedelta(minutes=appointment.service.minutes),
        "informed_at": None,
        "informed_by": "",
        "confirmed_at": None,
        "confirmed_by": "",
    }
    appointment.slots.update(appointment=None)  # the doctor of a booked slot is its appointment's
    for name, value in columns.items():
        setattr(appointment, name, value)
    appointment.save(update_fields=list(columns))


def _locked(appointment: UUID) -> Appointment:
    """Locked first and read then: a row that another move gives to another doctor drops out of a locking join."""
    Appointment.objects.select_for_update().only("pk").get(pk=appointment)
    with_facts = Appointment.objects.select_related("patient", "representation", "doctor", "service", "room__location")
    return with_facts.get(pk=appointment)


def _end(
    appointment: Appointment,
    *,
    status: AppointmentStatus,
    release_reason: ReleaseReason,
    kind: str,
    now: datetime,
    by: Actor,
    note: str,
    cancel_reason: str = "",
) -> Appointment:
    run: Sequence[Slot] = slots.lock(appointment.slots.values_list("pk", flat=True))
    was, appointment.status = appointment.status, status
    appointment.cancel_reason = cancel_reason
    changed = ["status", "cancel_reason"]
    if status == AppointmentStatus.CANCELLED:
        appointment.cancelled_at, appointment.cancelled_by = now, by.ref
        changed += ["cancelled_at", "cancelled_by"]
    appointment.save(update_fields=changed)
    slots.release(run, reason=release_reason)
    history.write(appointment, kind=kind, by=by, at=now, from_status=was, reason=note or cancel_reason)
    if status == AppointmentStatus.CANCELLED:
        messages.cancelled(appointment)
    return appointment
