"""T47: whoever is shown a patient is written down, on every page of the office."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import ROLE_PERMISSIONS, Role
from foundation.audit import trail
from foundation.audit.models import AuditEvent
from foundation.clock import day_start
from patients.choices import Channel
from scheduling.choices import AbsenceKind
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from tests.clinic.urls_walk import pages
from waitlist import matching
from waitlist.models import SlotOffer
from worklist.choices import TaskKind
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

SURNAME = "Незабудкина"
ELSEWHERE = ("/office/outbox/",)
"""What is sent is looked for by phone and names nobody."""


@pytest.fixture
def patient():
    return make.patient(last_name=SURNAME)


@pytest.fixture
def people():
    return {role: make.user(role) for role in Role}


@pytest.fixture
def ids(patient, people):
    """Something that concerns the patient for every kind of id that stands in an address."""
    specialty = make.specialty()
    doctor = make.doctor(make.service(specialty), user=people[Role.DOCTOR])
    waiting = make.specialty("Трихология", "трихолог")
    busy = make.doctor(make.service(waiting))
    entry = make.entry(waiting, who=patient)
    matching.offer_slot(slot=make.slots_of(make.shift(busy, days=3, slots=1))[0].pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=staff(people[Role.OPERATOR]))
    booked, free, seen, lost = make.slots_of(make.shift(doctor, days=1, slots=4))
    stranded = make.appointment(lost, of=patient)
    wishes = make.wishes(specialty)
    person = make.person(last_name=SURNAME)
    return {
        "patient_id": patient.pk,
        "slot_id": free.pk,
        "appointment_id": make.appointment(booked, of=patient).pk,
        "visit_id": finished(make.appointment(seen, of=patient)).pk,
        "entry_id": entry.pk,
        "offer_id": offer.pk,
        "question": "unmet",
        "call_id": uuid4(),
        "claim_id": Claim.objects.get().pk,
        "request_id": booking.hand_over(
            person=person, patient=patient, wishes=wishes, channel=Channel.REGISTRY, by=make.TEST
        ).pk,
        "doctor_id": doctor.pk,
        "person_id": people[Role.DOCTOR].pk,
        "kind": "specialty",
        "row_id": specialty.pk,
        "shift_id": booked.shift_id,
        "absence_id": make.away(doctor, kind=AbsenceKind.SICK).pk,
        "rule_id": doctor.pk,
        "representation_id": make.parent_of(patient).pk,
        "merge_id": booking.merge_patients(kept=patient, merged=make.patient(), chosen=[], by=make.TEST).merge.pk,
        "task_id": Task.objects.get(kind=TaskKind.REBOOK, subject=stranded.pk).pk,
        "case_id": booking.open_emergency(by=make.TEST).pk,
    }


def finished(visit: Appointment) -> Appointment:
    start = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    booking.check_in(appointment=visit.pk, by=make.TEST)
    booking.finish(appointment=visit.pk, by=make.TEST)
    return visit


SEARCHES = {"office:patients": "q", "office:caller": "caller", "office:waitlist": "q"}


class Walk:
    """Asks for every address of the office, with GET and POST, and remembers which answers named the patient."""

    def __init__(self, client, patient, people) -> None:
        self.client, self.patient, self.people = client, patient, people
        self.named: set[str] = set()
        self.unrecorded: set[str] = set()

    def everywhere(self, ids) -> None:
        for page in pages():
            if page.rule == "public" or page.url.startswith(ELSEWHERE):
                continue
            role = next(role for role in Role if page.rule in ROLE_PERMISSIONS[role])
            self.client.logout()  # an open page does not record the same patient twice
            self.client.force_login(self.people[role], backend="foundation.accounts.backend.StaffBackend")
            address = reverse(page.name, kwargs={name: ids[name] for name in page.parts})
            self._look(f"GET {page.name}", self.client.get, f"{address}?patient={self.patient.pk}")
            self._look(f"POST {page.name}", self.client.post, address)
            if field := SEARCHES.get(page.name):
                self.client.post(address, {field: f"{self.patient.birth_date:%d.%m.%Y}"})
                self._look(f"search of {page.name}", self.client.get, address)

    def _look(self, name, ask, address) -> None:
        shown = AuditEvent.objects.filter(action="patient.shown", patient=self.patient.pk)
        before, answer = shown.count(), ask(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if is_page and SURNAME in answer.content.decode():
            self.named.add(name)
            if shown.count() == before:
                self.unrecorded.add(name)


@pytest.fixture
def walk(client, patient, people, ids):
    walk = Walk(client, patient, people)

    def walked() -> Walk:
        walk.everywhere(ids)
        return walk

    return walked


def test_no_page_shows_a_patient_without_a_record_of_it(walk):
    walked = walk()
    assert walked.unrecorded == set()
    assert len(walked.named) > 25, "too few pages came to name the patient: give the walk what they show"


def test_pages_without_a_record_are_noticed(walk, monkeypatch):
    monkeypatch.setattr(trail, "record_shown", lambda **_shown: None)
    walked = walk()
    assert walked.unrecorded == walked.named
