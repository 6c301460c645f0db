"""Which visits an absence touches, asked before it is written, of all of them, and of one (S04)."""

from datetime import timedelta

import pytest
import time_machine

import booking
from scheduling.choices import CancelReason
from scheduling.models import Absence, Appointment, Location, Slot
from scheduling.models.absence import Whose
from scheduling.queries import openness
from scheduling.queries.day import STRANDED
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def visits(doctor):
    """Three visits of a morning, at ten, half past ten and eleven."""
    return [make.appointment(slot) for slot in make.slots_of(make.shift(doctor, days=2, starts="10:00", slots=3))]


def ids(visits):
    return [visit.pk for visit in visits]


def whose(doctor):
    room = doctor.room
    return {
        "doctor": Whose(doctor),
        "room": Whose(room=room),
        "location": Whose(location=room.location),
        "clinic": Whose(),
        "another doctor": Whose(make.doctor()),
        "another room": Whose(room=make.room()),
        "another location": Whose(location=Location.objects.create(name="Другая", address="ул. Другая, 1")),
    }


@pytest.mark.parametrize("of", ["doctor", "room", "location", "clinic"])
def test_visits_of_the_hours_are_named_before_the_absence_is_written(doctor, visits, of):
    first, second, third = visits
    inside = openness.visits_inside(whose(doctor)[of], second.starts_at, third.ends_at)
    assert inside == ids([second, third])
    assert openness.visits_inside(whose(doctor)[of], first.starts_at, second.starts_at) == ids([first])


@pytest.mark.parametrize("of", ["another doctor", "another room", "another location"])
def test_visits_of_others_are_not(doctor, visits, of):
    assert openness.visits_inside(whose(doctor)[of], visits[0].starts_at, visits[-1].ends_at) == []


def test_a_visit_that_has_begun_or_ended_is_left_alone(doctor, visits):
    first, second, third = visits
    booking.cancel(appointment=third.pk, reason=CancelReason.PATIENT, by=make.TEST)
    with time_machine.travel(first.starts_at + timedelta(minutes=1)):
        assert openness.visits_inside(Whose(doctor), first.starts_at, third.ends_at) == ids([second])


def test_a_span_is_closed_for_its_doctor_and_its_room(doctor):
    at = make.moment(2, "10:00")
    absence = make.absence(doctor, at, at + timedelta(hours=1))
    asked = {"room": doctor.room_id, "starts_at": at - timedelta(minutes=15), "ends_at": at + timedelta(minutes=15)}
    other = make.doctor()
    assert openness.is_closed(doctor=doctor.pk, **asked)
    assert not openness.is_closed(doctor=other.pk, **asked)
    assert not openness.is_closed(doctor=doctor.pk, **asked | {"ends_at": at})
    assert not openness.is_closed(doctor=doctor.pk, **asked | {"starts_at": absence.ends_at, "ends_at": make.moment(2)})
    make.absence(None, at, at + timedelta(hours=1), room=doctor.room)
    assert openness.is_closed(doctor=other.pk, **asked)
    assert not openness.is_closed(doctor=other.pk, **asked | {"room": other.room_id})


def test_a_visit_is_stranded_by_its_own_doctor_room_and_hours(doctor, visits):
    first, second, third = visits
    make.absence(doctor, second.starts_at, third.starts_at)
    assert [openness.is_stranded(visit) for visit in visits] == [False, True, False]
    make.absence(None, first.starts_at, second.starts_at, room=make.room())
    make.absence(None, third.starts_at, third.ends_at, room=doctor.room)
    assert [openness.is_stranded(visit) for visit in visits] == [False, True, True]


def test_those_of_one_absence_and_those_of_all(doctor, visits):
    first, second, third = visits
    one = make.absence(doctor, first.starts_at, second.starts_at)
    other = make.absence(doctor, third.starts_at, third.ends_at)
    now = first.starts_at - timedelta(hours=1)
    assert [(each.id, each.absence) for each in openness.stranded(now=now, absence=one.pk)] == [(first.pk, one.pk)]
    both = [(first.pk, one.pk), (third.pk, other.pk)]
    assert sorted((each.id, each.absence) for each in openness.stranded(now=now)) == sorted(both)
    assert openness.stranded(now=first.starts_at, absence=one.pk) == []


def test_the_grid_asks_the_slots_and_for_a_visit_over_a_busy_time_the_absences(doctor, visits):
    """The slots keep the answer: where they are told to be open, the visit is not stranded for the grid."""
    first, second, third = visits
    over = [make.overbooked(visit) for visit in (first, second)]
    make.absence(doctor, second.starts_at, third.ends_at)
    assert on_the_grid() == {*ids([second, third]), over[1].pk}
    Slot.objects.filter(appointment=third).update(absence=None)
    assert on_the_grid() == {second.pk, over[1].pk}
    Absence.objects.update(starts_at=third.starts_at)
    assert on_the_grid() == {second.pk}


def on_the_grid():
    """Returns the visits that the day of the desk hatches."""
    return set(Appointment.objects.annotate(stranded=STRANDED).filter(stranded=True).values_list("pk", flat=True))
