"""A visit that was moved to a free time before the move gave it back to the constraints is ordinary by now."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db
migration = import_module("scheduling.migrations.0022_moved_visits_are_not_overbooked")


def migrate():
    with connection.cursor() as cursor:
        cursor.execute(migration.GIVE_BACK)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def flagged(**columns):
    """Makes a visit on slots of its own with the flag that a move left it before."""
    visit = make.appointment(**columns)
    Appointment.objects.filter(pk=visit.pk).update(overbooked=True, overbook_reason="острая боль")
    return visit


def flags(*visits):
    rows = Appointment.objects.in_bulk([visit.pk for visit in visits])
    return [(rows[visit.pk].overbooked, rows[visit.pk].overbook_reason) for visit in visits]


def test_a_visit_with_a_time_of_its_own_is_not_overbooked():
    moved = flagged()
    migrate()
    assert flags(moved) == [(False, "")]


def test_a_visit_over_a_busy_time_stays_what_it_is():
    over = make.overbooked(make.appointment())
    migrate()
    assert flags(over) == [(True, "острая боль")]


@pytest.mark.parametrize("status", ["cancelled", "noshow"])
def test_a_visit_that_takes_no_time_stays_what_it_was(status):
    ended = flagged()
    cancelled = {"cancelled_at": ended.created_at, "cancelled_by": "staff:1"} if status == "cancelled" else {}
    Appointment.objects.filter(pk=ended.pk).update(status=status, **cancelled)
    migrate()
    assert flags(ended) == [(True, "острая боль")]


def test_where_another_visit_overlaps_meanwhile_it_stays_and_nothing_breaks():
    moved, free = flagged(), flagged(of=make.patient(last_name="Лунина"))
    Appointment.objects.filter(pk=make.appointment().pk).update(
        patient=moved.patient_id, starts_at=moved.starts_at + timedelta(minutes=10), ends_at=moved.ends_at
    )
    migrate()
    assert flags(moved, free) == [(True, "острая боль"), (False, "")]


def test_two_that_overlap_each_other_both_stay():
    first, second = flagged(), flagged(of=make.patient(last_name="Лунина"))
    Appointment.objects.filter(pk=second.pk).update(patient=first.patient_id)
    migrate()
    assert flags(first, second) == [(True, "острая боль")] * 2


def test_a_visit_over_the_moved_one_is_no_reason_to_leave_it():
    moved = flagged()
    over = make.overbooked(moved, minutes=10)
    migrate()
    assert flags(moved, over) == [(False, ""), (True, "острая боль")]


def test_again_it_changes_nothing():
    moved = flagged()
    migrate()
    before = Appointment.objects.values().get(pk=moved.pk)
    migrate()
    assert Appointment.objects.values().get(pk=moved.pk) == before
