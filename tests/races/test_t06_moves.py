"""T06: patients change places: nobody is lost, nobody is shown a deadlock."""

from functools import partial

import pytest

import booking
from scheduling.actions import slots
from scheduling.choices import HoldReason
from scheduling.errors import SlotTaken
from scheduling.models import Slot
from tests import factories as make
from tests.races.harness import overlaps, run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SLOTS = 12


@pytest.fixture
def world():
    """Two doctors, visits of an hour in slots of half an hour."""
    service = make.service(minutes=60)
    doctors = [make.doctor(service) for _ in range(2)]
    return [make.slots_of(make.shift(doctor, slots=SLOTS)) for doctor in doctors]


def move(booked, slot):
    return booking.move(appointment=booked.pk, to_slot=slot.pk, by=make.TEST)


def assert_nobody_lost(booked):
    for each in booked:
        each.refresh_from_db()
        taken = list(each.slots.order_by("starts_at"))
        assert [slot.doctor_id for slot in taken] == [each.doctor_id] * 2
        assert (taken[0].starts_at, taken[1].ends_at) == (each.starts_at, each.ends_at)
    assert Slot.objects.exclude(appointment=None).count() == 2 * len(booked)
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}


def test_cross_moves_and_cycles_onto_each_other(world):
    first, second = world
    booked = [make.appointment(slots[at]) for slots in world for at in (0, 2, 4)]
    places = [first[0], first[2], first[4], second[0], second[2], second[4]]
    crossing = [(0, 3), (3, 0), (1, 2), (2, 4), (4, 1), (5, 0), (0, 5)]
    for _ in range(10):
        result = run_at_once([partial(move, booked[who], places[to]) for who, to in crossing] * 2)
        assert result.deadlocks == 0
        assert result.refused_with() <= {SlotTaken}
        assert_nobody_lost(booked)


def test_moves_that_cross_on_the_way_to_free_times(world):
    """Each goes where the other just was, by way of free times, and half overlaps its own old time."""
    first, second = world
    booked = [make.appointment(first[0]), make.appointment(first[4]), make.appointment(second[0])]
    targets = [first[at] for at in (1, 2, 5, 7, 9)] + [second[at] for at in (1, 4, 8)]
    done = 0
    for turn in range(15):
        starts = [turn * 3 + step * 2 for step in range(3)]
        wishes = [(who, targets[(at + number) % 8]) for number, who in enumerate(booked) for at in starts]
        result = run_at_once([partial(move, who, to) for who, to in wishes])
        assert result.deadlocks == 0
        assert result.refused_with() <= {SlotTaken}
        assert_nobody_lost(booked)
        done += len(result.values)
    assert done > 15


def test_holders_who_change_places(world):
    """A hold frees its former time and takes the new one in one step, in one order of locks."""
    first, _second = world
    service = first[0].doctor.services.get()
    visitors = [make.actor() for _ in range(2)]
    for turn in range(15):
        places = (first[2 * (turn % 2)], first[2 - 2 * (turn % 2)])
        hold = partial(slots.hold, service=service, reason=HoldReason.DESK)
        clients = [partial(hold, start=place.pk, by=who) for who, place in zip(visitors, places, strict=True)]
        result = run_at_once(clients * 4)
        assert result.deadlocks == 0
        assert result.refused_with() <= {SlotTaken}
        held = Slot.objects.exclude(hold_token=None).values_list("hold_owner", "hold_token")
        assert len({owner for owner, _token in held}) == len(set(held)) == len(held) / 2, "one hold each, an hour long"
