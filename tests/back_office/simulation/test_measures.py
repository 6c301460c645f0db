"""The measures see what breaks T100 and T101."""

from uuid import uuid4

import pytest

from back_office.simulation.clock import DAY, HOUR, moment
from back_office.simulation.measures import Calls, Holds, Measures
from back_office.simulation.report import Figure
from back_office.simulation.world import World
from scheduling.choices import HoldReason
from scheduling.models import Slot

WORLD = World(days=1, warm_up=0)
NOON = 12 * HOUR


@pytest.fixture
def slots(make):
    return make.slots_of(make.shift(make.doctor(), slots=3))


def keep(slots, *, until, reason=HoldReason.OFFER):
    ids = [slot.pk for slot in slots]
    held = {"hold_reason": reason, "hold_owner": "test", "held_until": moment(until)}
    Slot.objects.filter(pk__in=ids).update(hold_token=uuid4(), **held)


def seen(*minutes):
    holds = Holds(WORLD, slots_of_week=100)
    for minute in minutes:
        holds.see(minute)
    return holds


def test_two_slots_of_a_doctors_day_are_seen(slots):
    keep(slots[:2], until=NOON + 15)
    holds = seen(NOON)
    assert (holds.most, holds.most_of_day, holds.share_at_most) == (2, 2, 0.02)


def test_a_hold_is_hidden_time_until_it_lapses(slots):
    keep(slots[:1], until=NOON + 15)
    keep(slots[1:2], until=NOON + 5)
    holds = seen(NOON, NOON + 10)
    assert [holds.hidden[slot.pk] for slot in slots] == [10, 5, 0]
    assert holds.hours_a_week == pytest.approx(7 * 15 / 60)
    assert [holds.is_hidden(slot.pk, NOON + 10) for slot in slots] == [True, False, False]


def test_a_hold_of_somebody_else_is_none_of_the_waitlists(slots):
    keep(slots, until=NOON + 15, reason=HoldReason.CALL)
    assert seen(NOON).most == 0


def test_holds_at_night_are_seen(slots):
    keep(slots[:1], until=3 * HOUR)
    keep(slots[1:], until=3 * HOUR, reason=HoldReason.REFUSAL)
    holds = seen(2 * HOUR)
    assert (holds.at_night, holds.refusals_at_night) == (3, 2)


@pytest.mark.parametrize(("pause", "allowed", "counted"), [(29, False, 1), (30, False, 0), (3, True, 0)])
def test_a_number_that_is_dialled_again_soon_is_seen(pause, allowed, counted):
    calls = Calls(WORLD)
    calls.dial("+79210000001", NOON, promised=False, allowed=False)
    calls.hang_up("+79210000001", NOON + 1)
    calls.dial("+79210000001", NOON + 1 + pause, promised=False, allowed=allowed)
    assert (calls.soon_again, calls.most_of_day) == (counted, 2)


def test_a_number_that_two_dial_is_seen():
    calls = Calls(WORLD)
    calls.dial("+79210000001", NOON, promised=False, allowed=False)
    calls.dial("+79210000001", NOON + 1, promised=False, allowed=True)
    assert calls.by_two == 1


def test_a_call_at_night_is_seen():
    calls = Calls(WORLD)
    calls.dial("+79210000001", 21 * HOUR, promised=False, allowed=False)
    assert calls.outside_hours == 1


def test_a_late_call_back_is_seen():
    calls = Calls(WORLD)
    calls.call_backs += [-5, 0, 5, 5.5, -5.5]
    assert calls.late_call_backs == 2


def test_a_call_that_was_asked_for_is_none_of_those_of_a_day():
    calls = Calls(WORLD)
    calls.dial("+79210000001", NOON, promised=False, allowed=False)
    calls.hang_up("+79210000001", NOON + 1)
    calls.dial("+79210000001", NOON + 16, promised=True, allowed=False)
    assert (calls.soon_again, calls.most_of_day) == (0, 1)


def test_a_run_that_was_stopped_judges_what_it_has_seen_to_the_end():
    world = World(days=14, warm_up=1)
    measures = Measures(world, Holds(world, slots_of_week=100), Calls(world), fitting=0.3)
    measures.cut(8 * DAY)
    assert (measures.calls.world.days, measures.holds.world.days, measures.world.days) == (7, 7, 5)


@pytest.mark.parametrize(
    ("measured", "at_least", "holds"), [(79.9, True, False), (80, True, True), (80, False, True), (80.1, False, False)]
)
def test_a_bar_is_met_or_not(measured, at_least, holds):
    assert Figure("T103", "занято", measured, 80, None, at_least=at_least).holds is holds
