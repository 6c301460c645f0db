"""Published times: shifts published and withdrawn, times closed and opened (R10)."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from foundation.audit.models import AuditEvent
from scheduling.actions import schedule, slots
from scheduling.choices import CancelReason, HoldReason
from scheduling.errors import ShiftConflict, ShiftHasVisits, StepNotAllowed
from scheduling.models import Doctor, Shift, ShiftRule, Slot, SlotRelease
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


def monday(weeks=0):
    today = timezone.localdate()
    return today + timedelta(days=7 - today.weekday(), weeks=weeks)


def rule(of, weekday=1, starts="09:00", ends="11:00", **columns):
    columns = {"room": of.room, "slot_minutes": 30, "valid_from": date(2020, 1, 1)} | columns
    at = {"starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends)}
    return ShiftRule.objects.create(doctor=of, weekday=weekday, **at, **columns)


def publish(of, first=None, last=None, by=make.TEST):
    first = first or monday()
    return schedule.publish(doctor=of, first_day=first, last_day=last or first + timedelta(days=6), by=by)


def release(slot, reason):
    return SlotRelease.objects.filter(slot=slot, reason=reason).count()


def test_a_published_shift_is_what_its_rule_says(doctor):
    by, hours, before = make.actor(), rule(doctor, slot_minutes=40), timezone.now()
    (made,) = publish(doctor, by=by)
    shift = Shift.objects.get()
    assert shift == made
    assert (shift.doctor, shift.room, shift.rule, shift.date) == (doctor, doctor.room, hours, monday())
    assert (shift.slot_minutes, shift.published_by) == (40, by.ref)
    assert before <= shift.published_at <= timezone.now()
    local = [timezone.localtime(moment).strftime("%H:%M") for moment in (shift.starts_at, shift.ends_at)]
    assert local == ["09:00", "11:00"]
    cells = [(slot.ends_at - slot.starts_at, slot.doctor) for slot in make.slots_of(shift)]
    assert cells == [(timedelta(minutes=40), doctor)] * 3
    event = AuditEvent.objects.get(action="schedule.published")
    assert (event.actor, event.object_ref) == (by.ref, str(doctor.pk))
    assert event.details == {
        "first_day": monday().isoformat(),
        "last_day": (monday() + timedelta(days=6)).isoformat(),
        "shifts": 1,
        "slots": 3,
    }


def test_each_new_time_is_announced_and_none_of_those_before(doctor):
    rule(doctor)
    publish(doctor)
    assert publish(doctor) == []
    assert SlotRelease.objects.filter(reason="published").count() == 4
    publish(doctor, monday(1))
    assert SlotRelease.objects.filter(reason="published").count() == 8


def test_nothing_planned_is_nothing_published(doctor):
    assert publish(doctor) == []
    assert AuditEvent.objects.get(action="schedule.published").details["slots"] == 0


def test_every_clash_is_named_and_nothing_is_published(doctor):
    colleague = make.doctor(last_name="Громов", first_name="Пётр", patronymic="")
    for weekday in (1, 3):
        rule(colleague, weekday, room=doctor.room)
        rule(doctor, weekday, "10:00", "12:00")
    rule(doctor, 5)
    publish(colleague)
    with pytest.raises(ShiftConflict) as refused:
        publish(doctor)
    days = [monday() + timedelta(days=number) for number in (0, 2)]
    room = doctor.room.name
    assert refused.value.conflicts == [f"{day:%d.%m.%Y}: Громов П., {room}, 09:00–11:00" for day in days]
    assert not Shift.objects.filter(doctor=doctor).exists()


@pytest.fixture
def shift(doctor):
    return make.shift(doctor, days=2, slots=3)


def held(slot, reason=HoldReason.DESK):
    service = slot.doctor.services.get()
    return slots.hold(start=slot.pk, service=service, reason=reason, by=make.TEST)


def lapse():
    Slot.objects.exclude(hold_token=None).update(held_until=timezone.now())


def test_a_withdrawn_shift_is_gone_with_its_times(shift):
    other, by, reference = make.shift(shift.doctor, days=3), make.actor(), str(shift.pk)
    held(make.slots_of(shift)[0])
    lapse()
    schedule.withdraw(shift=shift, by=by)
    assert list(Shift.objects.all()) == [other]
    assert set(Slot.objects.values_list("shift", flat=True)) == {other.pk}
    event = AuditEvent.objects.get(action="schedule.withdrawn")
    assert (event.actor, event.object_ref, event.details) == (by.ref, reference, {"date": shift.date.isoformat()})


def booked(shift):
    make.appointment(make.slots_of(shift)[2])


def kept(shift):
    held(make.slots_of(shift)[1])


def was_offered(shift):
    slot = make.slots_of(shift)[0]
    make.offer(make.entry(make.specialty()), slot)


def booked_over(shift):
    """The visit whose time it was is cancelled."""
    visit = make.appointment(make.slots_of(shift)[1])
    make.overbooked(visit, patient=make.patient(last_name="Яшин"))
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)


@pytest.mark.parametrize("used", [booked, kept, was_offered, booked_over])
def test_a_shift_that_somebody_has_to_do_with_stays(shift, used):
    used(shift)
    with pytest.raises(ShiftHasVisits):
        schedule.withdraw(shift=shift, by=make.TEST)


def test_closed_times_say_why_and_lose_lapsed_holds(shift):
    first, second, third = make.slots_of(shift)
    held(first)
    lapse()
    assert schedule.block(slot_ids=[second.pk, first.pk], reason="ж" * 101, by=make.TEST) == 2
    closed = {slot.pk: slot for slot in Slot.objects.exclude(absence=None).select_related("absence")}
    assert set(closed) == {first.pk, second.pk}
    assert {slot.absence.note for slot in closed.values()} == {"ж" * 100}
    assert closed[first.pk].hold_token is None
    event = AuditEvent.objects.get(action="slots.blocked")
    assert event.details == {"slots": sorted(str(slot.pk) for slot in (first, second)), "reason": "ж" * 100}
    assert Slot.objects.get(pk=third.pk).absence is None


@pytest.mark.parametrize("used", [booked, kept])
def test_no_time_is_closed_when_one_of_them_is_taken(shift, used):
    used(shift)
    with pytest.raises(StepNotAllowed):
        schedule.block(slot_ids=[slot.pk for slot in make.slots_of(shift)], reason="обучение", by=make.TEST)
    assert not Slot.objects.exclude(absence=None).exists()


def test_only_what_was_closed_is_opened_and_announced(shift):
    first, second, third = make.slots_of(shift)
    schedule.block(slot_ids=[first.pk, third.pk], reason="обучение", by=make.TEST)
    assert schedule.unblock(slot_ids=[first.pk, second.pk, uuid4()], by=make.TEST) == 1
    assert list(Slot.objects.exclude(absence=None)) == [third]
    assert [release(slot, "unblocked") for slot in (first, second, third)] == [1, 0, 0]
    assert AuditEvent.objects.get(action="slots.unblocked").details == {"slots": [str(first.pk)]}
    assert schedule.unblock(slot_ids=[first.pk], by=make.TEST) == 0


def test_opening_a_time_does_not_touch_a_visit_beside_it(shift):
    first, second, _third = make.slots_of(shift)
    visit = make.appointment(second)
    schedule.block(slot_ids=[first.pk], reason="обучение", by=make.TEST)
    schedule.unblock(slot_ids=[first.pk, second.pk], by=make.TEST)
    assert list(visit.slots.all()) == [second]


def test_two_rules_of_one_doctor_that_overlap_are_refused_by_the_database(doctor):
    rule(doctor)
    rule(doctor, starts="10:00", ends="12:00")
    with pytest.raises(ShiftConflict) as refused:
        publish(doctor)
    assert refused.value.conflicts == []


def test_a_doctor_who_is_not_there_publishes_nothing():
    with pytest.raises(Doctor.DoesNotExist):
        publish(Doctor(pk=uuid4()))
