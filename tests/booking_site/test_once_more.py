"""On the site whoever has such an appointment is told of it and chooses (K14)."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from booking_site.flow import Flow
from notifications.models import PhoneCode
from scheduling.models import Appointment
from tests import factories as make
from tests.booking_site.conftest import ADULT, CHILD, sent_code

pytestmark = pytest.mark.django_db
ONCE_MORE, ENOUGH = reverse("site:once_more"), "/book/enough/"


@pytest.fixture
def other_day(shift):
    return make.slots_of(make.shift(shift.doctor, days=4))[0]


@pytest.fixture
def second(client, book, take, slots, other_day):
    """Books a visit and asks for another one; the phone has been proved a moment ago."""
    book(slots[0])
    take(other_day)
    return client.post(reverse("site:details"), ADULT)


def test_k14_a_second_visit_is_asked_about_before_it_is_made(second):
    answer = second
    assert (answer.status_code, Appointment.objects.count()) == (409, 1)
    text = answer.content.decode()
    sentences = ["У вас уже есть такая запись", "в 09:00, Белова Анна Сергеевна. Записать ещё раз?", ONCE_MORE]
    assert [sentence in text for sentence in sentences] == [True, True, True]


def test_k14_a_yes_books_without_a_new_code(client, second):
    answer = client.post(ONCE_MORE)
    assert Appointment.objects.count() == 2
    assert answer.status_code == 302
    assert client.post(ONCE_MORE).status_code == 302
    assert Appointment.objects.count() == 2


def test_k14_the_visit_ahead_is_enough_and_the_other_time_is_free_for_others(client, second, other_day):
    other_day.refresh_from_db()
    assert other_day.held_until is not None
    assert second.content.decode().count(f'action="{ENOUGH}"') == 1
    assert client.post(ENOUGH).url == reverse("site:home")
    other_day.refresh_from_db()
    assert (other_day.held_until, Appointment.objects.count()) == (None, 1)
    assert client.post(ENOUGH).url == reverse("site:home")


def test_k14_who_changes_their_mind_after_all_books_the_time_while_it_is_free(client, second):
    client.post(ENOUGH)
    assert client.post(ONCE_MORE).status_code == 302
    assert Appointment.objects.count() == 2


def test_k14_a_yes_is_for_one_time_alone(client, take, second, slots):
    client.post(ONCE_MORE)
    take(slots[2])
    assert client.post(reverse("site:details"), ADULT).status_code == 409


@pytest.mark.parametrize(
    ("typed", "asked"),
    [(ADULT, False), (ADULT | {"consent": ""}, False), (CHILD, True), (ADULT | {"phone": "8 921 000-11-23"}, True)],
)
def test_k14_a_yes_that_failed_is_for_one_person_alone(client, second, typed, asked):
    flow = Flow(client.session)
    flow.want_again()
    assert flow.unless_booked is False
    flow.keep_typed(typed)
    assert flow.unless_booked is asked


def test_k14_another_child_on_the_phone_is_not_asked_about(client, book, take, slots, other_day):
    book(slots[0], CHILD)
    take(other_day)
    client.post(reverse("site:details"), CHILD | {"first_name": "Мир", "birth_date": "03.04.2018"})
    assert Appointment.objects.count() == 2


def test_without_a_chosen_time_there_is_nothing_to_repeat(client):
    assert client.post(ONCE_MORE).status_code == 302
    assert not Appointment.objects.exists()


def test_before_the_phone_is_proved_nothing_is_told(client, take, slots, other_day, book):
    book(slots[0])
    client.session.flush()
    client.cookies.clear()
    PhoneCode.objects.update(created_at=timezone.now() - timedelta(seconds=settings.CODE_PAUSE_SECONDS + 1))
    take(other_day)
    answer = client.post(reverse("site:details"), ADULT)
    assert (answer.status_code, answer.url) == (302, reverse("site:code"))
    assert client.post(reverse("site:code"), {"code": sent_code()}).status_code == 409
