"""Reads of the pages where the schedule is kept: hours in words, shifts in figures, holidays, doctors at work."""

from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone

from foundation.clock import day_bounds
from scheduling.actions import slots, visits
from scheduling.choices import AbsenceKind, HoldReason
from scheduling.models import Absence, Appointment, Doctor, ShiftRule, Slot
from scheduling.models.absence import Whose
from scheduling.queries import openness, schedule
from tests import factories as make


def hours(weekday, starts="09:00", ends="15:00"):
    return SimpleNamespace(weekday=weekday, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends))


@pytest.mark.parametrize(
    ("weekdays", "words"),
    [
        ([], []),
        ([1], ["пн 09:00–15:00"]),
        ([1, 2], ["пн, вт 09:00–15:00"]),
        ([1, 2, 3], ["пн–ср 09:00–15:00"]),
        ([3, 1, 2], ["пн–ср 09:00–15:00"]),
        ([1, 2, 3, 4, 5, 6, 7], ["пн–вс 09:00–15:00"]),
        ([1, 2, 4], ["пн, вт, чт 09:00–15:00"]),
        ([5, 5, 7], ["пт, вс 09:00–15:00"]),
    ],
)
def test_weekdays_in_a_row_are_said_as_one(weekdays, words):
    assert schedule.hours_in_words(hours(day) for day in weekdays) == words


def test_other_hours_have_a_line_of_their_own_in_the_order_they_come():
    rules = [hours(3, "10:00", "16:30"), hours(1), hours(4, "10:00", "16:30"), hours(2, "09:00", "15:30")]
    assert schedule.hours_in_words(rules) == ["ср, чт 10:00–16:30", "пн 09:00–15:00", "вт 09:00–15:30"]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 11, 4), date(2026, 11, 4), [date(2026, 11, 4)]),
        (date(2026, 11, 5), date(2026, 11, 30), []),
        (date(2027, 2, 20), date(2027, 2, 23), [date(2027, 2, day) for day in (20, 22, 23)]),
        (date(2026, 12, 31), date(2027, 1, 2), [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]),
    ],
)
def test_holidays_are_those_from_the_first_to_the_last_day(first, last, days):
    assert [day for day, _name in schedule.holidays_between(first, last)] == days


def test_a_holiday_has_its_name_and_a_working_saturday_says_what_it_is():
    named = dict(schedule.holidays_between(date(2027, 2, 20), date(2027, 2, 23)))
    assert named[date(2027, 2, 20)] == "рабочий день, перенесён с праздников"
    assert named[date(2027, 2, 23)] == "День защитника Отечества"


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def rule(of, weekday=1, starts="09:00", **term):
    at = time.fromisoformat(starts)
    columns = {"room": of.room, "starts": at, "ends": at.replace(hour=at.hour + 1), "valid_from": date(2020, 1, 1)}
    return ShiftRule.objects.create(doctor=of, weekday=weekday, **columns | term)


@pytest.mark.django_db
def test_doctors_have_the_hours_in_force_or_to_come():
    doctor, colleague = make.doctor(last_name="Абаев"), make.doctor(last_name="Белов")
    make.doctor(last_name="Абаев", active=False)
    late = rule(doctor, 2, "15:00")
    early = rule(doctor, 2)
    monday = rule(doctor, 1, valid_until=today())
    rule(doctor, 3, valid_until=today(-1))
    to_come = rule(doctor, 4, valid_from=today(30))
    make.shift(doctor, days=5, slots=1)
    make.shift(doctor, days=2, slots=1)
    first, second = schedule.doctors(today())
    assert (first.doctor, second.doctor) == (doctor, colleague)
    assert (first.rules, second.rules) == ([monday, early, late, to_come], [])
    assert (first.published_until, second.published_until) == (today(5), None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "last", "away"), [(0, 0, True), (-2, 0, True), (0, 2, True), (1, 2, False), (-2, -1, False)]
)
def test_who_is_away_today(first, last, away):
    doctor = make.doctor()
    starts_at, ends_at = day_bounds(today(first), today(last))
    absence = Absence.objects.create(doctor=doctor, kind=AbsenceKind.SICK, starts_at=starts_at, ends_at=ends_at)
    (shown,) = schedule.doctors(today())
    assert shown.away == ([absence] if away else [])


