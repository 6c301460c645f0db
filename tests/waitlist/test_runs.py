"""R23: what can begin around a freed time. Six half-hour slots from nine o'clock, the third of which is freed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from scheduling.models import Slot
from waitlist.ranking.freed import FreedSlot
from waitlist.ranking.runs import is_free, runs_with
from waitlist.ranking.services import GivenService

NINE = datetime(2027, 3, 1, 9, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
EIGHT = NINE - 2 * HALF_AN_HOUR
FREED = 2
SPECIALTY = uuid4()
SHORT = GivenService(id=uuid4(), specialty_id=SPECIALTY, minutes=30)
ODD = GivenService(id=uuid4(), specialty_id=SPECIALTY, minutes=50)
LONG = GivenService(id=uuid4(), specialty_id=SPECIALTY, minutes=90)


def at(number: float) -> datetime:
    return NINE + number * HALF_AN_HOUR


def half_hours(*, without: set[int] = frozenset(), **taken: dict[str, object]) -> list[Slot]:
    """Returns the slots of the morning; `_2={…}` are columns of the third."""
    numbers = [number for number in range(6) if number not in without]
    return [Slot(pk=uuid4(), starts_at=at(n), ends_at=at(n + 1), **taken.get(f"_{n}", {})) for n in numbers]


def found(near: list[Slot], *services: GivenService, now: datetime = EIGHT, offered: set[int] = frozenset()):
    """Returns the hours at which each service can begin, counted in half hours, with the hours it takes."""
    freed = next(slot for slot in near if slot.starts_at == at(FREED))
    around = FreedSlot(
        freed_time=None,
        fresh=False,
        freed=freed,
        doctor=None,
        zone="",
        near=near,
        offered={slot.pk for slot in near if hour(slot) in offered},
        services=list(services),
    )
    runs = runs_with(around, now=now)
    return [{service: [hour(slot) for slot in taken] for service, taken in each.items()} for each in runs]


def hour(slot: Slot) -> int:
    return (slot.starts_at - NINE) // HALF_AN_HOUR


def booked() -> dict[str, object]:
    return {"appointment_id": uuid4()}


def test_a_service_of_one_slot_begins_with_the_freed_one():
    assert found(half_hours(), SHORT) == [{SHORT: [2]}]


def test_a_longer_one_may_begin_before_it_or_with_it():
    assert found(half_hours(), LONG) == [{LONG: [0, 1, 2]}, {LONG: [1, 2, 3]}, {LONG: [2, 3, 4]}]


def test_one_that_does_not_fill_its_last_slot_takes_it_whole():
    assert found(half_hours(), ODD) == [{ODD: [1, 2]}, {ODD: [2, 3]}]


def test_services_that_begin_together_keep_the_order_of_the_price_list():
    assert [list(runs) for runs in found(half_hours(), LONG, SHORT, ODD)] == [[LONG], [LONG, ODD], [LONG, SHORT, ODD]]


def test_without_services_nothing_begins():
    assert found(half_hours()) == []


@pytest.mark.parametrize("number", [1, 3])
def test_a_slot_that_is_taken_ends_the_stretch(number):
    free = half_hours(**{f"_{number}": booked()})
    assert found(free, LONG) == {1: [{LONG: [2, 3, 4]}], 3: [{LONG: [0, 1, 2]}]}[number]


@pytest.mark.parametrize("number", [1, 3])
def test_a_gap_ends_the_stretch(number):
    assert found(half_hours(without={number}), LONG) == {1: [{LONG: [2, 3, 4]}], 3: [{LONG: [0, 1, 2]}]}[number]


def test_what_follows_a_gap_after_the_freed_slot_is_not_of_its_stretch():
    assert found(half_hours(without={1, 3}), LONG) == []
    assert found(half_hours(without={1, 3}), SHORT) == [{SHORT: [2]}]


def test_a_stretch_before_another_one_is_left():
    assert found(half_hours(_0=booked(), _1=booked()), ODD, LONG) == [{ODD: [2, 3], LONG: [2, 3, 4]}]


def test_one_too_long_for_what_is_left_does_not_begin():
    assert found(half_hours(without={0, 1, 4, 5}), LONG) == []
    assert found(half_hours(without={0, 1, 4, 5}), ODD) == [{ODD: [2, 3]}]


@pytest.mark.parametrize("now", [at(1), at(1) + timedelta(minutes=1)])
def test_nothing_begins_in_a_time_that_has_begun(now):
    assert found(half_hours(), ODD, now=now) == [{ODD: [2, 3]}]


def test_a_time_begins_until_its_very_hour():
    assert found(half_hours(), ODD, now=at(1) - datetime.resolution) == [{ODD: [1, 2]}, {ODD: [2, 3]}]


def test_a_freed_slot_that_has_begun_itself_has_no_stretch():
    assert found(half_hours(), SHORT, ODD, now=at(2)) == []


def test_a_freed_slot_that_is_taken_has_no_stretch():
    assert found(half_hours(_2=booked()), SHORT, ODD) == []


def test_a_time_that_somebody_else_is_phoned_about_ends_the_stretch():
    assert found(half_hours(), LONG, offered={1}) == [{LONG: [2, 3, 4]}]


def test_what_the_first_refusal_keeps_together_is_free_for_the_waitlist():
    kept = {"hold_token": uuid4(), "hold_reason": "refusal", "held_until": at(1)}
    others = kept | {"hold_token": uuid4()}
    assert found(half_hours(_2=kept, _3=kept, _1=others), ODD) == [{ODD: [2, 3]}]
    at_the_desk = kept | {"hold_reason": "desk"}
    assert found(half_hours(_2=at_the_desk), SHORT) == []


@pytest.mark.parametrize(
    ("columns", "free"),
    [
        ({}, True),
        ({"appointment_id": uuid4()}, False),
        ({"absence_id": uuid4()}, False),
        ({"hold_token": uuid4(), "held_until": at(1)}, False),
        ({"hold_token": uuid4(), "held_until": at(0)}, True),
    ],
    ids=["open", "booked", "closed", "held", "no longer held"],
)
def test_a_slot_is_free_that_nobody_has(columns, free):
    assert is_free(Slot(starts_at=at(2), ends_at=at(3), **columns), at(0)) is free
