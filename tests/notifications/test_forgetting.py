"""Codes are kept for as long as they are counted, messages that are over for as long as the clinic says."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from notifications.actions import forgetting, phone_codes, sending
from notifications.choices import MessageState
from notifications.models import Message, PhoneCode

pytestmark = pytest.mark.django_db


def age(**by):
    was = timezone.now() - timedelta(**by)
    Message.objects.update(created_at=was)
    PhoneCode.objects.update(created_at=was, expires_at=was + timedelta(minutes=10))


def test_a_code_is_forgotten_when_it_counts_no_more(phone):
    phone_codes.send(phone="+79215550101")
    sending.send_due()
    age(hours=47)
    forgetting.forget()
    assert (PhoneCode.objects.count(), Message.objects.count()) == (1, 1)
    age(hours=49)
    forgetting.forget()
    assert (PhoneCode.objects.count(), Message.objects.count()) == (0, 0)


def test_a_message_is_forgotten_after_the_days_of_the_setting_unless_it_still_waits(phone, settings):
    settings.MESSAGE_DAYS = 30
    waiting, _over = (
        Message.objects.create(
            template="booked", address="+79215550101", dedupe_key=state, due_at=timezone.now(), state=state
        )
        for state in (MessageState.QUEUED, MessageState.DROPPED)
    )
    age(days=29)
    forgetting.forget()
    assert Message.objects.count() == 2
    age(days=31)
    forgetting.forget()
    assert list(Message.objects.all()) == [waiting]


def test_what_is_over_goes_in_batches_each_in_a_statement_of_its_own(phone, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    for number in range(5):
        Message.objects.create(
            template="booked",
            address="+79215550101",
            dedupe_key=str(number),
            due_at=timezone.now(),
            state=MessageState.DROPPED,
        )
    age(days=5000)
    with CaptureQueriesContext(connection) as asked:
        forgetting.forget()
    deleting = [query["sql"] for query in asked if query["sql"].startswith('DELETE FROM "notifications_message"')]
    assert (len(deleting), Message.objects.count()) == (3, 0)
    assert not [sql for sql in deleting if " OR " in sql]
