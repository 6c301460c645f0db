"""Corrections of one moment: a visit is one task, whoever finds first that it no longer holds."""

from functools import partial

import pytest

import booking
from scheduling.models import Doctor, Service
from tests import factories as make
from tests.races.harness import run_at_once
from worklist.actions import tasks
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SLOTS = 12


@pytest.fixture
def visits():
    """Visits of one doctor for one service; neither allows them any more."""
    booked = [make.appointment(slot) for slot in make.slots_of(make.shift(make.doctor(), days=2, slots=SLOTS))]
    Doctor.objects.update(min_age=100)
    Service.objects.update(minutes=60)
    return booked


def corrections(visits):
    """Everybody who may find these visits, several times."""
    doctor, service = visits[0].doctor, visits[0].service
    return [
        *[partial(booking.recheck_doctor, doctor=doctor, by=make.TEST)] * 3,
        partial(make.away, doctor, 1, 3),
        *[partial(booking.recheck_service, service=service, by=make.TEST)] * 3,
        booking.reconcile_openness,
    ]


def open_tasks():
    return sorted(Task.objects.filter(kind=TaskKind.REBOOK, state="open").values_list("subject", flat=True))


def test_each_visit_is_one_task(visits):
    result = run_at_once(corrections(visits))
    assert (result.refused_with(), result.deadlocks) == (set(), 0)
    assert open_tasks() == sorted(visit.pk for visit in visits)


def test_control_without_care_they_stumble_over_each_other(visits, monkeypatch):
    monkeypatch.setattr(tasks.writes, "IGNORE", "")
    with pytest.raises(AssertionError, match="task_one_open"):
        run_at_once(corrections(visits))