@pytest.mark.django_db
def test_the_times_of_a_shift_in_figures():
    """Free is what anybody may book: a lapsed hold is, a hold that stands is not."""
    doctor = make.doctor()
    shift = make.shift(doctor, days=2, slots=7)
    booked, closed, held, lapsed, *_free = make.slots_of(shift)
    make.appointment(booked)
    make.close(closed)
    for number, slot in enumerate((held, lapsed)):
        slots.hold(start=slot.pk, service=doctor.services.get(), reason=HoldReason.DESK, by=make.actor())
        Slot.objects.filter(pk=slot.pk).update(held_until=timezone.now() + timedelta(minutes=-number or 5))
    others = [make.shift(doctor, days=days, slots=1) for days in (1, 3, 4)]
    make.shift(make.doctor(), days=2)
    shown = schedule.shifts_between(doctor.pk, today(2), today(3))
    assert [(one.shift, one.free, one.booked, one.closed) for one in shown] == [(shift, 4, 1, 1), (others[1], 1, 0, 0)]


def inside(doctor, first, last):
    return openness.visits_inside(Whose(doctor), *day_bounds(today(first), today(last)))


@pytest.mark.django_db
def test_visits_that_an_absence_would_leave_alone():
    doctor = make.doctor()

    def booked(days, of=doctor, starts="09:00"):
        return make.appointment(make.slots_of(make.shift(of, days=days, starts=starts, slots=1))[0])

    booked(1)
    late, early, last = booked(2, starts="23:00"), booked(2, starts="00:00"), booked(3, starts="23:30")
    booked(4, starts="00:00")
    booked(2, make.doctor())
    done = booked(2, starts="12:00")
    make.seen(done)
    assert inside(doctor, 2, 3) == [early.pk, late.pk, last.pk]
    now = timezone.now()
    Appointment.objects.filter(pk=late.pk).update(starts_at=now - timedelta(minutes=1), ends_at=now)
    assert late.pk not in inside(doctor, 0, 3)


@pytest.fixture
def at_work(db):
    """Returns the doctors at work at this hour of tomorrow, and whether a patient is with them."""

    def ask(hour, minute=0):
        with time_machine.travel(make.moment(1, f"{hour:02}:{minute:02}"), tick=False):
            return [(one.doctor, one.busy, one.shifts) for one in schedule.at_work_now()]

    return ask


def test_a_doctor_is_at_work_from_the_first_to_the_last_minute(at_work):
    doctor = make.doctor()
    shift = make.shift(doctor, slots=2)
    make.shift(doctor, starts="15:00")
    assert [bool(at_work(8, 59)), at_work(9), at_work(9, 59), bool(at_work(10))] == [
        False,
        [(doctor, False, [shift])],
        [(doctor, False, [shift])],
        False,
    ]


def test_who_is_free_stands_first(at_work):
    busy, free, second = (make.doctor(last_name=name) for name in ("Абаев", "Белов", "Волков"))
    shifts = {doctor.pk: make.shift(doctor) for doctor in (busy, second, free)}
    visit = make.appointment(make.slots_of(shifts[busy.pk])[0])
    make.appointment(make.slots_of(shifts[free.pk])[0])
    visits.start(appointment=visit.pk, by=make.TEST)
    gone = make.doctor(last_name="Абаев")
    make.shift(gone)
    Doctor.objects.filter(pk=gone.pk).update(active=False)
    assert at_work(9) == [(doctor, doctor == busy, [shifts[doctor.pk]]) for doctor in (free, second, busy)]


def test_a_shift_may_run_past_midnight(at_work):
    doctor = make.doctor()
    night = make.shift(doctor, days=0, starts="22:00", slots=6)
    assert at_work(0, 30) == [(doctor, False, [night])]
