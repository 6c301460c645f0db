"""A morning of a small clinic, played through the product's own verbs: T100–T102 hold, or it is seen."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import transaction

from back_office.simulation import report
from back_office.simulation.runs import NO_CAP, play
from back_office.simulation.world import World
from waitlist.models import TimeAnswer

UNTIL_NOON = -0.5
SMALL = World(
    doctors=2,
    specialties=1,
    waiting=14,
    operators=1,
    cancelled=1.0,
    public=0.1,
    days=1,
    warm_up=0,
    settled=UNTIL_NOON,
)
WITHOUT_PEACE = {
    "CALLS_PER_DAY": NO_CAP,
    "CALL_RETRY_MINUTES": 1,
    "CALL_RETRY_SOON_MINUTES": 1,
}


@contextmanager
def undone():
    """Leaves the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def days(django_db_setup, django_db_blocker):
    """The same morning twice, and once more without pauses between calls."""
    with django_db_blocker.unblock():
        played = []
        for changed in ({}, {}, WITHOUT_PEACE):
            with undone():
                played.append(play(SMALL, **changed))
        yield played


def test_something_happens_on_that_day(days):
    day, _again, _without = days
    assert len(day.freed) > 10
    assert day.calls.ended > 10
    assert any(each.by_list for each in day.freed)


def test_the_same_seed_is_the_same_day(days):
    day, again, _without = days
    assert [repr(each.cancellation) for each in day.freed] == [repr(each.cancellation) for each in again.freed]
    assert _told(day) == _told(again)
    assert (day.calls.dials, day.calls.minutes, day.turned_away) == (
        again.calls.dials,
        again.calls.minutes,
        again.turned_away,
    )


def _told(day):
    return [(each.phoned_at, each.taken_at, each.by_list, each.hidden) for each in day.freed]


def test_t100_little_is_held(days):
    holds = days[0].holds
    assert holds.most > 0
    assert holds.most_of_day == 1
    assert holds.refusals_at_night == 0
    assert not [each for each in days[0].freed if each.hidden_share >= 0.5]


def test_t101_nobody_is_phoned_too_often(days):
    calls = days[0].calls
    assert (calls.soon_again, calls.by_two, calls.outside_hours, calls.late_call_backs) == (0, 0, 0, 0)
    assert calls.most_of_day <= 3


def test_t102_each_call_has_its_outcome(days):
    assert days[0].calls.recorded == days[0].calls.ended


def test_what_the_pauses_prevent_is_seen_without_them(days):
    without = days[2]
    assert without.calls.soon_again > 0
    assert without.calls.most_of_day > 3
    bars = {each.name: each.holds for each in report.figures(without)}
    assert bars["наборов раньше чем через 30 мин"] is False
    assert bars["наборов человеку в день, не больше"] is False


def test_the_report_has_a_line_for_each_measure(days):
    lines = report.lines(days[0])
    assert len(lines) == len(report.figures(days[0])) + 2
    assert all(line.startswith("| ") for line in lines)


@pytest.mark.long
def test_a_week_of_the_whole_clinic_keeps_the_caps(db):
    week = play(World(days=7, warm_up=0, settled=0))
    test_t100_little_is_held([week])
    test_t101_nobody_is_phoned_too_often([week])
    test_t102_each_call_has_its_outcome([week])


def test_message_first_people_are_asked_and_those_who_say_yes_are_phoned(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        day = play(replace(SMALL, message_first=True, replies=1.0, reply_after=1, accepted=(0.9, 0.9, 0.9)))
        answers = TimeAnswer.objects.count()
    asked = [each for each in day.freed if each.asked_at is not None]
    assert day.messages >= len(asked) > 5
    assert answers > 0
    assert any(each.by_list for each in asked)
    assert "сообщений человеку в день" in {figure.name for figure in report.figures(day)}


def test_without_it_nobody_is_asked(days):
    day, _again, _without = days
    assert day.messages == 0
    assert "сообщений человеку в день" not in {figure.name for figure in report.figures(day)}
