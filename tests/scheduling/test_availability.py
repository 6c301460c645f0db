"""Free starts against a slow reference that walks every minute: any shifts, bookings, holds and closed times."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import booking
from foundation.accounts.actors import site_visitor
from patients.ages import age_on
from scheduling.actions import slots as slot_actions
from scheduling.choices import HoldReason
from scheduling.errors import BookingError
from scheduling.models import Doctor, Service, Slot
from scheduling.queries import availability
from scheduling.wishes import TimeWishes
from tests import factories as make
from tests.examples import few, is_noticed

pytestmark = pytest.mark.django_db

DAYS = (1, 2)
RULES = ("booked", "passed", "closed", "held", "whole run", "one shift")
"""What makes a start free. The negative controls forget one at a time."""


@dataclass(frozen=True)
class Plan:
    """A small timetable, what happens to it, and when it is asked."""

    minutes: int
    """Of the service."""
    shifts: list[list[tuple[int, int]]]
    """Of each doctor, one after another without a gap: minutes of a slot and how many slots."""
    deeds: list[tuple[str, int]]
    """What is done to which slot, counted from the first."""
    at_nine_tomorrow: bool
    """Holds have lapsed by then, and the first times have begun."""
    wishes: dict


@dataclass(frozen=True)
class World:
    service: Service
    doctors: list[Doctor]
    own_hold: UUID | None
    now: datetime
    wishes: TimeWishes


SHIFT = st.tuples(st.sampled_from([10, 15, 20, 30]), st.integers(1, 4))
DEEDS = st.tuples(st.sampled_from(["book", "hold", "hold mine", "lapse", "close", "pass"]), st.integers(0, 30))
CLOCK = st.sampled_from([time(8), time(8, 30), time(9), time(10, 20), time(12)])
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "first": st.sampled_from(DAYS),
        "last": st.sampled_from(DAYS),
        "weekdays": st.lists(st.integers(1, 7), min_size=4, max_size=6, unique=True),
        "time_from": CLOCK,
        "time_until": CLOCK,
        "doctors": st.just(1),
        "adult": st.sampled_from([-1, *DAYS, 9]),
    },
)
PLANS = st.builds(
    Plan,
    minutes=st.sampled_from([10, 20, 30, 45, 60]),
    shifts=st.lists(st.lists(SHIFT, min_size=1, max_size=2), min_size=1, max_size=3),
    deeds=st.lists(DEEDS, max_size=8),
    at_nine_tomorrow=st.booleans(),
    wishes=WISHES | st.just({}),
)


@contextmanager
def built(plan: Plan) -> Iterator[World]:
    """Makes the plan by the product's own actions; it is gone after the block."""
    with transaction.atomic():
        service = make.service(minutes=plan.minutes)
        doctors = [make.doctor(service, min_age=18 * (no % 2)) for no, _ in enumerate(plan.shifts)]
        for doctor, shifts in zip(doctors, plan.shifts, strict=True):
            for days in DAYS:
                publish(doctor, days, shifts)
        yield World(
            service=service,
            doctors=doctors,
            own_hold=done(plan, service),
            now=make.moment(1, "09:00") if plan.at_nine_tomorrow else timezone.now(),
            wishes=wished(plan.wishes, doctors),
        )
        transaction.set_rollback(True)


def publish(doctor: Doctor, days: int, shifts: list[tuple[int, int]]) -> None:
    starts = make.moment(days, "08:00")
    for minutes, slots in shifts:
        make.shift(doctor, days=days, starts=f"{starts:%H:%M}", minutes=minutes, slots=slots)
        starts += timedelta(minutes=minutes * slots)


def done(plan: Plan, service: Service) -> UUID | None:
    """Does what is not refused; returns the token of one's own hold."""
    slots, mine = list(Slot.objects.order_by("starts_at", "pk")), None
    for number, (deed, at) in enumerate(plan.deeds):
        slot = slots[at % len(slots)]
        with suppress(BookingError), transaction.atomic():
            if deed == "book":
                make.appointment(slot, service=service)
            elif deed.startswith("hold"):
                visitor = site_visitor(session=deed if deed == "hold mine" else f"another {number}")
                token = slot_actions.hold(start=slot.pk, service=service, reason=HoldReason.SITE_FORM, by=visitor)
                mine = token if deed == "hold mine" else mine
            elif deed == "close":
                booking.block(slots=[slot.pk], reason="обучение", by=make.TEST)
            elif deed == "pass":
                Slot.objects.filter(pk=slot.pk).update(passed=True)
            else:
                held = Slot.objects.filter(pk=slot.pk, hold_token__isnull=False)
                held.update(held_until=timezone.now() - timedelta(seconds=1))
    return mine


