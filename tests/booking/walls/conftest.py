"""A location where every visit of the morning is on another day than on the clinic's own calendar."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine

from foundation.clock import day_of, on_wall
from foundation.errors import DomainError
from scheduling.models import Appointment, Location, Slot
from tests import factories as make

HERE, FAR = "Europe/Moscow", "Pacific/Honolulu"
"""At nine in Moscow it is eight in the evening of the day before on Hawaii."""
NOON = datetime(2027, 6, 1, 12, tzinfo=UTC)
"""On both walls it is the same day now."""


@pytest.fixture(autouse=True, params=[(HERE, FAR), (FAR, HERE)], ids=["wall behind the clinic", "wall ahead"])
def _clinic_elsewhere(request, settings):
    settings.TIME_ZONE, there = request.param
    with time_machine.travel(NOON, tick=False):
        make.location()
        Location.objects.update(timezone=there)
        yield


def wall_day(at: Slot | Appointment) -> date:
    """Returns the day of the time at its location."""
    day = on_wall(at.starts_at, Location.objects.get().timezone).date()
    assert day != day_of(at.starts_at), "or the test would tell nothing"
    return day


def outcome(make_visit: Callable[[], Appointment]) -> Appointment | type[Exception]:
    try:
        return make_visit()
    except DomainError as refusal:
        return type(refusal)


late = pytest.mark.parametrize("late", [0, 1], ids=["on the day", "a day late"])
