from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from notifications import rendering, texts
from notifications.choices import MessageState
from notifications.models import Message

pytestmark = pytest.mark.django_db
CODE = texts.Code(code="123456")


@pytest.fixture
def office(sign_in):
    return sign_in(Role.REGISTRAR)


def message(number=1, facts=CODE, **columns):
    columns = {
        "address": f"+7921000{number:04d}",
        "state": MessageState.SENT,
        "useful_until": timezone.now() + timedelta(minutes=10),
    } | columns
    columns["sent_at"] = timezone.now() if columns["state"] == MessageState.SENT else None
    row = Message(dedupe_key=f"test:{number}", due_at=timezone.now(), **columns)
    rendering.write(row, facts)
    row.save()
    return row


def page(office, **typed):
    url = reverse("office:outbox")
    return (office.post(url, typed) if typed else office.get(url)).content.decode()


@pytest.mark.parametrize("demo", [True, False])
def test_codes_are_readable_in_the_demo_only(office, settings, demo):
    settings.DEMO = demo
    message()
    assert ("123456" in page(office)) is demo


def test_cancel_links_are_hidden_outside_the_demo(office, settings):
    settings.DEMO = False
    link = "http://clinic.example/v/Zx9secret"
    visit = {"starts_at": timezone.now(), "doctor": "Белова", "address": "Лунная, 7", "zone": "Europe/Moscow"}
    message(1, texts.Booked(**visit, link=link))
    message(2, texts.CallUs())
    Message.objects.filter(address="+79210000002").update(template="as_written", facts={"words": f"Отменить: {link}"})
    shown = page(office)
    assert "Zx9secret" not in shown
    assert shown.count("•••") == 2


def test_wiped_code_is_hidden(office):
    message()
    Message.objects.update(sealed="")
    assert "•••••• — код" in page(office)


def test_what_was_dropped_is_told(office):
    message(state=MessageState.DROPPED)
    assert "– устарело" in page(office)


def test_not_delivered_come_first_then_the_newest(office):
    message(1, state=MessageState.FAILED)
    message(2)
    message(3)
    shown = page(office)
    assert shown.index("+79210000001") < shown.index("+79210000003") < shown.index("+79210000002")


@pytest.mark.parametrize("typed", ["0002", "8 921 000-00-02", "+7 921 000 00 02"])
def test_phone_is_found_by_its_digits(office, typed):
    message(1)
    message(2)
    shown = page(office, phone=typed)
    assert "+79210000002" in shown
    assert "+79210000001" not in shown


@pytest.mark.parametrize("typed", ["\x00", "%", "abc", "9" * 1000])
def test_anything_may_be_typed(office, typed):
    assert office.post(reverse("office:outbox"), {"phone": typed}).status_code == 200


def test_list_takes_as_many_queries_for_one_as_for_thirty(office, django_assert_num_queries):
    message(1)
    with django_assert_num_queries(7):  # one counts for the menu, one is the bar of emergencies, one the audit
        page(office)
    for number in range(2, 32):
        message(number)
    with django_assert_num_queries(7):
        page(office)


def test_outbox_is_closed_to_doctors(sign_in):
    assert sign_in(Role.DOCTOR).get(reverse("office:outbox")).status_code == 403
