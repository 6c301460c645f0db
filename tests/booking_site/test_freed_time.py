"""The page of the private link: a person says whether a freed time would suit, without an account (R20, T42)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories as make
from waitlist import links
from waitlist.actions import calls
from waitlist.models import TimeAnswer, WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), days=3))[0]


@pytest.fixture
def entry(slot):
    return make.entry(slot.doctor.services.get().specialty, who=make.patient(first_name="Мария", last_name="Орлова"))


@pytest.fixture
def address(entry, slot):
    return reverse("site:freed_time", args=[links.token_for(make.question(entry, slot).pk)])


def shown(client, address):
    answer = client.get(address)
    return answer.status_code, answer.content.decode()


def answers():
    return list(TimeAnswer.objects.order_by("pk").values_list("reply", "reason"))


def test_the_page_tells_the_four_facts_and_that_nothing_is_booked(client, address, slot):
    status, words = shown(client, address)
    wall = timezone.localtime(slot.starts_at)
    for told in (slot.doctor.full_name, slot.shift.room.location.address, f"{wall:%H:%M}", "Мария"):
        assert told in words
    assert status == 200
    assert "Пока ничего не записано" in words


def test_the_page_names_neither_the_specialty_nor_the_surname(client, address, slot):
    _status, words = shown(client, address)
    service = slot.doctor.services.get()
    assert not [secret for secret in (service.name, service.specialty.name, "Орлова") if secret in words]


def test_looking_is_no_answer(client, address):
    client.get(address)
    client.head(address)
    assert answers() == []


def test_a_yes_books_nothing_and_holds_nothing(client, address, slot, entry):
    assert client.post(address, {"reply": "yes"}).url == address
    assert answers() == [("yes", "")]
    _status, words = shown(client, address)
    assert "Спасибо, мы вам позвоним" in words
    assert 'value="yes"' not in words
    slot.refresh_from_db()
    entry.refresh_from_db()
    assert (slot.appointment, slot.hold_token, entry.state) == (None, None, "waiting")


def test_a_no_with_a_reason_teaches_the_wishes(client, address, slot, entry):
    client.post(address, {"reply": "no", "reason": "doctor"})
    assert answers() == [("no", "doctor")]
    assert "о нём звонить не будем" in shown(client, address)[1]


def test_a_reason_goes_with_a_no_alone(client, address):
    client.post(address, {"reply": "yes", "reason": "weekday"})
    assert answers() == [("yes", "")]


@pytest.mark.parametrize("typed", [{}, {"reply": "perhaps"}, {"reply": "no", "reason": "elsewhere"}])
def test_what_is_no_answer_of_the_page_is_none(client, address, typed):
    client.post(address, typed)
    assert answers() == []


def test_pressed_twice_it_counts_once(client, address):
    for _ in range(2):
        assert client.post(address, {"reply": "yes"}).status_code == 302
    assert answers() == [("yes", "")]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_a_time_that_is_taken_says_so_and_that_the_person_waits_on(client, address, slot, entry, when):
    make.appointment(slot)
    answer = client.get(address) if when == "before" else client.post(address, {"reply": "yes"})
    assert answer.status_code == (200 if when == "before" else 409)
    assert "Это время уже заняли" in answer.content.decode()
    assert slot.doctor.full_name not in answer.content.decode()
    assert answers() == []
    entry.refresh_from_db()
    assert entry.is_open


@pytest.mark.parametrize(("state", "words"), [("removed", "больше не в листе"), ("booked", "Вы записаны")])
def test_whoever_waits_no_longer_reads_why(client, address, slot, entry, state, words):
    if state == "removed":
        calls.remove_entry(entry=entry.pk, reason="передумала", by=make.TEST)
    else:
        WaitlistEntry.objects.filter(pk=entry.pk).update(
            state="booked", appointment=make.appointment(slot), closed_at=timezone.now(), closed_by="test"
        )
    assert words in shown(client, address)[1]
    assert client.post(address, {"reply": "yes"}).status_code == 409
    assert answers() == []


def test_a_link_that_nobody_has_is_unknown(client, address):
    assert client.get(reverse("site:freed_time", args=["A" * 24])).status_code == 404


def test_a_form_of_another_site_is_refused(address):
    assert Client(enforce_csrf_checks=True).post(address, {"reply": "yes"}).status_code == 422
    assert answers() == []


def test_the_question_of_a_time_that_is_over_is_closed(client, entry, slot):
    past = timezone.now() - timedelta(hours=1)
    over = make.question(entry, slot, starts_at=past)
    url = reverse("site:freed_time", args=[links.token_for(over.pk)])
    assert "Это время уже заняли" in shown(client, url)[1]
