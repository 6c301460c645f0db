"""The waitlist: most wait for the doctor who is full, so that one cancelled visit finds its patient."""

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from foundation.accounts.actors import Actor, site_visitor
from patients.ages import MAJORITY, age_on
from patients.choices import Channel
from patients.models import Patient
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, Doctor, Slot, Specialty
from standalone.demo import days, reference
from standalone.demo.backdated import backdated
from standalone.demo.people import People
from waitlist import wishes
from waitlist.actions.outcomes import ENDS
from waitlist.choices import CallOutcome, EntryState, OfferState
from waitlist.fit import nearest_fits
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest
from worklist.choices import Priority, TaskKind, TaskState
from worklist.models import Task

OPEN_ENTRIES = 40
FOR_THE_FULL_DOCTOR = 26
FOR_THE_DOCTOR_ON_LEAVE = 6
REQUESTS = 6
CALLED = 7
BOOKED_FROM_LIST = 3
UNREACHABLE = 2
URGENT = (4, 30)
NOTES = (
    "",
    "",
    "",
    "Может приехать в течение часа.",
    "Звонить после 14:00.",
    "Едет из Гатчины, нужно время на дорогу.",
)
OUTCOMES = (CallOutcome.NO_ANSWER, CallOutcome.DECLINED_SLOT, CallOutcome.BUSY, CallOutcome.CALL_BACK)
HOURS = ((time.min, time.max), (time(9), time(13)), (time(17), time(21)))


def build(
    *,
    rng: random.Random,
    now: datetime,
    people: People,
    doctors: dict[str, Doctor],
    appointments: list[Appointment],
    by: Actor,
) -> None:
    busy = {made.patient_id for made in appointments}
    idle = iter(rng.sample([patient for patient in people.patients if patient.pk not in busy], 300))
    grown = (patient for patient in idle if age_on(patient.birth_date, people.today) >= MAJORITY + 1)
    entries = list(_open(rng, now, grown, doctors, by))
    for entry in entries[-UNREACHABLE:]:
        entry.state = EntryState.UNREACHABLE
    for entry in entries:
        # Sweeps announce what fits a waiting patient; those who refused what is free wait for what becomes free.
        if entry.state == EntryState.WAITING:
            entry.sought_until = now if nearest_fits(wishes.of(entry), patient=entry.patient, limit=1) else None
    full = doctors[reference.FULL]
    booked = list(_booked(appointments, full, by))
    with backdated(WaitlistEntry, "created_at"):
        WaitlistEntry.objects.bulk_create([*entries, *booked])
    _call(rng, entries[:CALLED] + entries[-UNREACHABLE:], full, now, by)
    _hand_over(rng, now, grown, doctors)


def _open(
    rng: random.Random, now: datetime, people: Iterator[Patient], doctors: dict[str, Doctor], by: Actor
) -> Iterator[WaitlistEntry]:
    """Makes open entries in order of arrival.

    The first waits longest and is flexible, so any freed time of the full doctor fits them.
    """
    today = timezone.localdate(now)
    others = [slug for slug in doctors if slug not in (reference.FULL, reference.ON_LEAVE, "zhuravleva")]
    for number in range(OPEN_ENTRIES):
        wishes: dict[str, object] = {"date_from": today}
        arrived_at = _working_hours(now - timedelta(days=12) + timedelta(hours=6.5 * number))
        if number < FOR_THE_FULL_DOCTOR:
            doctor = doctors[reference.FULL]
        elif number < FOR_THE_FULL_DOCTOR + FOR_THE_DOCTOR_ON_LEAVE:
            doctor = doctors[reference.ON_LEAVE]
            wishes["date_until"] = today + timedelta(days=days.LEAVE_DAYS - 1)
        else:
            doctor = doctors[rng.choice(others)]
            hours = rng.choice(HOURS)
            wishes |= {"time_from": hours[0], "time_until": hours[1], "weekdays": rng.choice(([], [1, 3, 5], [2, 4]))}
        yield WaitlistEntry(
            patient=(patient := next(people)),
            birth_date=patient.birth_date,
            specialty=_specialty(doctor),
            doctor_ids=[doctor.pk] if number % 7 != 6 or doctor.slug == reference.FULL else [],
            notice_minutes=60,
            priority=Priority.URGENT if number in URGENT else Priority.NORMAL,
            urgent_reason="Врач просит на этой неделе" if number in URGENT else "",
            urgent_at=arrived_at if number in URGENT else None,
            urgent_by_name=by.name if number in URGENT else "",
            note=rng.choice(NOTES),
            arrived_at=arrived_at,
            created_at=arrived_at,
            created_by=by.ref,
            created_by_name=by.name,
            **wishes,
        )


def _working_hours(moment: datetime) -> datetime:
    """Moves a moment into ten to six of the same day; the order of moments stays."""
    local = timezone.localtime(moment)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=10) + (local - midnight) / 3


def _specialty(doctor: Doctor) -> Specialty:
    return doctor.specialties.order_by("order")[0]