def wished(drawn: dict, doctors: list[Doctor]) -> TimeWishes:
    days = {"first": "date_from", "last": "date_until"}
    columns = {days.get(name, name): day(value) if name in days else value for name, value in drawn.items()}
    if columns.pop("doctors", None):
        columns["doctor_ids"] = [doctors[0].pk]
    if "adult" in columns:  # so many days ahead, perhaps between the first times that are asked about and the last
        columns["birth_date"] = make.born(18, on=day(columns.pop("adult")))
    return TimeWishes(**columns)


def day(ahead: int) -> date:
    return timezone.localdate() + timedelta(days=ahead)


def reference(world: World, *, but: Collection[str] = ()) -> list[Slot]:
    """Returns free starts in order, found without an index, an interval or a sum. `but`: rules it forgets."""
    slots = list(Slot.objects.select_related("doctor"))
    free = [slot for slot in slots if is_free(slot, world, but)]
    found = [slot for slot in free if suits(slot, world) and lasts(slot, free, world, but)]
    return sorted(found, key=lambda slot: (slot.starts_at, slot.doctor_id))


def is_free(slot: Slot, world: World, but: Collection[str]) -> bool:
    held = slot.hold_token not in (None, world.own_hold) and slot.held_until > world.now
    against = {"booked": slot.appointment_id, "passed": slot.passed, "closed": slot.absence_id, "held": held}
    return not any(stands for rule, stands in against.items() if rule not in but)


def suits(slot: Slot, world: World) -> bool:
    wishes, wall = world.wishes, slot.starts_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    return (
        slot.starts_at >= world.now
        and (not wishes.doctor_ids or slot.doctor_id in wishes.doctor_ids)
        and (wishes.date_from is None or wall.date() >= wishes.date_from)
        and (wishes.date_until is None or wall.date() <= wishes.date_until)
        and (not wishes.weekdays or wall.isoweekday() in wishes.weekdays)
        and wall.time() >= wishes.time_from
        and is_over_by(wishes.time_until, wall, world.service.minutes)
        and (wishes.birth_date is None or slot.doctor.min_age <= age_on(wishes.birth_date, wall.date()))
    )


def is_over_by(hour: time, wall: datetime, minutes: int) -> bool:
    end = wall + timedelta(minutes=minutes)
    return hour == time.max or (end.date() == wall.date() and end.time() <= hour)


def lasts(start: Slot, free: list[Slot], world: World, but: Collection[str]) -> bool:
    """Tells whether every minute of the service lies in a free slot of the doctor's same shift."""
    if "whole run" in but:
        return True
    own = [slot for slot in free if slot.doctor_id == start.doctor_id]
    if "one shift" not in but:
        own = [slot for slot in own if slot.shift_id == start.shift_id]
    minutes = (start.starts_at + timedelta(minutes=minute) for minute in range(world.service.minutes))
    return all(any(slot.starts_at <= minute < slot.ends_at for slot in own) for minute in minutes)


def nearest(world: World) -> list[UUID]:
    found = availability.nearest(
        service=world.service, wishes=world.wishes, limit=100, now=world.now, own_hold=world.own_hold
    )
    return [slot.pk for slot in found]


@few(25)
@given(PLANS)
def test_the_nearest_times_are_those_of_the_reference(plan):
    with built(plan) as world:
        expected = [slot.pk for slot in reference(world)]
        assert nearest(world) == expected
        three = availability.nearest(service=world.service, wishes=world.wishes, now=world.now, own_hold=world.own_hold)
        assert [slot.pk for slot in three] == expected[:3]


@few(25)
@given(PLANS)
def test_the_times_of_known_doctors_and_their_days_are_those_of_the_reference(plan):
    of_any_age = {name: value for name, value in plan.wishes.items() if name != "adult"}  # known doctors are not asked
    with built(replace(plan, wishes=of_any_age)) as world:
        expected = reference(world)
        asked = {"service": world.service, "doctors": world.doctors, "wishes": world.wishes}
        asked |= {"now": world.now, "own_hold": world.own_hold}
        by_doctor = [
            (doctor, [slot.pk for slot in expected if slot.doctor_id == doctor.pk]) for doctor in world.doctors
        ]
        found = [(doctor, [start.slot for start in starts]) for doctor, starts in availability.free_starts(**asked)]
        assert found == [(doctor, starts) for doctor, starts in by_doctor if starts]
        days = groupby(timezone.localtime(slot.starts_at).date() for slot in expected)
        assert availability.free_days(**asked) == {day: len(list(starts)) for day, starts in days}
        assert [slot.pk for slot in availability.nearest_with(**asked, limit=100)] == [slot.pk for slot in expected]


@pytest.mark.parametrize("forgotten", RULES)
def test_a_forgotten_rule_is_noticed(forgotten):
    def differs(plan):
        with built(plan) as world:
            return nearest(world) != [slot.pk for slot in reference(world, but=[forgotten])]

    assert is_noticed(PLANS, differs)
