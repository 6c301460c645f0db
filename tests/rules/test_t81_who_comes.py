"""T81, K27: a minor is judged by the age on the day of the visit, also when it is moved over a birthday."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from patients.choices import Relation
from scheduling import links
from scheduling.models import Appointment
from tests import factories as make
from tests.rules.papers.people import BIRTH, DAYS, ID, NOON, PEOPLE, POWER, told
from tests.rules.papers.roads import acts_for, free_doctor, known, page, signed_in
from waitlist import matching
from worklist.models import Task

pytestmark = pytest.mark.django_db
EARLIER = 1
"""The visit is booked for so many days ahead, and moved to the birthday."""


@pytest.fixture(autouse=True)
def _first_of_june():
    with time_machine.travel(NOON, tick=False):
        yield


BIRTHDAYS = {
    "14, with the mother": ({ID, BIRTH}, set()),
    "15, alone": ({ID}, {14}),
    "15, with a trustee": ({ID, BIRTH}, {14}),
    "18, for whom the mother calls": ({ID, BIRTH}, {15}),
}
"""What is told of the day before the birthday."""


def moved_at_the_desk(visit, slot):
    move = reverse("office:appointment_move", args=[visit.pk])
    return signed_in(Role.REGISTRAR).post(move, {"to": slot.pk}, follow=True)


def moved_by_the_link(visit, slot):
    return Client().post(reverse("site:visit_move", args=[links.token_for(visit.pk)]), {"slot": slot.pk}, follow=True)


def moved_in_a_call(visit, slot):
    desk = signed_in(Role.OPERATOR)
    make.away(visit.doctor, EARLIER, EARLIER)
    task = booking.claim_task(task=Task.objects.get().pk, by=staff(desk.user))
    return desk.post(reverse("office:rebooking_move", args=[task.pk]), {"to": slot.pk}, follow=True)


MOVED = [(road, who) for road in (moved_at_the_desk, moved_by_the_link, moved_in_a_call) for who in BIRTHDAYS]
MOVED.remove((moved_by_the_link, "15, alone"))  # nobody under 18 books, or moves, alone on the site


@pytest.mark.parametrize(("road", "who"), MOVED)
def test_t81_a_visit_moved_over_a_birthday_is_told_anew(client, road, who):
    comes, doctor = PEOPLE[who], free_doctor(EARLIER)
    (patient, acts), later = known(comes), make.slots_of(make.shift(doctor, days=DAYS))[0]
    case = {"service": doctor.services.get(), "patient": patient, "representative": acts, "by": make.TEST}
    visit = booking.by_phone(slot=doctor.slots.order_by("starts_at")[0].pk, **case)
    card = reverse("site:visit", args=[links.token_for(visit.pk)])
    assert told(page(client.get(card))) == BIRTHDAYS[who]
    assert told(page(road(visit, later))) == told(page(client.get(card))) == comes.told
    assert Appointment.objects.get().starts_at == later.starts_at


MAY_COME = [
    ("a child with its mother", [({ID, BIRTH}, set()), ({ID, BIRTH, POWER}, set())]),
    ("14, alone", [({ID}, {14}), ({ID, BIRTH}, {14}), ({ID, BIRTH, POWER}, {14})]),
    ("18, for whom the mother calls", [({ID}, set())]),
]
"""The mother and the nanny act for the patient, and a patient of 14 may come alone."""


@pytest.fixture
def waiting():
    """An entry that names nobody; a time is offered."""

    def waiting(who):
        doctor, comes = free_doctor(), PEOPLE[who]
        patient = make.patient(birth_date=comes.born(make.moment(DAYS).date()))
        for relation, name in ((Relation.PARENT, "Орлова"), (Relation.ATTORNEY, "Ким")):
            acts_for(patient, relation, last_name=name)
        entry = make.entry(doctor.specialties.get(), who=patient)
        return doctor, entry

    return waiting


@pytest.mark.parametrize(("who", "may_come"), MAY_COME)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_t80_each_who_may_come_to_the_offered_time_is_told_their_own(waiting, who, may_come, number):
    if number >= len(may_come):
        return
    doctor, _entry = waiting(who)
    matching.offer_slot(slot=doctor.slots.order_by("starts_at")[0].pk)
    desk = signed_in(Role.OPERATOR)
    call = desk.post(reverse("office:call_next"), follow=True)
    applicants = call.context["applicants"]
    assert [told(each.told.papers + each.told.minor) for each in applicants] == may_come
    book = reverse("office:call_book", args=[call.context["offer"].pk])
    sent = {"key": call.context["key"], "who": applicants[number].value}
    assert told(page(desk.post(book, sent, follow=True))) == may_come[number]


@pytest.mark.parametrize(("who", "may_come"), MAY_COME)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_t80_a_time_of_the_entry_is_booked_with_whoever_comes(waiting, who, may_come, number):
    if number >= len(may_come):
        return
    _doctor, entry = waiting(who)
    desk = signed_in(Role.OPERATOR)
    time, key = desk.get(reverse("office:entry", args=[entry.pk])).context["times"][0]
    assert [told(each.told.papers + each.told.minor) for each in time.applicants] == may_come
    sent = {"slot": time.slot.pk, "service": time.service.pk, "key": key, "who": time.applicants[number].value}
    assert told(page(desk.post(reverse("office:entry_book", args=[entry.pk]), sent, follow=True))) == may_come[number]


@pytest.mark.parametrize("who", PEOPLE)
def test_k27_the_panel_of_the_desk_says_who_comes_and_who_consents(who):
    comes, doctor = PEOPLE[who], free_doctor()
    patient, _acts = known(comes)
    at = reverse("office:book", args=[doctor.slots.order_by("starts_at")[0].pk], query={"patient": patient.pk})
    _papers, minors = told(page(signed_in(Role.REGISTRAR).get(at)))
    assert minors == comes.told[1]


def test_k27_the_sentences_are_a_setting(settings):
    settings.TOLD_OF_MINORS = {16: "С 16 лет — иначе."}
    doctor, (patient, _acts) = free_doctor(), known(PEOPLE["a day before 18, alone"])
    at = reverse("office:book", args=[doctor.slots.order_by("starts_at")[0].pk], query={"patient": patient.pk})
    assert "С 16 лет — иначе." in page(signed_in(Role.REGISTRAR).get(at))
    young, _acts = known(PEOPLE["15, alone"])
    at = reverse("office:book", args=[doctor.slots.order_by("starts_at")[0].pk], query={"patient": young.pk})
    assert told(page(signed_in(Role.REGISTRAR).get(at)))[1] == set()


def test_t80_for_another_adult_the_patients_own_paper_is_named():
    """Whoever calls for them brings nothing."""
    doctor, (patient, _acts) = free_doctor(), known(PEOPLE["an adult"])
    desk, query = signed_in(Role.OPERATOR), {"specialty": doctor.specialties.get().pk, "who": "other"}
    wishes = desk.get(reverse("office:caller_wishes", args=[patient.pk]), query)
    time, key = wishes.context["times"][0]
    book = reverse("office:caller_book", args=[patient.pk], query=query)
    answer = desk.post(book, {"slot": time.slot.pk, "service": time.service.pk, "key": key}, follow=True)
    assert (told(page(wishes)), told(page(answer))) == (({ID}, set()), ({ID}, set()))


@pytest.mark.parametrize("who", ["14, alone", "a day before 14, with the mother"])
def test_t81_a_patient_who_is_fourteen_on_the_day_may_call_alone(who):
    """Nobody is 14 yet: the patient is offered on the line, and the day of the visit decides."""
    comes, doctor = PEOPLE[who], free_doctor()
    patient = make.patient(birth_date=comes.born(make.moment(DAYS).date()))
    desk, query = signed_in(Role.OPERATOR), {"specialty": doctor.specialties.get().pk}
    wishes = reverse("office:caller_wishes", args=[patient.pk])
    assert desk.get(wishes, query).context["who"].chosen == ""
    alone = desk.get(wishes, query | {"who": "self"})
    time, key = alone.context["times"][0]
    book = reverse("office:caller_book", args=[patient.pk], query=query | {"who": "self"})
    answer = desk.post(book, {"slot": time.slot.pk, "service": time.service.pk, "key": key})
    assert answer.status_code == (422 if comes.late else 302)
