"""The reconciliation judges the visits that were written lately, and no others."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from booking.recent import JUDGED_AGAIN, written_lately
from scheduling.models import Appointment, Doctor
from tests import factories as make
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), days=5, slots=3))


def later(span):
    return time_machine.travel(timezone.now() + span, tick=False)


def test_a_visit_is_lately_written_for_a_day_after_it_was_booked_or_moved(slots):
    visit = make.appointment(slots[0])
    make.appointment(slots[1])
    Appointment.objects.exclude(pk=visit.pk).update(created_at=make.moment(-9))
    assert list(written_lately()) == [visit]
    with later(JUDGED_AGAIN + timedelta(minutes=1)):
        assert list(written_lately()) == []
        booking.move(appointment=visit.pk, to_slot=slots[2].pk, by=make.TEST)
        assert list(written_lately()) == [visit]


def test_what_has_begun_or_ended_is_not_read(slots):
    over, ended = make.appointment(slots[0]), make.appointment(slots[1])
    booking.cancel(appointment=ended.pk, reason="patient", by=make.TEST)
    Appointment.objects.filter(pk=over.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    assert list(written_lately()) == []


def test_a_new_visit_that_holds_is_no_task(slots):
    for slot, patient in zip(slots, [make.patient(), make.child(), make.child(years=15)], strict=True):
        make.appointment(slot, of=patient)
    booking.reconcile_openness()
    assert not Task.objects.exists()


def test_an_old_visit_is_left_to_the_corrections(slots):
    """The control: it holds no longer, and the reconciliation does not look at it."""
    make.appointment(slots[0])
    Doctor.objects.update(min_age=100)
    with later(JUDGED_AGAIN + timedelta(minutes=1)):
        booking.reconcile_openness()
        assert not Task.objects.exists()
    booking.reconcile_openness()
    assert Task.objects.get().kind == TaskKind.REBOOK
