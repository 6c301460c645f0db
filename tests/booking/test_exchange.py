"""Whoever was answered by nobody is called back, once a number, until there is no reason any more."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from booking.choices import MissedOutcome
from booking.exchange import KEPT, WITHIN
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from tests import factories as make
from worklist import queries as worklist
from worklist.choices import TaskKind, TaskState
from worklist.errors import NotClaimed
from worklist.models import Claim, PhonedNumber, Task

pytestmark = pytest.mark.django_db
NUMBER = "+79210001122"


def tell(event, *, call="1", number=NUMBER, at=None, **more):
    told = Told(event=event, call=call, at=at or timezone.now(), number=number, **more)
    return booking.report_call(told=told, by=make.TEST)


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def missed():
    tell(Event.MISSED, at=timezone.now() - timedelta(minutes=1))
    return Task.objects.get()


def test_a_missed_call_is_a_task_of_the_contact_centre(missed, operator):
    assert (missed.kind, missed.phone.as_e164, missed.patient) == (TaskKind.MISSED_CALL, NUMBER, None)
    assert missed.due_at - missed.created_at <= WITHIN
    assert list(worklist.due(kinds=worklist.kinds_for(operator))) == [missed]
    assert TaskKind.MISSED_CALL not in worklist.kinds_for(make.actor(Role.REGISTRAR))


def test_outside_of_the_calling_hours_it_is_due_when_they_begin(settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    with time_machine.travel(datetime(2026, 11, 30, 20, 0, tzinfo=UTC), tick=False):
        tell(Event.MISSED)
    task, opens = Task.objects.get(), datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    assert (task.not_before, task.due_at) == (opens, opens + WITHIN)


def test_a_number_that_calls_three_times_is_called_back_once(missed):
    for call in ("2", "3"):
        tell(Event.MISSED, call=call)
    tell(Event.MISSED, call="1")
    assert list(Task.objects.all()) == [missed]


def test_what_is_told_again_opens_nothing_again(missed):
    Task.objects.update(state=TaskState.DROPPED, closed_at=timezone.now(), closed_by="staff:1")
    tell(Event.MISSED, call="1")
    assert Task.objects.count() == 1


def test_a_hidden_number_is_counted_and_makes_no_task():
    tell(Event.MISSED, number="")
    assert (Task.objects.count(), ExchangeCall.objects.count()) == (0, 1)


def test_it_is_closed_when_the_number_calls_again_and_is_answered(missed):
    tell(Event.ANSWERED, call="2", extension="101")
    missed.refresh_from_db()
    assert (missed.state, missed.outcome) == (TaskState.DONE, MissedOutcome.CALLED_AGAIN)


def test_another_number_that_is_answered_closes_nothing(missed):
    tell(Event.ANSWERED, call="2", number="+79210009988", extension="101")
    missed.refresh_from_db()
    assert missed.state == TaskState.OPEN


def test_news_that_comes_late_opens_nothing():
    now = timezone.now()
    tell(Event.ANSWERED, call="2", at=now)
    tell(Event.MISSED, call="1", at=now - timedelta(minutes=1))
    assert not Task.objects.exists()


def test_it_is_closed_when_somebody_at_the_number_is_booked(missed):
    assert booking.settle_missed_calls() == 0
    make.appointment(of=make.patient(phone=NUMBER))
    assert booking.settle_missed_calls() == 1
    missed.refresh_from_db()
    assert (missed.state, missed.outcome) == (TaskState.DONE, MissedOutcome.BOOKED)


def test_a_visit_of_before_closes_nothing():
    make.appointment(of=make.patient(phone=NUMBER))
    tell(Event.MISSED, at=timezone.now() + timedelta(seconds=1))
    assert booking.settle_missed_calls() == 0


def test_after_two_days_they_are_let_be(missed):
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        assert booking.settle_missed_calls() == 1
    missed.refresh_from_db()
    assert missed.state == TaskState.DROPPED


def test_the_call_back_ends_with_an_outcome(missed, operator):
    booking.claim_task(task=missed.pk, by=operator)
    for _press in range(2):
        booking.finish_missed_call(task=missed.pk, outcome=MissedOutcome.REACHED, by=operator)
    missed.refresh_from_db()
    assert (missed.state, missed.outcome, missed.attempts) == (TaskState.DONE, MissedOutcome.REACHED, 1)
    assert not Claim.objects.exists()


def test_whoever_does_not_answer_comes_up_again_later(missed, operator):
    booking.claim_task(task=missed.pk, by=operator)
    booking.finish_missed_call(task=missed.pk, outcome=MissedOutcome.NO_ANSWER, by=operator)
    missed.refresh_from_db()
    assert (missed.state, missed.attempts) == (TaskState.OPEN, 1)
    assert missed.not_before > timezone.now() + timedelta(minutes=29)
    assert PhonedNumber.objects.get().key == NUMBER


def test_the_number_of_somebody_elses_call_is_left_to_them(missed, operator):
    booking.claim_task(task=missed.pk, by=operator)
    with pytest.raises(NotClaimed):
        booking.finish_missed_call(task=missed.pk, outcome=MissedOutcome.REACHED, by=make.actor(Role.OPERATOR))


def test_whoever_opens_a_recording_is_written_down():
    call = tell(Event.RECORDED, recording_id="1", recording_link="https://pbx/1")
    head = make.actor(Role.HEAD)
    assert booking.open_recording(call=call, by=head) == "https://pbx/1"
    event = AuditEvent.objects.get(action="recording.opened")
    assert (event.actor, event.object_ref) == (head.ref, str(call))


def test_of_a_call_without_a_recording_nothing_is_written_down():
    call = tell(Event.RINGING)
    assert booking.open_recording(call=call, by=make.actor(Role.HEAD)) == ""
    assert not AuditEvent.objects.filter(action="recording.opened").exists()
