"""W18: before a wait ends it is asked whether it goes on; without an answer the entry is closed with a reason."""

from datetime import time, timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from tests import factories as make
from tests import phoning
from waitlist.actions import entries, expiring
from waitlist.choices import EntryState
from waitlist.errors import EntryClosed
from waitlist.models import WaitlistEntry
from worklist.choices import TaskKind, TaskState
from worklist.errors import ClaimedByAnother, NotClaimed
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def days(settings):
    settings.WAITLIST_EXPIRY_DAYS, settings.WAITLIST_ASK_DAYS = 60, 3


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def later(days):
    return time_machine.travel(timezone.now() + timedelta(days=days), tick=False)


def asked():
    return Task.objects.filter(kind=TaskKind.EXPIRING, state=TaskState.OPEN)


def ending(specialty, days=2, **columns):
    """Makes an entry whose last day is so near that it is asked about now."""
    made = make.entry(specialty, **columns)
    WaitlistEntry.objects.filter(pk=made.pk).update(waits_until=in_days(days))
    assert expiring.ask() >= 1
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(("wished", "last"), [(None, 60), (10, 10), (90, 60)])
def test_a_wait_lasts_to_the_last_wished_day_and_sixty_days_at_most(specialty, wished, last):
    entry = make.entry(specialty, date_until=wished and in_days(wished))
    assert entry.waits_until == in_days(last)


def test_it_is_asked_three_days_before_and_once(specialty):
    entry = make.entry(specialty, date_until=in_days(10))
    make.entry(specialty)
    with later(6):
        assert (expiring.ask(), asked().exists()) == (0, False)
    with later(7):
        assert (expiring.ask(), expiring.ask()) == (1, 0)
    task = asked().get()
    assert (task.subject, task.patient_id, task.phone) == (entry.pk, entry.patient_id, entry.patient.phone)
    assert (task.waiting_since, timezone.localtime(task.due_at).date()) == (entry.arrived_at, in_days(11))


def test_w18_without_an_answer_it_is_closed_with_a_reason_and_a_new_one_is_possible(specialty):
    entry = make.entry(specialty, date_until=in_days(10))
    with later(7):
        expiring.ask()
    with later(10):
        assert expiring.close_over() == 0, "the last day is not over"
    with later(11):
        assert expiring.close_over() == 1
    entry.refresh_from_db()
    assert (entry.state, entry.closed_by) == (EntryState.REMOVED, "system:expiry")
    assert entry.close_reason
    task = Task.objects.get(subject=entry.pk)
    assert (task.state, task.outcome) == (TaskState.DONE, EntryState.REMOVED)
    assert make.entry(specialty, who=entry.patient).is_open


def test_whoever_was_asked_late_has_as_long_to_answer(specialty):
    entry = ending(specialty, days=-17)
    assert expiring.close_over() == 0
    with later(2):
        assert expiring.close_over() == 0
    with later(4):
        assert (expiring.ask(), expiring.close_over()) == (0, 1)
    entry.refresh_from_db()
    assert not entry.is_open


def test_nobody_is_closed_who_is_on_the_phone_or_has_a_time_to_answer(specialty, operator):
    spoken, offered = ending(specialty, days=-1), ending(specialty, days=-1)
    WaitlistEntry.objects.filter(pk=offered.pk).update(state=EntryState.OFFERED)
    with later(4):
        booking.claim_task(task=phoning.task_of(spoken.pk), by=operator)
        assert expiring.close_over() == 0


def test_whoever_waits_on_keeps_the_place_and_is_asked_again_in_sixty_days(specialty, operator):
    entry = ending(specialty, date_until=in_days(2))
    booking.claim_task(task=phoning.task_of(entry.pk), by=operator)
    with pytest.raises(ClaimedByAnother):
        booking.claim_task(task=phoning.task_of(entry.pk), by=make.actor(Role.OPERATOR))
    waits = booking.wait_on(entry=entry.pk, by=operator)
    assert (waits.waits_until, waits.date_until, waits.arrived_at) == (in_days(60), None, entry.arrived_at)
    task = Task.objects.get(subject=entry.pk)
    assert (task.state, task.outcome, task.closed_by) == (TaskState.DONE, "waits_on", operator.ref)
    booking.wait_on(entry=entry.pk, by=operator)
    assert expiring.ask() == 0


def test_an_answer_is_taken_without_a_claim(specialty, operator):
    entry = ending(specialty)
    booking.wait_on(entry=entry.pk, by=operator)
    assert not asked().exists()


def test_new_days_end_the_question(specialty, operator):
    entry = ending(specialty, date_until=in_days(2))
    wishes = make.wishes(specialty, date_until=in_days(20), time_from=time(9))
    entries.change(entry=entry.pk, changes=Changes(wishes.columns()), by=operator)
    entry.refresh_from_db()
    assert (entry.waits_until, asked().exists()) == (in_days(20), False)


def test_nobody_answered_and_it_is_asked_again_later(specialty, operator):
    entry = ending(specialty)
    with pytest.raises(NotClaimed):
        booking.expiring_not_reached(entry=entry.pk, by=operator)
    booking.claim_task(task=phoning.task_of(entry.pk), by=operator)
    booking.expiring_not_reached(entry=entry.pk, by=operator)
    task = asked().get()
    assert (task.attempts, task.outcome, task.not_before > timezone.now()) == (1, "no_answer", True)


def test_what_ends_the_wait_ends_the_question(specialty, operator):
    removed, fresh = ending(specialty), make.entry(specialty)
    booking.remove_entry(entry=removed.pk, reason="вылечился", by=operator)
    assert not asked().exists()
    with pytest.raises(EntryClosed):
        booking.wait_on(entry=removed.pk, by=operator)
    assert not Task.objects.filter(subject=fresh.pk).exists()
