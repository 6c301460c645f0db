"""T101: every call that somebody makes is a dial of its number, whatever it was about, and its pause is kept."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine

import booking
from booking.choices import MissedOutcome, RebookOutcome
from foundation.accounts.choices import Role
from tests import factories as make
from waitlist.models import WaitlistEntry
from worklist import queries
from worklist.actions import phoned
from worklist.choices import TaskKind, Turn
from worklist.models import PhonedNumber

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
MOTHER = "+79210001122"


@pytest.fixture(autouse=True)
def noon(settings):
    settings.CALLS_PER_DAY, settings.CALL_RETRY_SOON_MINUTES, settings.CALL_RETRY_MINUTES = 3, 30, 120
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def of_mother():
    return make.patient(phone=MOTHER)


def claimed(task, operator, clock):
    """Takes the call and talks for a minute."""
    booking.claim_task(task=task.pk, by=operator)
    clock.shift(MINUTE)
    return task.pk


def rebooking(outcome):
    def call(of_mother, operator, clock):
        visit = make.appointment(of=of_mother)
        task = claimed(make.task(of=of_mother, kind=TaskKind.REBOOK, subject=visit.pk), operator, clock)
        at = MONDAY + timedelta(hours=3) if outcome == RebookOutcome.CALL_BACK else None
        booking.finish_rebooking_call(task=task, outcome=outcome, by=operator, call_back_at=at)

    return call


def move(of_mother, operator, clock):
    visit = make.appointment(of=of_mother)
    claimed(make.task(of=of_mother, kind=TaskKind.REBOOK, subject=visit.pk), operator, clock)
    later = make.slots_of(make.shift(visit.doctor, days=9, starts="11:00"))[0]
    booking.move(appointment=visit.pk, to_slot=later.pk, by=operator)


def tell(of_mother, operator, clock):
    visit = make.appointment(of=of_mother)
    booking.tell(
        task=claimed(make.task(of=of_mother, kind=TaskKind.UNTOLD, subject=visit.pk), operator, clock), by=operator
    )


def expiring(of_mother, operator, clock):
    entry = make.entry(make.specialty(), who=of_mother)
    claimed(make.task(of=of_mother, kind=TaskKind.EXPIRING, subject=entry.pk), operator, clock)
    booking.expiring_not_reached(entry=entry.pk, by=operator)


def waits_on(of_mother, operator, clock):
    entry = make.entry(make.specialty(), who=of_mother)
    WaitlistEntry.objects.update(waits_until=MONDAY.date())
    claimed(make.task(of=of_mother, kind=TaskKind.EXPIRING, subject=entry.pk), operator, clock)
    booking.wait_on(entry=entry.pk, by=operator)


def missed(outcome):
    def call(of_mother, operator, clock):
        task = make.task(of=of_mother, kind=TaskKind.MISSED_CALL)
        booking.finish_missed_call(task=claimed(task, operator, clock), outcome=outcome, by=operator)

    return call


def visitor(of_mother, operator, clock):
    request = uuid4()
    claimed(make.task(of=of_mother, kind=TaskKind.NO_CODE, subject=request), operator, clock)
    booking.visitor_not_reached(request=request, by=operator)


CALLS = {
    "to rebook, no answer": (rebooking(RebookOutcome.NO_ANSWER), 30),
    "to rebook, busy": (rebooking(RebookOutcome.BUSY), 3),
    "to rebook, call back": (rebooking(RebookOutcome.CALL_BACK), 30),
    "to rebook, moved": (move, 30),
    "to tell, told": (tell, 30),
    "to ask, no answer": (expiring, 120),
    "to ask, waits on": (waits_on, 30),
    "to call back, no answer": (missed(MissedOutcome.NO_ANSWER), 30),
    "to call back, reached": (missed(MissedOutcome.REACHED), 30),
    "to a visitor, no answer": (visitor, 3),
}


@pytest.mark.parametrize(("call", "pause"), CALLS.values(), ids=CALLS.keys())
def test_each_call_is_a_dial_and_whatever_else_there_is_to_tell_waits(noon, operator, of_mother, call, pause):
    call(of_mother, operator, noon)
    number = PhonedNumber.objects.get()
    assert (number.key, number.dials, number.paused_until) == (MOTHER, 1, MONDAY + MINUTE + pause * MINUTE)
    other = make.task(of=of_mother)
    assert other not in queries.due(kinds=TaskKind)
    assert booking.claim_next_task(by=make.actor(Role.OPERATOR)) is None
    noon.shift(pause * MINUTE)
    assert other in queries.due(kinds=TaskKind)


def test_control_what_nobody_has_phoned_about_is_no_dial(operator, of_mother):
    visit = make.appointment(of=of_mother)
    task = make.task(of=of_mother, kind=TaskKind.REBOOK, subject=visit.pk)
    booking.cancel(appointment=visit.pk, reason="patient", by=operator)
    assert task not in queries.due(kinds=TaskKind)
    booking.claim_task(task=make.task(of=of_mother, kind=TaskKind.UNTOLD, subject=visit.pk).pk, by=operator)
    booking.give_task_back(task=make.task(of=of_mother, kind=TaskKind.UNTOLD).pk, by=operator)
    assert not PhonedNumber.objects.exists()


def test_one_call_about_two_visits_is_one_dial(noon, operator, of_mother):
    first, second = (make.task(of=of_mother, kind=TaskKind.MISSED_CALL) for _ in range(2))
    claimed(first, operator, noon)
    for task in (first, second):
        booking.finish_missed_call(task=task.pk, outcome=MissedOutcome.REACHED, by=operator)
        noon.shift(MINUTE)
    assert PhonedNumber.objects.get().dials == 1


def test_a_line_that_was_cut_off_is_dialled_anew(noon, operator, of_mother):
    task = make.task(of=of_mother)
    booking.claim_task(task=make.task(of=of_mother, kind=TaskKind.REBOOK).pk, by=operator)
    for pause, dials in ((0, 1), (0, 2), (30, 3), (30, 3)):
        noon.shift(MINUTE)
        phoned.dialled(task=task, pause=pause * MINUTE, by=operator)
        assert PhonedNumber.objects.get().dials == dials


@pytest.mark.parametrize(
    ("columns", "is_due"),
    [
        ({"kind": TaskKind.MISSED_CALL}, True),
        ({"kind": TaskKind.MISSED_CALL, "attempts": 1}, False),
        ({"kind": TaskKind.NO_CODE, "attempts": 2}, True),
        ({"kind": TaskKind.NO_CODE, "attempts": 3}, False),
        ({"kind": TaskKind.REBOOK, "turn": Turn.PROMISED, "attempts": 3}, True),
        ({"kind": TaskKind.REBOOK}, False),
    ],
)
def test_only_a_promise_and_their_own_call_go_before_a_pause(operator, of_mother, columns, is_due):
    attempts = columns.pop("attempts", 0)
    task = make.task(of=of_mother, **columns)
    type(task).objects.update(attempts=attempts)
    phoned.dialled(task=task, pause=HALF_AN_HOUR, by=operator)
    assert (task in queries.due(kinds=TaskKind)) is is_due
