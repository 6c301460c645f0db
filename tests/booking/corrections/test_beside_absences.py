"""A visit that no longer holds and one that an absence strands is one task, whatever the reasons."""

import pytest

import booking
from tests import factories as make
from tests.booking.corrections.deeds import change, open_tasks
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


def test_an_absence_takes_over_the_task_and_gives_it_back(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    absence = make.away(doctor, 5, 5)
    task.refresh_from_db()
    assert (task.cause, open_tasks()) == (absence.pk, [visit.pk])
    booking.remove_absence(absence=absence, by=make.TEST)
    task.refresh_from_db()
    assert (task.cause, task.state) == (None, "open")
    change(doctor, min_age=0)
    booking.reconcile_openness()
    task.refresh_from_db()
    assert task.state == "dropped"


def test_a_task_names_the_absence_that_strands_the_visit_now(doctor, slots):
    make.appointment(slots[0])
    first = make.away(doctor, 4, 6)
    second = make.away(doctor, 5, 5)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert task.cause == first.pk
    booking.remove_absence(absence=first, by=make.TEST)
    task.refresh_from_db()
    assert (task.cause, task.state) == (second.pk, "open")


def test_the_reconciliation_keeps_the_task_of_a_visit_that_does_not_hold(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    booking.reconcile_openness()
    assert open_tasks() == [visit.pk]


def test_moving_the_visit_to_a_time_that_fits_ends_the_task(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, active=False)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    other = make.slots_of(make.shift(make.doctor(visit.service), days=6))[0]
    booking.move(appointment=visit.pk, to_slot=other.pk, by=make.TEST)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert (task.state, task.outcome) == ("done", "moved")
