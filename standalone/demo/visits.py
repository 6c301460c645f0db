"""Appointments: a week of history, today as far as it has gone, and half of what lies ahead."""

import random
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from foundation.accounts.actors import Actor, site_visitor
from patients.ages import age_on
from patients.choices import Channel
from patients.models import Patient
from scheduling import links
from scheduling.choices import AppointmentStatus as Status
from scheduling.choices import CancelReason, VisitKind
from scheduling.models import Appointment, AppointmentEvent, Doctor, Service, Shift, Slot
from standalone.demo import reference
from standalone.demo.people import People

BUSY_PAST, BUSY_TODAY, BUSY_AHEAD = 0.75, 0.7, 0.5
FOLLOW_UPS = 40
CANCELLED_AHEAD = 30
CHANNELS = (Channel.REGISTRY, Channel.PHONE, Channel.PHONE, Channel.SITE)


@dataclass
class Visits:
    """The appointment book while it is being filled."""

    rng: random.Random
    now: datetime
    people: People
    doctors: dict[UUID, Doctor]
    offers: dict[UUID, list[Service]]
    staff: dict[str, Actor]
    own_doctor: UUID
    queues: list[deque[Patient]] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    events: list[AppointmentEvent] = field(default_factory=list)
    taken: list[Slot] = field(default_factory=list)
    following: set[UUID] = field(default_factory=set)

    def next_patient(self, doctor: Doctor, starts_at: datetime) -> Patient:
        """Returns the next in a shuffled line of this doctor's age; nobody comes twice until everybody has been."""
        day = timezone.localdate(starts_at)
        line = self.queues[0] if doctor.max_age < 18 else self.queues[1]
        for _turn in range(len(line)):
            patient = line.popleft()
            fits = doctor.min_age <= age_on(patient.birth_date, day) <= doctor.max_age
            if fits and patient.pk not in self.following:
                return patient
            line.append(patient)
        raise LookupError(doctor)

    def line_up(self) -> None:
        """Makes new lines: one of children kept for the children's doctor, one of everybody else."""
        everybody = self.rng.sample(self.people.patients, len(self.people.patients))
        children = [patient for patient in everybody if age_on(patient.birth_date, self.people.today) < 17]
        for_children = {patient.pk for patient in children[: len(children) * 3 // 4]}
        self.queues = [
            deque(patient for patient in everybody if patient.pk in for_children),
            deque(patient for patient in everybody if patient.pk not in for_children),
        ]


def build(visits: Visits, shifts: dict[Shift, list[Slot]]) -> None:
    today = timezone.localdate(visits.now)
    past = {shift: slots for shift, slots in shifts.items() if shift.date < today}
    this_day = {shift: slots for shift, slots in shifts.items() if shift.date == today}
    ahead = {shift: slots for shift, slots in shifts.items() if shift.date > today}
    visits.line_up()
    _fill(visits, _of_full_doctor(visits, past), 1)
    _fill(visits, past, BUSY_PAST)
    visits.line_up()
    _follow_up(visits, ahead)
    _fill(visits, _of_full_doctor(visits, this_day | ahead), 1)
    _fill(visits, this_day, BUSY_TODAY)
    _fill_ahead(visits, this_day | ahead)
    _cancel_some(visits, ahead)
    Appointment.objects.bulk_create(visits.appointments, batch_size=500)
    Slot.objects.bulk_update(visits.taken, ["appointment"], batch_size=500)
    AppointmentEvent.objects.bulk_create(sorted(visits.events, key=lambda event: event.at), batch_size=1000)


def _of_full_doctor(visits: Visits, shifts: dict[Shift, list[Slot]]) -> dict[Shift, list[Slot]]:
    return {shift: slots for shift, slots in shifts.items() if visits.doctors[shift.doctor_id].slug == reference.FULL}


def _fill_ahead(visits: Visits, shifts: dict[Shift, list[Slot]]) -> None:
    """Books half of all slots to come, the full doctor's and today's among them."""
    coming = {
        shift: [slot for slot in slots if slot.starts_at > visits.now and not slot.absence_id]
        for shift, slots in shifts.items()
    }
    _fill(visits, {shift: slots for shift, slots in coming.items() if slots}, BUSY_AHEAD)


def _fill(visits: Visits, shifts: dict[Shift, list[Slot]], share: float) -> None:
    """Books until `share` of the slots is taken; mornings, evenings and near days go first."""
    rng = visits.rng
    places = [(shift, slot) for shift, slots in shifts.items() for slot in slots]
    wanted = share * len(places) - sum(1 for _shift, slot in places if slot.appointment_id)
    order = sorted(places, key=lambda place: rng.random() ** (1 / _demand(visits, place[1])), reverse=True)
    for shift, slot in order:
        if wanted <= 0:
            return
        run = _free_run(shifts[shift], slot)
        services = [service for service in visits.offers[shift.doctor_id] if service.minutes <= _minutes(run)]
        if not services:
            continue
        service = services[0] if share == 1 else rng.choice(services)
        needed = [cell for cell in run if cell.starts_at < slot.starts_at + timedelta(minutes=service.minutes)]
        patient = visits.next_patient(visits.doctors[shift.doctor_id], slot.starts_at)
        _book(visits, shift, needed, patient, service)
        wanted -= len(needed)


def _demand(visits: Visits, slot: Slot) -> float:
    hour = timezone.localtime(slot.starts_at).hour
    by_hour = 3 if hour < 12 else 2 if hour >= 17 else 1
    days = max((slot.starts_at - visits.now).days, 0)
    return by_hour * (1 + 2 / (1 + days / 5))


def _free_run(slots: list[Slot], start: Slot) -> list[Slot]:
    run: list[Slot] = []
    for slot in slots:
        if slot.starts_at < start.starts_at:
            continue
        if slot.appointment_id or slot.absence_id:
            break
        run.append(slot)
    return run


def _minutes(run: list[Slot]) -> float:
    return (run[-1].ends_at - run[0].starts_at) / timedelta(minutes=1) if run else 0


def _book(
    visits: Visits,
    shift: Shift,
    run: list[Slot],
    patient: Patient,
    service: Service,
    *,
    earlier: Appointment | None = None,
    status: str = "",
) -> Appointment:
    rng, now = visits.rng, visits.now
    starts_at = run[0].starts_at
    channels = CHANNELS if service.on_site and not earlier else (Channel.REGISTRY, Channel.PHONE)
    channel = rng.choice(channels)
    if earlier and shift.doctor_id == visits.own_doctor:
        channel = Channel.DOCTOR
    by = site_visitor(session="demo") if channel == Channel.SITE else visits.staff[channel]
    created_at = min(starts_at, now) - timedelta(minutes=rng.randint(60, 14 * 24 * 60))
    if channel != Channel.SITE:
        created_at = _in_working_hours(created_at)
    if earlier and earlier.finished_at:
        created_at = earlier.finished_at + timedelta(minutes=2)
    made = Appointment(
        patient=patient,
        representation=visits.people.representations.get(patient),
        doctor_id=shift.doctor_id,
        service=service,
        room_id=shift.room_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=service.minutes),
        visit_kind=VisitKind.FOLLOW_UP if earlier else VisitKind.FIRST,
        follow_up_of=earlier,
        channel=channel,
        price=service.price,
        created_at=created_at,
        created_by=by.ref,
    )
    made.link_hash = links.hash_of(links.token_for(made.pk))
    visits.appointments.append(made)
    _event(visits, made, "booked", by, created_at, from_status="", channel=channel)
    if channel != Channel.SITE and rng.random() < 0.85:
        _mark(visits, made, "informed", by, created_at + timedelta(minutes=1))
    _confirm(visits, made)
    _go_through(visits, made, status or _status(visits, made))
    if made.status != Status.CANCELLED:
        for slot in run:
            slot.appointment = made
        visits.taken.extend(run)
    return made


def _in_working_hours(at: datetime) -> datetime:
    """Moves a moment at night into the day before, because nobody is at the desk then."""
    hour = timezone.localtime(at).hour
    return at if 9 <= hour < 20 else at - timedelta(days=1) + timedelta(hours=9 + hour % 11 - hour)


def _confirm(visits: Visits, made: Appointment) -> None:
    """Confirms the visit the day before, by the link or in a call, more often than not."""
    at = made.starts_at - timedelta(hours=visits.rng.randint(18, 30))
    if made.created_at < at < visits.now and visits.rng.random() < 0.6:
        by = visits.rng.choice((site_visitor(session="demo"), visits.staff[Channel.PHONE]))
        _mark(visits, made, "confirmed", by, at)


def _status(visits: Visits, made: Appointment) -> str:
    """Returns the status that a visit has by now."""
    rng, now = visits.rng, visits.now
    today = timezone.localdate(made.starts_at) == timezone.localdate(now)
    if made.starts_at > now:
        soon = made.starts_at - now < timedelta(minutes=25)
        return Status.ARRIVED if soon and rng.random() < 0.5 else Status.BOOKED
    if made.ends_at > now:
        return rng.choices((Status.CHECKED_IN, Status.ARRIVED, Status.BOOKED), (7, 2, 1))[0]
    if today and now - made.ends_at < timedelta(minutes=30):
        return rng.choices((Status.FULFILLED, Status.CHECKED_IN, Status.BOOKED), (7, 2, 1))[0]
    away = (Status.FULFILLED, Status.NOSHOW) if today else (Status.FULFILLED, Status.NOSHOW, Status.CANCELLED)
    return rng.choices(away, (88, 8) if today else (86, 6, 8))[0]


def _go_through(visits: Visits, made: Appointment, status: str) -> None:
    """Makes the steps of a visit up to `status`, each with its time and its event."""
    rng, now, desk = visits.rng, visits.now, visits.staff[Channel.REGISTRY]
    doctor = visits.staff[Channel.DOCTOR] if made.doctor_id == visits.own_doctor else desk
    if status == Status.CANCELLED:
        span = min(made.starts_at, now) - made.created_at
        at = made.created_at + span * rng.uniform(0.5, 0.95)
        made.cancel_reason = rng.choice((CancelReason.PATIENT, CancelReason.PATIENT, CancelReason.OTHER))
        _mark(visits, made, "cancelled", visits.staff[Channel.PHONE], at, to=Status.CANCELLED)
    elif status == Status.NOSHOW:
        at = min(made.starts_at + timedelta(minutes=20), now)
        was, made.status = made.status, Status.NOSHOW
        _event(visits, made, "noshow", desk, at, from_status=was)
    elif status != Status.BOOKED:
        arrived = min(made.starts_at - timedelta(minutes=rng.randint(2, 12)), now - timedelta(minutes=1))
        _mark(visits, made, "arrived", desk, arrived, to=Status.ARRIVED)
        if status in (Status.CHECKED_IN, Status.FULFILLED):
            _mark(visits, made, "started", doctor, max(arrived, made.starts_at), to=Status.CHECKED_IN)
        if status == Status.FULFILLED:
            _mark(visits, made, "finished", doctor, made.ends_at - timedelta(minutes=1), to=Status.FULFILLED)


def _mark(visits: Visits, made: Appointment, step: str, by: Actor, at: datetime, *, to: str = "") -> None:
    setattr(made, f"{step}_at", at)
    setattr(made, f"{step}_by", by.ref)
    was, made.status = made.status, to or made.status
    _event(visits, made, step, by, at, from_status=was)


def _event(
    visits: Visits, made: Appointment, kind: str, by: Actor, at: datetime, *, from_status: str, **details: object
) -> None:
    visits.events.append(
        AppointmentEvent(
            appointment=made,
            at=at,
            kind=kind,
            from_status=from_status,
            to_status=made.status,
            actor=by.ref,
            actor_name=by.name,
            reason=made.cancel_reason if kind == "cancelled" else "",
            details=details,
        )
    )


def _follow_up(visits: Visits, shifts: dict[Shift, list[Slot]]) -> None:
    """Books follow-ups of some of last week's patients with the same doctor."""
    done = [made for made in visits.appointments if made.status == Status.FULFILLED]
    made = 0
    for earlier in visits.rng.sample(done, len(done)):
        places = [
            (shift, run[:length])
            for shift, slots in shifts.items()
            if shift.doctor_id == earlier.doctor_id
            for slot in slots
            if (run := _free_run(slots, slot)) and (length := _cells(run, earlier.service))
        ]
        if made == FOLLOW_UPS or earlier.patient_id in visits.following or not places:
            continue
        shift, run = visits.rng.choice(places)
        day = timezone.localdate(run[0].starts_at)
        if age_on(earlier.patient.birth_date, day) > visits.doctors[shift.doctor_id].max_age:
            continue
        visits.following.add(earlier.patient_id)
        _book(visits, shift, run, earlier.patient, earlier.service, earlier=earlier)
        made += 1


def _cells(run: list[Slot], service: Service) -> int:
    """Returns how many slots the service takes; none when the run is too short."""
    until = run[0].starts_at + timedelta(minutes=service.minutes)
    return sum(slot.starts_at < until for slot in run) if run[-1].ends_at >= until else 0


def _cancel_some(visits: Visits, shifts: dict[Shift, list[Slot]]) -> None:
    """Visits to come that were cancelled: their time is free or was taken by another since."""
    places = [(shift, slot) for shift, slots in shifts.items() for slot in slots if not slot.absence_id]
    for shift, slot in visits.rng.sample(places, CANCELLED_AHEAD):
        service = visits.offers[shift.doctor_id][0]
        patient = visits.next_patient(visits.doctors[shift.doctor_id], slot.starts_at)
        _book(visits, shift, [slot], patient, service, status=Status.CANCELLED)
