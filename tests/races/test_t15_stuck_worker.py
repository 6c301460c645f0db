"""T15: a worker that hangs keeps no code from leaving; two beats and a long pause double nothing and lose nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from notifications.actions import phone_codes
from notifications.choices import MessageState
from notifications.models import Message
from scheduling.choices import HoldReason
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from tests.races import servers
from waitlist.models import SlotOffer, Sweep

pytestmark = [pytest.mark.race, pytest.mark.embedded, pytest.mark.django_db(transaction=True)]

PHONE = "+79215550101"
CODE_SECONDS = 5
CATCH_UP_SECONDS = 20
"""A sweep of ten seconds at most, and the start of a task on a busy machine."""
AN_HOUR = timedelta(hours=1)


def code_is_sent():
    return Message.objects.filter(template="code", state=MessageState.SENT).exists()


def sent_with_a_frozen_worker(phone):
    """Asks for a code while the only worker hangs; the messages are then sent by this process or not at all."""
    with servers.own_broker() as broker, servers.running(worker := servers.worker(broker)):
        servers.wait_until(worker.is_ready, seconds=60)
        worker.freeze()
        phone_codes.send(phone=PHONE)
        servers.wait_until(code_is_sent, seconds=CODE_SECONDS)
        worker.thaw()
        servers.wait_until(lambda: "notifications.send_due" in worker.log.read_text(), seconds=30)
    return [message.address for message in phone.sent]


def test_a_code_leaves_without_the_worker_and_once(phone, settings):
    settings.FALLBACK_SECONDS = 3
    assert sent_with_a_frozen_worker(phone) == [PHONE]
    assert Message.objects.get().attempts == 1


@pytest.mark.long
def test_control_without_the_fallback_it_does_not(phone):
    with pytest.raises(AssertionError, match="not within 5 s"):
        sent_with_a_frozen_worker(phone)


@pytest.mark.long
def test_two_beats_after_an_hour_without_any_catch_up_and_double_nothing(phone):
    service = make.service(minutes=10)
    free = make.slots_of(make.shift(make.doctor(service), days=2, slots=6, minutes=10))
    make.entry(service.specialty)
    an_hour_ago = timezone.now() - AN_HOUR
    SlotRelease.objects.create(slot=free[0], reason="cancelled")
    SlotRelease.objects.update(at=an_hour_ago)
    Slot.objects.filter(pk=free[1].pk).update(
        hold_token=uuid4(), hold_owner="test", hold_reason=HoldReason.DESK, held_until=an_hour_ago
    )
    phone_codes.send(phone=PHONE)
    Message.objects.update(due_at=an_hour_ago)
    Sweep.objects.update_or_create(name="waitlist.match_freed_slots", defaults={"finished_at": an_hour_ago})
    with servers.own_broker() as broker:
        background = [
            servers.worker(broker),
            servers.worker(broker),
            servers.beat(broker, "one"),
            servers.beat(broker, "two"),
        ]
        with servers.running(*background):
            servers.wait_until(background[0].is_ready, seconds=60)
            servers.wait_until(caught_up, seconds=CATCH_UP_SECONDS)
            finished = Sweep.objects.get(name="waitlist.match_freed_slots").finished_at
            servers.wait_until(lambda: swept_since(finished), seconds=CATCH_UP_SECONDS)
    assert SlotOffer.objects.count() == 1
    assert [message.attempts for message in Message.objects.filter(template="code")] == [1]
    assert SlotRelease.objects.filter(slot=free[0]).count() == 1


def caught_up():
    return (
        code_is_sent()
        and not SlotRelease.objects.filter(handled_at=None).exists()
        and not Slot.objects.filter(held_until__lt=timezone.now()).exclude(hold_reason="").exists()
    )


def swept_since(moment):
    return Sweep.objects.filter(name="waitlist.match_freed_slots", finished_at__gt=moment).exists()
