"""Times as rows: where a service fits, and which of them leave the index of free ones."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest

from scheduling import tasks
from scheduling.actions import slots as slot_actions
from scheduling.choices import HoldReason
from scheduling.errors import (
    DoesNotFit,
)
from scheduling.models import Slot
from scheduling.queries import availability
from scheduling.wishes import TimeWishes
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_a_long_service_is_offered_only_where_it_fits():
    service = make.service(minutes=60)
    slots = make.slots_of(make.shift(make.doctor(service), slots=5))
    make.close(slots[2])
    ((_doctor, starts),) = availability.free_starts(service=service, doctors=[slots[0].doctor])
    assert [start.slot for start in starts] == [slots[0].pk, slots[3].pk]
    with pytest.raises(DoesNotFit):
        make.appointment(slots[4])


def test_unbooked_times_of_days_gone_by_leave_the_index_of_free_ones():
    slots = make.slots_of(make.shift(make.doctor(), slots=6))
    booked, held, *left = slots
    make.appointment(booked)
    service = held.doctor.services.get()
    slot_actions.hold(start=held.pk, service=service, reason=HoldReason.DESK, by=make.TEST)
    the_day, day_after = held.starts_at, held.starts_at + timedelta(days=1)
    assert slot_actions.retire_past(now=the_day) == 0, "its own day is not gone"
    assert [slot_actions.retire_past(now=day_after, limit=3) for _ in range(3)] == [3, 1, 0]
    assert set(Slot.objects.filter(passed=True)) == set(left)
    assert set(Slot.objects.free(day_after)) == {held}, "a lapsed hold is released first"
    assert slot_actions.release_lapsed(now=day_after) == 1
    assert slot_actions.retire_past(now=day_after) == 1


def test_leaving_behind_does_not_keep_a_worker_for_itself(monkeypatch):
    endless = Mock(return_value=5000)
    monkeypatch.setattr(slot_actions, "retire_past", endless)
    tasks.retire_past()
    assert endless.call_count == tasks.BATCHES


def test_ages_are_asked_of_doctors_who_are_read():
    slot = make.slots_of(make.shift(make.doctor()))[0]
    with pytest.raises(ValueError, match="ages"):
        availability.nearest_with(
            service=slot.doctor.services.get(), doctors=[slot.doctor], wishes=TimeWishes(birth_date=date(1990, 5, 5))
        )
