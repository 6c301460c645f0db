"""D53: links sent before a change of SECRET_KEY, and in messages sent after it, open the visit over the whole road."""

import re
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from django.urls import reverse

import booking
from notifications.actions import sending
from notifications.gateways.contract import Outgoing, Receipt
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db
OLD, NEW = "old " * 20, "new " * 20
PAGES = ["visit", "visit_calendar", "visit_cancel", "visit_move"]


class Phone:
    """A provider whose messages the patient reads."""

    read: ClassVar[list[str]] = []

    def send(self, message: Outgoing) -> Receipt:
        self.read.append(message.text)
        return Receipt(provider_id="a-17", accepted_at=datetime(2026, 11, 27, tzinfo=UTC))


@pytest.fixture(autouse=True)
def phone(settings):
    settings.MESSAGE_ROUTES = {"sms": [f"{__name__}.Phone"]}
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    Phone.read.clear()
    return Phone


@pytest.fixture
def new_keys(settings):
    def change(*, kept: bool = True) -> None:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD] if kept else []

    return change


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor()))


def sent_link() -> str:
    """Sends what is due and returns the token in the last message."""
    sending.send_due()
    return re.search(r"/v/([\w-]+)/", Phone.read[-1])[1]


def answers(client, token: str) -> set[int]:
    return {client.get(reverse(f"site:{page}", args=[token])).status_code for page in PAGES}


@pytest.mark.parametrize("sent_first", [True, False], ids=["sent before", "still in the outbox"])
def test_d53_a_link_of_before_opens_every_page_and_cancels(client, slots, new_keys, sent_first):
    visit = make.appointment(slots[0])
    token = sent_link() if sent_first else ""
    new_keys()
    token = token or sent_link()
    assert answers(client, token) == {200}
    client.post(reverse("site:visit_cancel", args=[token]))
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.CANCELLED


@pytest.mark.parametrize("kept", [True, False], ids=["the former key is kept", "it is gone"])
def test_d53_a_message_sent_after_the_change_opens_the_visit(client, slots, new_keys, kept):
    visit = make.appointment(slots[0])
    first = sent_link()
    new_keys(kept=kept)
    booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST)
    second = sent_link()
    assert (second == first) is kept
    assert answers(client, second) == {200}
    assert answers(client, first) == ({200} if kept else {404})


def test_d53_a_visit_booked_after_the_change_outlives_the_former_key(client, slots, new_keys):
    new_keys()
    make.appointment(slots[0])
    token = sent_link()
    new_keys(kept=False)
    assert answers(client, token) == {200}


def test_d53_a_link_whose_key_is_gone_changes_nothing(client, slots, new_keys):
    """The negative control: without the former key the same link is nobody's."""
    visit = make.appointment(slots[0])
    token = sent_link()
    new_keys(kept=False)
    assert answers(client, token) == {404}
    client.post(reverse("site:visit_cancel", args=[token]))
    assert Appointment.objects.get(pk=visit.pk).status == AppointmentStatus.BOOKED
