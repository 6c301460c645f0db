"""T101: a number that was dialled is left in peace for a while, and not dialled more often than three times a day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from foundation.accounts.choices import Role
from tests import factories as make
from worklist import queries
from worklist.actions import claims, phoned
from worklist.choices import TaskKind, Turn
from worklist.models import PhonedNumber

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
MOMENT, HALF_AN_HOUR = timedelta(microseconds=1), timedelta(minutes=30)
MOTHER = "+79210001122"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def due():
    return list(queries.due(kinds=TaskKind))


def test_whatever_is_to_be_told_at_a_number_waits_for_its_pause(noon):
    first, second = make.task(phone=MOTHER), make.task(phone=MOTHER, kind=TaskKind.REBOOK)
    other = make.task()
    phoned.dialled(task=first, pause=HALF_AN_HOUR, by=make.TEST)
    assert due() == [other]
    noon.move_to(MONDAY + HALF_AN_HOUR - MOMENT)
    assert due() == [other]
    noon.move_to(MONDAY + HALF_AN_HOUR)
    assert set(due()) == {first, second, other}


def test_it_is_shown_as_what_is_put_off(noon):
    phoned.dialled(task=make.task(), pause=HALF_AN_HOUR, by=make.TEST)
    other = make.task()
    assert [(task.ready, task == other) for task in queries.queue(kinds=TaskKind)] == [(0, True), (1, False)]


@pytest.mark.parametrize("columns", [{"turn": Turn.PROMISED}, {"kind": TaskKind.NO_CODE}], ids=["promised", "visitor"])
def test_a_promised_call_and_a_visitor_at_their_screen_are_phoned_in_spite_of_it(columns):
    task = make.task(phone=MOTHER, **columns)
    phoned.dialled(task=task, pause=HALF_AN_HOUR, by=make.TEST)
    assert due() == [task]
    assert claims.claim_next(by=make.actor(Role.OPERATOR)) == task


@pytest.mark.parametrize(("minutes", "begins"), [(3, True), (4, False)])
def test_a_promised_call_may_begin_a_little_before_its_minute(minutes, begins):
    """What would be begun instead may last beyond it; any other task waits for its time."""
    promised_for = MONDAY + timedelta(minutes=minutes)
    promised = make.task(not_before=promised_for, turn=Turn.PROMISED)
    make.task(not_before=promised_for)
    assert due() == ([promised] if begins else [])


def test_after_three_dials_a_number_rests_until_the_next_day(noon, settings):
    settings.CALLS_PER_DAY = 3
    task = make.task()
    for _ in range(2):
        phoned.dialled(task=task, pause=HALF_AN_HOUR, by=make.TEST)
    assert PhonedNumber.objects.get().paused_until == MONDAY + HALF_AN_HOUR
    phoned.dialled(task=task, pause=HALF_AN_HOUR, by=make.TEST)
    assert PhonedNumber.objects.get().paused_until == MONDAY + timedelta(hours=12)
    noon.move_to(MONDAY + timedelta(hours=12))
    assert due() == [task]
    phoned.dialled(task=task, pause=HALF_AN_HOUR, by=make.TEST)
    assert (PhonedNumber.objects.get().dials, due()) == (1, [])


def test_a_pause_beyond_the_day_is_kept(noon, settings):
    settings.CALLS_PER_DAY = 1
    phoned.dialled(task=make.task(), pause=timedelta(days=3), by=make.TEST)
    assert PhonedNumber.objects.get().paused_until == MONDAY + timedelta(days=3)


def test_old_numbers_are_forgotten(noon):
    phoned.dialled(task=make.task(), pause=HALF_AN_HOUR, by=make.TEST)
    noon.move_to(MONDAY + timedelta(days=30))
    young = make.task()
    phoned.dialled(task=young, pause=HALF_AN_HOUR, by=make.TEST)
    assert phoned.forget(before=MONDAY + timedelta(days=1)) == 1
    assert PhonedNumber.objects.get().key == young.claim_key
