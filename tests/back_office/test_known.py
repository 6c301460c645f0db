"""W02: the card of whoever phones in says what is kept for them, booked, waited for, untold, and what was said last."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import booking
from foundation.accounts.actors import staff
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import CallOutcome
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import entries as waiting
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in, operator):
    return sign_in(operator)


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def doctor(specialty):
    return make.doctor(make.service(specialty))


def known(client, patient):
    return client.get(reverse("office:caller_wishes", args=[patient.pk])).context["known"]


def said(client, patient):
    return [(banner.title, banner.words) for banner in known(client, patient)]


def offered(specialty, doctor):
    entry = make.entry(specialty)
    matching.offer_slot(slot=make.slots_of(make.shift(doctor, days=3, slots=1))[0].pk)
    return SlotOffer.objects.get(entry=entry)


def test_of_a_stranger_nothing_is_known(client):
    assert known(client, make.patient()) == []


def test_a_time_for_whoever_phones_in_comes_first_and_is_told_by_one_press(client, operator, specialty, doctor):
    offer = offered(specialty, doctor)
    first, second = known(client, offer.patient)
    assert (first.title, first.task) == ("Освободилось подходящее время", offer.task_id)
    assert "Белова А.С., Приём дерматолога" in first.words
    assert second.words.startswith("№ 1 из 1, 0 дней, дерматолог")
    call = client.post(reverse("office:task_claim", args=[first.task]))
    assert call.url == reverse("office:call", args=[offer.pk])
    assert said(client, offer.patient)[0][0] == "Держим для пациента"
    phoning.give_back(offer=offer.pk, by=staff(operator))
    assert not Slot.objects.filter(hold_token=offer.pk).exists()


def test_visits_ahead_are_told_the_nearest_first(client, doctor):
    later, nearer = (make.slots_of(make.shift(doctor, days=days, slots=1))[0] for days in (5, 2))
    patient = make.patient()
    visits = [make.appointment(slot, of=patient) for slot in (later, nearer)]
    booked = known(client, patient)
    assert [banner.title for banner in booked] == ["Уже есть запись"] * 2
    pages = [reverse("office:appointment", args=[visit.pk]) for visit in reversed(visits)]
    assert [banner.page for banner in booked] == pages


def test_w27_the_place_is_that_of_the_specialty(client, specialty):
    make.entry(make.specialty("Трихология"))
    before, mine = make.entry(specialty), make.entry(specialty)
    urgent = make.entry(specialty)
    assert waiting.places([mine])[mine.pk] == (2, 3)
    WaitlistEntry.objects.filter(pk=urgent.pk).update(
        priority="1urgent", urgent_reason="боль", urgent_by_name="Вера", urgent_at=urgent.arrived_at
    )
    places = waiting.places(WaitlistEntry.objects.filter(specialty=specialty))
    assert [places[entry.pk].number for entry in (before, mine, urgent)] == [2, 3, 1]
    (banner,) = known(client, before.patient)
    assert (banner.words.split(",")[0], banner.page) == ("№ 2 из 3", reverse("office:entry", args=[before.pk]))


def test_a_message_that_has_not_arrived_and_a_visit_that_falls_through_are_told_in_the_same_talk(client, doctor):
    patient = make.patient(phone="")
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=patient)
    booking.renew_untold()
    make.away(doctor, 2, 2)
    tasks = {task.kind: task.pk for task in Task.objects.filter(subject=visit.pk, state="open")}
    calls = {banner.title: banner.task for banner in known(client, patient) if banner.task}
    assert calls["Перезаписать"] == tasks[TaskKind.REBOOK]
    assert set(calls.values()) == set(tasks.values())


def test_how_the_last_call_ended_is_told_with_its_note(client, operator, specialty, doctor):
    offer, by = offered(specialty, doctor), staff(operator)
    phoning.claim(offer=offer.pk, by=by)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, note="неудобно утром", by=by)
    title, words = said(client, offer.patient)[-1]
    assert title.startswith("Последний звонок, ")
    assert "неудобно утром" in words


def test_what_is_known_costs_the_same_for_one_visit_and_for_five(client, doctor):
    patient, counts = make.patient(), []
    for days in (range(2, 3), range(3, 7)):
        for day in days:
            make.appointment(make.slots_of(make.shift(doctor, days=day, slots=1))[0], of=patient)
        known(client, patient)
        with CaptureQueriesContext(connection) as asked:
            known(client, patient)
        counts.append(len(asked))
    assert counts[0] == counts[1]
