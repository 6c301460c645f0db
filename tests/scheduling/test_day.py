"""Reads of the screens of a day, of a doctor and of a patient."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from scheduling.actions import visits
from scheduling.choices import AppointmentStatus as Status
from scheduling.models import Appointment, Slot
from scheduling.queries import day, upcoming
from tests import factories as make

pytestmark = pytest.mark.django_db


def at(days):
    return timezone.localdate() + timedelta(days=days)


def booked(with_whom, days=1, starts="09:00", **agreed):
    return make.appointment(make.slots_of(make.shift(with_whom, days=days, starts=starts, slots=1))[0], **agreed)


def put(visit, status=Status.BOOKED, *, begins=None):
    columns = {"status": status}
    if begins is not None:
        now = timezone.now()
        columns |= {"starts_at": now + begins, "ends_at": now + begins + timedelta(minutes=30)}
    if status == Status.CANCELLED:
        columns |= {"cancelled_at": timezone.now(), "cancelled_by": "test"}
    Appointment.objects.filter(pk=visit.pk).update(**columns)
    return visit


def test_a_day_is_from_midnight_to_midnight_in_order():
    doctor = make.doctor()
    night = booked(doctor, 2, "00:00")
    booked(doctor, 1, "23:00")
    late = booked(doctor, 2, "23:30")
    booked(doctor, 3, "00:00")
    colleague = booked(make.doctor(), 2, "12:00")
    assert list(day.appointments_of_day(at(2))) == [night, colleague, late]
    assert list(day.doctor_appointments(doctor, at(2))) == [night, late]


def test_a_day_is_read_with_all_that_a_list_shows(django_assert_num_queries):
    booked(make.doctor(), of=make.child())
    with django_assert_num_queries(1):
        for visit in day.appointments_of_day(at(1)):
            shown = [visit.patient, visit.service, visit.doctor, visit.room, visit.representation]
            assert None not in shown


@pytest.fixture
def team():
    """Three who work tomorrow, in the order of their names, and one who works another day."""
    specialty = make.specialty("Кардиология")
    abaev = make.doctor(make.service(specialty), last_name="Абаев", first_name="Яков")
    belov_anna = make.doctor(last_name="Белов", first_name="Анна")
    belov_boris = make.doctor(last_name="Белов", first_name="Борис")
    for doctor in (belov_boris, abaev, belov_anna):
        make.shift(doctor, slots=2)
    make.shift(make.doctor(last_name="Абаев", first_name="Антон"), days=2)
    return [abaev, belov_anna, belov_boris]


def columns(filled=10, **which):
    return day.doctor_days(at(1), filled=filled, **which)


def test_everybody_who_works_that_day_has_a_column_in_order(team):
    assert [column.doctor for column in columns()] == team
    assert day.doctor_days(at(9), filled=10) == []


def test_columns_of_one_specialty_or_of_some_doctors(team):
    assert [column.doctor for column in columns(specialty=team[0].specialties.get().pk)] == team[:1]
    assert [column.doctor for column in columns(doctors=[team[2].pk, team[0].pk])] == [team[0], team[2]]
    assert columns(specialty=uuid4()) == []


def test_only_the_first_columns_are_filled(team):
    for doctor in team:
        make.appointment(Slot.objects.filter(doctor=doctor).order_by("starts_at").first())
    assert [(len(column.slots), len(column.visits), len(column.shifts)) for column in columns(filled=2)] == [
        (1, 1, 1),
        (1, 1, 1),
        (0, 0, 1),
    ]


def test_a_column_has_shifts_free_times_and_visits_of_that_day_in_order():
    doctor = make.doctor()
    afternoon, morning = make.shift(doctor, starts="15:00", slots=2), make.shift(doctor, starts="09:00", slots=2)
    booked(doctor, 2)
    first, second = make.slots_of(morning)
    third, fourth = make.slots_of(afternoon)
    late, early = make.appointment(third), make.appointment(first, of=make.patient(last_name="Лунина"))
    cancelled = put(make.appointment(fourth), Status.CANCELLED)
    (column,) = columns()
    assert [(shift.starts_at, shift.ends_at, shift.room) for shift in column.shifts] == [
        (shift.starts_at, shift.ends_at, doctor.room.name) for shift in (morning, afternoon)
    ]
    assert [slot.pk for slot in column.slots] == [second.pk]
    assert [visit.pk for visit in column.visits] == [early.pk, late.pk, cancelled.pk]
    shown = column.visits[0]
    assert (shown.patient, shown.last_name, shown.first_name) == (early.patient_id, "Лунина", "Мария")
    assert (shown.status, shown.visit_kind, shown.overbooked) == ("booked", "first", False)


def test_a_visit_says_that_an_absence_touches_it(django_assert_num_queries):
    doctor = make.doctor()
    first, second = make.slots_of(make.shift(doctor, slots=2))
    busy, _other = [make.appointment(slot) for slot in (first, second)]
    make.overbooked(busy)
    away = make.absence(doctor, first.starts_at, first.ends_at)
    with django_assert_num_queries(3):
        (column,) = columns()
    assert [(visit.starts_at, visit.overbooked, visit.stranded) for visit in column.visits] == [
        (first.starts_at, False, True),
        (first.starts_at, True, True),
        (second.starts_at, False, False),
    ]
    booking.remove_absence(absence=away, by=make.TEST)
    assert [visit.stranded for visit in columns()[0].visits] == [False] * 3


def test_a_day_costs_three_questions_for_one_and_for_three(team, django_assert_num_queries):
    for doctors in (team[:1], team):
        with django_assert_num_queries(3):
            columns(doctors=[doctor.pk for doctor in doctors])


def test_one_visit_with_all_that_a_confirmation_tells(django_assert_num_queries):
    visit = booked(make.doctor(), of=make.child())
    booked(make.doctor())
    with django_assert_num_queries(1):
        shown = day.with_facts(visit.pk)
        assert shown == visit
        assert (shown.patient.pk, shown.representation.pk, shown.doctor.full_name) == (
            visit.patient_id,
            visit.representation_id,
            "Белова Анна Сергеевна",
        )
        assert shown.room.location.address == "Санкт-Петербург, ул. Лунная, д. 7"
        assert (shown.service.specialty.name, shown.follow_up_of) == ("Дерматология", None)
    assert day.with_facts(uuid4()) is None


def test_the_history_of_a_patient_begins_with_the_last_visit():
    patient, doctor = make.patient(), make.doctor()
    visits_ = [booked(doctor, days, of=patient) for days in (2, 3, 1)]
    booked(doctor, 4)
    assert list(day.history_of(patient.pk)) == [visits_[1], visits_[0], visits_[2]]


def test_what_a_follow_up_may_name_is_done_and_of_the_specialty():
    patient, heart, skin = make.patient(), make.doctor(make.service(make.specialty("Кардиология"))), make.doctor()
    done = [put(booked(of, days, of=patient), Status.FULFILLED) for of, days in ((heart, 1), (skin, 2))]
    for number, visit in enumerate(done):
        put(visit, Status.FULFILLED, begins=timedelta(days=number - 3))
    put(booked(skin, 3, of=patient), Status.FULFILLED)  # later than now: a slip of the pen
    put(booked(skin, 4, of=patient), begins=timedelta(days=-5))
    put(booked(skin, 5), Status.FULFILLED, begins=timedelta(days=-6))
    of_heart, of_skin = heart.specialties.get().pk, skin.specialties.get().pk
    assert list(day.visits_beside_a_booking(patient.pk, [of_heart, of_skin])) == [done[1], done[0]]
    assert list(day.visits_beside_a_booking(patient.pk, [of_heart])) == [done[0]]


def test_the_visits_ahead_stand_beside_a_booking_whatever_their_specialty():
    patient, doctor = make.patient(), make.doctor()
    later, sooner = booked(doctor, 3, of=patient), booked(doctor, 2, of=patient)
    put(booked(doctor, 1, of=patient), Status.CANCELLED)
    put(booked(doctor, 4, of=patient), begins=timedelta(days=-1))
    assert list(day.visits_beside_a_booking(patient.pk, [])) == [later, sooner]
    assert list(day.coming_visits(patient.pk)) == [sooner, later]
    assert list(day.coming_visits(patient.pk, but=sooner.pk)) == [later]


def test_the_next_visit_of_each_who_has_one(django_assert_num_queries):
    doctor, first, second, none = make.doctor(), make.patient(), make.patient(), make.patient()
    stranger = booked(doctor, 1, "15:00")
    soon = booked(doctor, 1, of=first)
    booked(doctor, 2, of=first)
    there = booked(doctor, 3, of=second)
    visits.arrive(appointment=there.pk, by=make.TEST)
    put(booked(doctor, 4, of=none), Status.CANCELLED)
    put(booked(doctor, 5, of=none), begins=timedelta(minutes=-1))
    with django_assert_num_queries(1):
        found = upcoming.next_visits([first.pk, second.pk, none.pk])
        assert {visit.doctor.last_name for visit in found.values()} == {"Белова"}
    assert found == {first.pk: soon, second.pk: there}
    assert upcoming.next_visits([]) == {}
    assert stranger.pk not in {visit.pk for visit in found.values()}