def _booked(appointments: list[Appointment], full: Doctor, by: Actor) -> Iterator[WaitlistEntry]:
    """Yields entries that ended with one of the full doctor's visits."""
    phoned = [
        made
        for made in appointments
        if made.doctor_id == full.pk
        and made.channel == Channel.PHONE
        and made.status == AppointmentStatus.BOOKED
        and made.follow_up_of_id is None
    ]
    specialty = _specialty(full)
    for made in phoned[:BOOKED_FROM_LIST]:
        yield WaitlistEntry(
            patient=made.patient,
            birth_date=made.patient.birth_date,
            representation=made.representation,
            specialty=specialty,
            doctor_ids=[full.pk],
            date_from=timezone.localdate(made.created_at),
            state=EntryState.BOOKED,
            appointment=made,
            arrived_at=(arrived_at := made.created_at - timedelta(days=2)),
            created_at=arrived_at,
            created_by=by.ref,
            created_by_name=by.name,
            closed_at=made.created_at,
            closed_by=by.ref,
        )


def _call(
    rng: random.Random,
    entries: list[WaitlistEntry],
    full: Doctor,
    now: datetime,
    by: Actor,
) -> None:
    """Makes calls of the last days, each about one exact time that another patient has taken since."""
    gone = list(Slot.objects.filter(doctor=full, starts_at__lt=now, appointment__isnull=False))
    services = dict(Slot.objects.filter(pk__in=[slot.pk for slot in gone]).values_list("pk", "appointment__service"))
    offers: list[SlotOffer] = []
    calls: list[CallAttempt] = []
    for entry, slot in zip(entries, rng.sample(gone, len(entries)), strict=True):
        at = _working_hours(slot.starts_at - timedelta(hours=rng.randint(20, 44)))
        at = min(max(at, entry.created_at + timedelta(minutes=30)), now - timedelta(minutes=30))
        lost = entry.state == EntryState.UNREACHABLE
        outcome = CallOutcome.WRONG_NUMBER if lost else rng.choice(OUTCOMES)
        state = ENDS.get(outcome, OfferState.LAPSED)
        offer = SlotOffer(
            entry=entry,
            patient_id=entry.patient_id,
            slot=slot,
            doctor=full,
            service_id=services[slot.pk],
            starts_at=slot.starts_at,
            state=state,
            created_at=at - timedelta(minutes=10),
            expires_at=at + timedelta(minutes=20),
            ended_at=at + timedelta(minutes=20),
        )
        offer.task = _task(offer, outcome, attempts=1, by=by)
        offers.append(offer)
        entry.attempts = offer.task.attempts
        entry.last_contact_at = at
        calls.extend(
            _attempt(entry, offer, outcome, at - timedelta(minutes=3 * turn), by) for turn in range(entry.attempts)
        )
    WaitlistEntry.objects.bulk_update(entries, ["attempts", "last_contact_at"])
    with backdated(Task, "created_at"):
        Task.objects.bulk_create([offer.task for offer in offers])
    with backdated(SlotOffer, "created_at"):
        SlotOffer.objects.bulk_create(offers)
    with backdated(CallAttempt, "at"):
        CallAttempt.objects.bulk_create(sorted(calls, key=lambda call: call.at))


def _task(offer: SlotOffer, outcome: CallOutcome, *, attempts: int, by: Actor) -> Task:
    return Task(
        kind=TaskKind.FREED_TIME,
        subject=offer.entry_id,
        patient_id=offer.patient_id,
        phone=offer.entry.patient.phone,
        priority=offer.entry.priority,
        waiting_since=offer.entry.arrived_at,
        due_at=offer.starts_at,
        expires_at=offer.expires_at,
        attempts=attempts,
        state=TaskState.DONE,
        outcome=outcome,
        created_at=offer.created_at,
        closed_at=offer.ended_at,
        closed_by=by.ref,
    )


def _attempt(entry: WaitlistEntry, offer: SlotOffer, outcome: CallOutcome, at: datetime, by: Actor) -> CallAttempt:
    return CallAttempt(
        entry=entry,
        offer=offer,
        number=entry.patient.phone,
        outcome=outcome,
        at=at,
        call_back_at=at + timedelta(hours=4) if outcome == CallOutcome.CALL_BACK else None,
        note="Неудобно утром" if outcome == CallOutcome.DECLINED_SLOT else "",
        by=by.ref,
        by_name=by.name,
    )


def _hand_over(rng: random.Random, now: datetime, people: Iterator[Patient], doctors: dict[str, Doctor]) -> None:
    """Makes requests left on the site since yesterday by people the register may or may not know."""
    visitor = site_visitor(session="demo")
    requests = []
    for number in range(REQUESTS):
        patient = next(people)
        slug = rng.choice((reference.FULL, reference.ON_LEAVE))
        requests.append(
            WaitlistRequest(
                channel=Channel.SITE,
                last_name=patient.last_name,
                first_name=patient.first_name,
                patronymic=patient.patronymic,
                birth_date=patient.birth_date,
                phone=patient.phone,
                specialty=_specialty(doctors[slug]),
                doctor_ids=[doctors[slug].pk],
                date_from=timezone.localdate(now),
                created_at=now - timedelta(hours=3 * (REQUESTS - number)),
                created_by=visitor.ref,
            )
        )
    with backdated(WaitlistRequest, "created_at"):
        WaitlistRequest.objects.bulk_create(requests)
