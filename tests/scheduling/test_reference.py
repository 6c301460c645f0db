"""Rows of the schedule tell their own state: open, to come, over; names as they are told (R13)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.choices import ACTIVE, UPCOMING, AppointmentStatus, listed
from scheduling.models import Appointment, Doctor


@pytest.mark.parametrize("status", AppointmentStatus)
def test_which_visits_are_to_come_and_which_take_time(status):
    upcoming = status in {"booked", "arrived", "checked-in"}
    assert Appointment(status=status).is_upcoming == upcoming
    assert (status in UPCOMING, status in ACTIVE) == (upcoming, upcoming or status == "fulfilled")


@pytest.mark.parametrize("status", AppointmentStatus)
@pytest.mark.parametrize(("begins", "later"), [(timedelta(microseconds=1), True), (timedelta(0), False)])
def test_a_booked_visit_is_changed_until_it_begins(status, begins, later):
    now = timezone.now()
    visit = Appointment(status=status, starts_at=now + begins)
    assert visit.can_be_changed(now) == (later and status == AppointmentStatus.BOOKED)


def test_statuses_stand_in_statements_as_they_are_stored():
    assert listed(UPCOMING) == "'booked', 'arrived', 'checked-in'"
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("patronymic", "full", "short"),
    [("Сергеевна", "Белова Анна Сергеевна", "Белова А.С."), ("", "Белова Анна", "Белова А.")],
)
def test_a_doctor_is_told_in_full_and_stands_short_on_a_shift(patronymic, full, short):
    doctor = Doctor(last_name="Белова", first_name="Анна", patronymic=patronymic)
    assert (doctor.full_name, doctor.short_name, str(doctor)) == (full, short, full)
