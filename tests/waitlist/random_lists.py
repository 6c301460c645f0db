"""Draws waiting lists for one doctor's day, with every kind of wish, pause and visit, as rows and as plain values."""

import random
from datetime import time, timedelta
from uuid import uuid4

import time_machine
from django.utils import timezone

from foundation.changes import as_text
from patients.models import Patient
from scheduling.models import Appointment, Slot
from tests import factories as make
from tests.waitlist.reference import Day, Person, Visit
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from worklist.models import Claim, PhonedNumber, Task

DAYS = (2, 4, 6)
SLOTS = 7
INSTEAD = "+79990000001"
"""A number at which some people are phoned in place of theirs."""


class Clinic:
    """Two doctors, one of them for children, and twelve people: families with one number, visits of every day."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.skin, self.hair = make.specialty(), make.specialty("Трихология", "трихолог")
        dermatoscopy = make.service(self.skin, name="Дерматоскопия", kind="examination", order=1)
        visit = make.service(self.skin, order=2)
        self.skin_services = [dermatoscopy, visit, make.service(self.skin, name="Лазер", minutes=60, order=3)]
        self.hair_services = [make.service(self.hair, minutes=45)]
        self.services = [*self.skin_services, *self.hair_services]
        self.doctors = [make.doctor(*self.services), make.doctor(*self.skin_services, max_age=17)]
        self.given = dict(zip((each.pk for each in self.doctors), (self.services, self.skin_services), strict=True))
        self.slots = [
            make.slots_of(make.shift(doctor, days=days, starts="08:00", slots=SLOTS))
            for doctor in self.doctors
            for days in DAYS
        ]
        self.absence = make.absence(make.doctor(), make.moment(1, "08:00"), make.moment(1, "09:00"))
        self.people = self._people()
        self.keys = {each.pk: as_text(each.phone) or str(each.pk) for each in self.people}
        self.representations = {}
        self._child_of(self.people[0])
        self.visits = [visit for each in self.people for visit in self._visits(each)]
        self.somebody_else = make.entry(make.specialty("УЗИ", "узист"))

    def _people(self):
        ages = [34, 41, 70, 16, 12, 25, 52, 18, 17]
        people = [make.patient(years=age) for age in ages]
        return [*people, make.patient(years=30, phone=as_text(people[0].phone)), make.patient(years=33, phone="")]

    def _child_of(self, mother):
        """Adds a child whose mother is phoned, at the number by which she waits herself."""
        child = make.child()
        self.people.append(child)
        self.representations[child.pk] = make.parent_of(child, phone=as_text(mother.phone))
        self.keys[child.pk] = as_text(mother.phone)

    def _visits(self, patient):
        """Makes a visit of another specialty at the hours of each day, and two that may meet a wish."""
        elsewhere = self.chance.choice(DAYS)
        yield self._visit(patient, make.service(make.specialty("ЛОР", "лор")), elsewhere, "08:30")
        yield self._visit(patient, self.skin_services[1], 5, "18:00")
        yield self._visit(patient, self.skin_services[2], 7, "09:00")

    def _visit(self, patient, service, days, starts):
        slots = make.slots_of(make.shift(make.doctor(service), days=days, starts=starts, slots=2))
        who = self.representations.get(patient.pk)
        return make.appointment(slots[0], of=patient, service=service, **({"representative": who} if who else {}))

    def drawn(self):
        """Writes one more random list and returns the day, the freed slot, and the people of the list."""
        return List(self).drawn()


class List:
    """One random list; its rows are gone with the transaction of the caller."""

    def __init__(self, clinic):
        self.clinic, self.chance = clinic, clinic.chance
        self.now, self.slots = timezone.now(), clinic.chance.choice([*3 * clinic.slots[: len(DAYS)], *clinic.slots])
        self.freed = self.chance.choice(self.slots)
        self.tasks, self.offers = [], []

    def drawn(self):
        people = self.chance.sample(self.clinic.people, self.chance.randint(3, 9))
        ahead = self._visits(people)
        self._ways(people)
        entries = [self._entry(patient) for patient in people]
        WaitlistEntry.objects.bulk_create(entries)
        resting = self._resting()
        found = [self._person(patient, entry, ahead, resting) for patient, entry in zip(people, entries, strict=True)]
        free = self._free()
        Task.objects.bulk_create(self.tasks)
        SlotOffer.objects.bulk_create(self.offers)
        doctor = self.slots[0].doctor
        return Day(doctor, self.clinic.given[doctor.pk], self.slots, free, self.now), self.freed, found

    def _visits(self, people):
        """Has some of the visits take place and no others; returns them by patient."""
        coming = [visit for visit in self.clinic.visits if self.chance.random() < 0.4]
        Appointment.objects.update(status="noshow")
        Appointment.objects.filter(pk__in=[visit.pk for visit in coming]).update(status="booked")
        return {person.pk: [visit for visit in coming if visit.patient_id == person.pk] for person in people}

    def _ways(self, people):
        """Has some people ask to be reached in one way alone."""
        for patient in people:
            patient.contact_way = self.chance.choice([*8 * [""], "writing", "calls"])
        Patient.objects.bulk_update(people, ["contact_way"])

    def _entry(self, patient):
        chance, today = self.chance, timezone.localdate()
        of = chance.choice([*4 * [self.clinic.skin], self.clinic.hair])
        services = self.clinic.skin_services if of == self.clinic.skin else self.clinic.hair_services
        from_hour, urgent = chance.choice([*6 * [0], 8, 9]), chance.random() < 0.2
        return WaitlistEntry(
            patient=patient,
            birth_date=patient.birth_date,
            representation=self.clinic.representations.get(patient.pk),
            specialty=of,
            service=chance.choice([*4 * [None], *services]),
            doctor_ids=[doctor.pk for doctor in self.clinic.doctors if chance.random() < 0.15],
            not_doctor_ids=[doctor.pk for doctor in self.clinic.doctors if chance.random() < 0.1],
            date_from=today + timedelta(days=chance.choice([*6 * [0], 3])),
            date_until=chance.choice([*4 * [None], today + timedelta(days=chance.randint(3, 6))]),
            weekdays=sorted(chance.sample(range(1, 8), chance.choice([*5 * [0], 4, 6]))),
            time_from=time(from_hour),
            time_until=chance.choice([*5 * [time.max], time(from_hour + 2, 45)]),
            notice_minutes=chance.choice([*4 * [0], 60, 4 * 24 * 60]),
            priority="1urgent" if urgent else "2normal",
            urgent_reason="врач просил" if urgent else "",
            state=chance.choice([*8 * ["waiting"], "offered", "unreachable"]),
            phone=chance.choice([*9 * [""], INSTEAD]),
            not_before=chance.choice([*6 * [None], *(self.now + timedelta(hours=hours) for hours in (-1, 1, 90))]),
            rests_until=chance.choice([*8 * [None], *(self.now + timedelta(days=days) for days in (-1, 1))]),
            arrived_at=self.now - timedelta(minutes=chance.randint(1, 10**6)),
            created_by=make.TEST.ref,
            created_by_name=make.TEST.name,
        )

    def _resting(self):
        """Dials some numbers and begins some calls; returns the numbers that are left in peace."""
        keys = sorted({*self.clinic.keys.values(), INSTEAD})
        dialled = {key: self.chance.choice([-1, 30]) for key in keys if self.chance.random() < 0.2}
        called = {key: self.chance.choice([-1, 5]) for key in keys if self.chance.random() < 0.1}
        PhonedNumber.objects.bulk_create(
            PhonedNumber(key=key, dialled_at=self.now, paused_until=self._in(minutes))
            for key, minutes in dialled.items()
        )
        Claim.objects.bulk_create(
            Claim(key=key, by=f"staff:{number}", by_name="Оператор", until=self._in(minutes))
            for number, (key, minutes) in enumerate(called.items())
        )
        return {key for known in (dialled, called) for key, minutes in known.items() if minutes > 0}

    def _person(self, patient, entry, ahead, resting):
        key = as_text(entry.phone) or self.clinic.keys[patient.pk]
        visits = [Visit(each.pk, each.service, each.starts_at, each.ends_at) for each in ahead[patient.pk]]
        writes = entry.patient.contact_way == "writing"
        phoned_at = self._calls(entry)
        rests = key in resting
        person = Person(entry, patient.birth_date, key, visits, rests=rests, writes=writes, phoned_at=phoned_at)
        for slot in self.slots:
            kind = self.chance.choice([*12 * [""], "declined", "also", "told", "lapsed", "twice", "withdrawn"])
            if kind == "declined":
                self._offer(entry, slot, "declined")
                person.declined.add(slot.pk)
            elif kind == "also":
                self._offer(entry, self.clinic.slots[0][0], "declined", also=[slot.pk])
                person.declined |= {slot.pk, self.clinic.slots[0][0].pk}
            elif kind == "told":
                entry.declined.append(slot.pk)
                person.declined.add(slot.pk)
            elif kind in ("lapsed", "twice"):
                for _ in range(1 + (kind == "twice")):
                    self._offer(entry, slot, "lapsed", also=[self.freed.pk])
                    person.not_reached.append(slot.pk)
            elif kind == "withdrawn":
                self._offer(entry, slot, "withdrawn")
        entry.save(update_fields=["declined"])
        return person

    def _calls(self, entry):
        """Has some people phoned several times in the last days; a busy line nobody has felt."""
        phoned_at = []
        for days in (2, 9):
            outcomes = self.chance.choices(["busy", *3 * ["no_answer"]], k=self.chance.choice([*5 * [0], 5, 8, 11]))
            with time_machine.travel(self.now - timedelta(days=days), tick=False):
                CallAttempt.objects.bulk_create(
                    CallAttempt(entry=entry, outcome=outcome, by="staff:1", by_name="Оператор") for outcome in outcomes
                )
            phoned_at += [self.now - timedelta(days=days) for outcome in outcomes if outcome != "busy"]
        return phoned_at

    def _free(self):
        """Has some slots taken: by visitors, by an absence, by a call to somebody else; returns those that are free."""
        offered, free = self.chance.choice([None, None, *self.slots]), {self.freed.pk}
        for slot in self.slots:
            how = self.chance.choice([*8 * [""], "desk", "lapsed", "refusal", "absence"])
            if slot == self.freed:
                continue
            if slot == offered:
                self._offer(self.clinic.somebody_else, slot, "proposed", ended_at=None)
            elif how == "absence":
                Slot.objects.filter(pk=slot.pk).update(absence=self.clinic.absence)
            elif how:
                self._hold(slot, how)
            if slot != offered and how not in ("absence", "desk"):
                free.add(slot.pk)
        return free

    def _hold(self, slot, how):
        """Holds a slot; the waitlist's first refusal keeps it together with the freed one."""
        kept = how == "refusal"
        held = {
            "hold_token": self.clinic.somebody_else.pk if kept else uuid4(),
            "hold_owner": make.TEST.ref,
            "hold_reason": "refusal" if kept else "desk",
            "held_until": self._in(-1 if how == "lapsed" else 9),
        }
        Slot.objects.filter(pk__in=[slot.pk, *([self.freed.pk] if kept else [])]).update(**held)

    def _offer(self, entry, slot, state, **columns):
        task = Task(
            kind="freed_time",
            subject=uuid4(),
            waiting_since=self.now,
            due_at=slot.starts_at,
            state="dropped",
            closed_at=self.now,
            closed_by=make.TEST.ref,
        )
        self.tasks.append(task)
        self.offers.append(
            SlotOffer(
                entry=entry,
                patient_id=entry.patient_id,
                slot=slot,
                doctor_id=slot.doctor_id,
                service=self.clinic.skin_services[1],
                starts_at=slot.starts_at,
                state=state,
                expires_at=self.now,
                task=task,
                **{"ended_at": self.now} | columns,
            )
        )

    def _in(self, minutes):
        return self.now + timedelta(minutes=minutes)
