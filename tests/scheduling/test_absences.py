"""Days away close free times and leave visits; a doctor who works after all has the same times again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation

from foundation.audit.models import AuditEvent
from scheduling.actions import absences, slots
from scheduling.choices import ExceptionKind, HoldReason
from scheduling.models import ScheduleException, Slot, SlotRelease
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def away(of, first=1, last=3, kind=ExceptionKind.LEAVE, note=""):
    days = {"first_day": today(first), "last_day": today(last)}
    return absences.add(doctor=of, kind=kind, note=note, by=make.TEST, **days)


def closed(*of):
    kept = Slot.objects.filter(blocked=True).order_by("starts_at")
    return list(kept.filter(pk__in=[slot.pk for slot in of]) if of else kept)


def test_free_times_of_the_days_are_closed_from_the_first_to_the_last(doctor):
    by_day = {days: make.slots_of(make.shift(doctor, days=days, slots=1)) for days in range(1, 6)}
    others = make.slots_of(make.shift(make.doctor(), days=3, slots=1))
    away(doctor, 2, 4)
    assert closed() == [*by_day[2], *by_day[3], *by_day[4]]
    assert closed(*others) == []


def test_a_booked_time_stays_and_a_held_one_is_closed_with_its_hold(doctor):
    booked, held, free = make.slots_of(make.shift(doctor, slots=3))
    visit = make.appointment(booked)
    slots.hold(start=held.pk, service=doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    away(doctor)
    assert closed() == [held, free]
    held.refresh_from_db()
    assert (held.hold_token, held.held_until, held.hold_owner) == (None, None, "")
    assert list(visit.slots.all()) == [booked]


def test_times_that_have_begun_are_left_alone(doctor):
    begun = make.slots_of(make.shift(doctor, days=0, starts="00:00", slots=1))[0]
    Slot.objects.filter(pk=begun.pk).update(
        starts_at=timezone.now() - timedelta(seconds=1), ends_at=timezone.now() + timedelta(minutes=29)
    )
    away(doctor, 0, 1)
    assert closed() == []


def test_a_time_closed_for_another_reason_keeps_it_also_afterwards(doctor):
    training, free = make.slots_of(make.shift(doctor, slots=2))
    Slot.objects.filter(pk=training.pk).update(blocked=True, block_reason="обучение")
    exception = away(doctor)
    absences.remove(exception=exception, by=make.TEST)
    training.refresh_from_db()
    free.refresh_from_db()
    assert (training.blocked, training.block_reason) == (True, "обучение")
    assert (free.blocked, free.block_reason) == (False, "")


def test_what_was_closed_is_opened_and_the_waitlist_hears_of_it(doctor):
    free = make.slots_of(make.shift(doctor, slots=2))
    other = make.slots_of(make.shift(make.doctor(), slots=1))
    exception = away(doctor)
    away(other[0].doctor)
    assert len(closed()) == 3
    absences.remove(exception=exception, by=make.TEST)
    assert closed() == other
    assert set(SlotRelease.objects.values_list("slot", "reason")) == {(slot.pk, "unblocked") for slot in free}
    assert list(ScheduleException.objects.values_list("doctor", flat=True)) == [other[0].doctor_id]


def test_an_absence_that_closed_nothing_is_removed_all_the_same(doctor):
    exception = away(doctor)
    absences.remove(exception=exception, by=make.TEST)
    assert not ScheduleException.objects.exists()
    assert not SlotRelease.objects.exists()
    assert AuditEvent.objects.get(action="schedule.exception_removed").details == {"opened": 0}


def test_the_audit_tells_whose_days_and_how_many_times(doctor):
    make.shift(doctor, slots=3)
    exception = away(doctor, note="отпуск по графику")
    assert exception.note == "отпуск по графику"
    added = AuditEvent.objects.get(action="schedule.exception_added")
    assert (added.actor, added.object_ref) == (make.TEST.ref, str(exception.pk))
    assert added.details == {
        "doctor": str(doctor.pk),
        "kind": "leave",
        "first_day": today(1).isoformat(),
        "last_day": today(3).isoformat(),
        "closed": 3,
    }
    reference = str(exception.pk)
    absences.remove(exception=exception, by=make.TEST)
    removed = AuditEvent.objects.get(action="schedule.exception_removed")
    assert (removed.object_ref, removed.details) == (reference, {"opened": 3})


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (ExceptionKind.LEAVE, "отпуск 23.11–29.11"),
        (ExceptionKind.SICK, "больничный 23.11–29.11"),
    ],
)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_reason_on_a_time_is_in_the_clinics_language(kind, reason, language):
    """It is found again by these very words, whoever asks."""
    exception = ScheduleException(kind=kind, first_day=date(2026, 11, 23), last_day=date(2026, 11, 29))
    with translation.override(language):
        assert absences.reason_of(exception) == reason
