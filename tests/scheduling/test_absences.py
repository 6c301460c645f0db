"""An absence closes the times it touches, whoever has them; taken back, it opens what no other one closes (D01–D07)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Channel
from scheduling.actions import absences, openness, slots
from scheduling.choices import AbsenceKind, CancelReason, HoldReason
from scheduling.errors import AbsenceOver, AbsenceTooLong, SlotBlocked, StepNotAllowed, TimeHasAbsence
from scheduling.models import Absence, Shift, Slot, SlotRelease
from scheduling.queries import availability
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


def closed(*of):
    kept = Slot.objects.exclude(absence=None).order_by("starts_at")
    return list(kept.filter(pk__in=[slot.pk for slot in of]) if of else kept)


def free(doctor):
    starts = availability.nearest(service=doctor.services.get(), limit=50)
    return [start.pk for start in starts if start.doctor_id == doctor.pk]


def ids(run):
    return [slot.pk for slot in run]


def test_free_times_of_the_days_are_closed_from_the_first_to_the_last(doctor):
    by_day = {days: make.slots_of(make.shift(doctor, days=days, slots=1)) for days in range(1, 6)}
    others = make.slots_of(make.shift(make.doctor(), days=3, slots=1))
    make.away(doctor, 2, 4)
    assert closed() == [*by_day[2], *by_day[3], *by_day[4]]
    assert closed(*others) == []


def test_a_part_of_a_day_closes_what_it_touches(doctor):
    nine, half_past, ten, later = make.slots_of(make.shift(doctor, slots=4))
    make.absence(doctor, make.moment(1, "09:45"), make.moment(1, "10:15"))
    assert closed() == [half_past, ten]
    assert free(doctor) == [nine.pk, later.pk]


def test_a_span_that_ends_where_a_time_begins_leaves_it_open(doctor):
    first, second, *_ = make.slots_of(make.shift(doctor, slots=3))
    make.absence(doctor, first.starts_at, second.starts_at)
    assert closed() == [first]


@pytest.mark.parametrize("whose", ["room", "location", "everybody"])
def test_a_room_a_location_and_the_whole_clinic_can_be_away(doctor, whose):
    mine = make.slots_of(make.shift(doctor, slots=1))
    elsewhere = make.slots_of(make.shift(make.doctor(), slots=1))
    room = mine[0].shift.room
    columns = {"room": {"room": room}, "location": {"location": room.location}, "everybody": {}}[whose]
    make.away(None, kind=AbsenceKind.REPAIR, **columns)
    assert set(closed()) == set(mine if whose == "room" else mine + elsewhere)


def test_a_booked_time_stays_booked_and_is_closed_all_the_same(doctor):
    booked, held, left = make.slots_of(make.shift(doctor, slots=3))
    visit = make.appointment(booked)
    slots.hold(start=held.pk, service=doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    make.away(doctor)
    assert closed() == [booked, held, left]
    held.refresh_from_db()
    assert (held.hold_token, held.held_until, held.hold_owner) == (None, None, "")
    assert list(visit.slots.all()) == [booked]


def test_times_that_are_over_are_left_alone_and_what_has_begun_is_closed(doctor):
    """What began a moment ago could still be booked (R11)."""
    shift = make.shift(doctor, days=0, starts="00:00", slots=2)
    over, begun = make.slots_of(shift)
    now = timezone.now()
    hour = timedelta(hours=1)
    Shift.objects.filter(pk=shift.pk).update(starts_at=now - 2 * hour, ends_at=now + hour)
    Slot.objects.filter(pk=over.pk).update(starts_at=now - 900 * hour, ends_at=now - 899 * hour)  # out of the way
    Slot.objects.filter(pk=begun.pk).update(starts_at=now - timedelta(seconds=1), ends_at=now + hour)
    Slot.objects.filter(pk=over.pk).update(starts_at=now - 2 * hour, ends_at=now - hour)
    make.absence(doctor, now - 3 * hour, now + hour)
    assert closed() == [begun]


def left_by_cancelling(visit):
    booking.cancel(appointment=visit.pk, reason=CancelReason.DOCTOR_AWAY, by=make.TEST)


def left_in_error(visit):
    booking.enter_in_error(appointment=visit.pk, note="не тот пациент", by=make.TEST)


def left_by_moving(visit):
    elsewhere = make.slots_of(make.shift(make.doctor(visit.service), days=9, slots=1))[0]
    booking.move(appointment=visit.pk, to_slot=elsewhere.pk, by=make.TEST)


@pytest.mark.parametrize("leave", [left_by_cancelling, left_in_error, left_by_moving])
def test_d01_a_time_inside_an_absence_stays_closed_whatever_leaves_it(doctor, leave):
    booked, *_ = make.slots_of(make.shift(doctor, slots=1))
    visit = make.appointment(booked)
    make.away(doctor)
    leave(visit)
    booked.refresh_from_db()
    assert (booked.appointment, booked.absence) == (None, Absence.objects.get())
    assert not SlotRelease.objects.filter(slot=booked).exists()
    assert booked.pk not in free(doctor)


def test_the_same_leaving_without_an_absence_frees_the_time(doctor):
    """The negative control of D01."""
    booked, *_ = make.slots_of(make.shift(doctor, slots=1))
    left_by_cancelling(make.appointment(booked))
    assert SlotRelease.objects.filter(slot=booked).count() == 1
    assert free(doctor) == [booked.pk]


def test_d07_a_hold_that_lapses_inside_an_absence_frees_nothing(doctor):
    held, *_ = make.slots_of(make.shift(doctor, slots=1))
    slots.hold(start=held.pk, service=doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    make.away(doctor)
    assert slots.release_lapsed(now=timezone.now() + timedelta(hours=1)) == 0
    assert closed() == [held]
    assert not SlotRelease.objects.exists()


def test_a_time_inside_an_absence_cannot_be_booked_held_or_moved_to(doctor):
    inside, *_ = make.slots_of(make.shift(doctor, days=2, slots=1))
    make.away(doctor, 2, 2)
    service = doctor.services.get()
    with pytest.raises(SlotBlocked):
        make.appointment(inside)
    with pytest.raises(SlotBlocked):
        slots.hold(start=inside.pk, service=service, reason=HoldReason.DESK, by=make.TEST)
    visit = make.appointment(make.slots_of(make.shift(make.doctor(service), days=4, slots=1))[0])
    with pytest.raises(SlotBlocked):
        booking.move(appointment=visit.pk, to_slot=inside.pk, by=make.TEST)


def test_nobody_books_over_an_absence(doctor):
    inside, *_ = make.slots_of(make.shift(doctor, days=2, slots=1))
    make.away(doctor, 2, 2)
    with pytest.raises(SlotBlocked):
        booking.overbook(
            patient=make.patient(),
            service=doctor.services.get(),
            doctor=doctor,
            room=inside.shift.room,
            starts_at=inside.starts_at,
            reason="очень просил",
            channel=Channel.REGISTRY,
            by=make.actor(Role.REGISTRAR),
        )


def test_d02_only_what_no_other_absence_covers_is_opened(doctor):
    by_day = {days: make.slots_of(make.shift(doctor, days=days, slots=1)) for days in range(3, 8)}
    leave = make.away(doctor, 3, 7)
    sick = make.away(doctor, 5, 5, kind=AbsenceKind.SICK)
    booking.remove_absence(absence=leave, by=make.TEST)
    assert closed() == by_day[5]
    assert Slot.objects.get(pk=by_day[5][0].pk).absence == sick
    assert set(SlotRelease.objects.values_list("slot", "reason")) == {
        (run[0].pk, "unblocked") for days, run in by_day.items() if days != 5
    }


def test_d03_an_equal_absence_is_the_one_that_is_there(doctor):
    make.shift(doctor, slots=2)
    assert make.away(doctor) == make.away(doctor)
    assert Absence.objects.count() == 1
    booking.remove_absence(absence=Absence.objects.get(), by=make.TEST)
    assert closed() == []


def test_what_was_closed_is_opened_and_the_waitlist_hears_of_it(doctor):
    mine = make.slots_of(make.shift(doctor, slots=2))
    other = make.slots_of(make.shift(make.doctor(), slots=1))
    absence = make.away(doctor)
    make.away(other[0].doctor)
    assert booking.remove_absence(absence=absence, by=make.TEST) == 2
    assert closed() == other
    assert set(SlotRelease.objects.values_list("slot", "reason")) == {(slot.pk, "unblocked") for slot in mine}
    assert list(Absence.objects.values_list("doctor", flat=True)) == [other[0].doctor_id]


def test_a_booked_time_is_opened_with_the_others_and_not_announced(doctor):
    booked, left = make.slots_of(make.shift(doctor, slots=2))
    make.appointment(booked)
    assert booking.remove_absence(absence=make.away(doctor), by=make.TEST) == 1
    assert closed() == []
    assert SlotRelease.objects.get().slot == left


def test_a_time_closed_by_hand_stays_closed_when_a_leave_is_taken_back(doctor):
    training, left = make.slots_of(make.shift(doctor, slots=2))
    make.close(training)
    booking.remove_absence(absence=make.away(doctor), by=make.TEST)
    assert closed() == [training]
    training.refresh_from_db()
    assert training.absence.reason == "обучение"
    assert free(doctor) == [left.pk]


def test_a_time_closed_by_hand_is_not_opened_while_a_leave_covers_it(doctor):
    training, *_ = make.slots_of(make.shift(doctor, slots=1))
    make.close(training)
    leave = make.away(doctor)
    assert booking.unblock(slots=[training.pk], by=make.TEST) == 1
    training.refresh_from_db()
    assert training.absence == leave
    with pytest.raises(TimeHasAbsence):
        booking.unblock(slots=[training.pk], by=make.TEST)


def test_what_is_published_into_an_absence_is_closed(doctor):
    make.absence(doctor, make.moment(2, "10:00"), make.moment(2, "11:00"))
    shift = make.shift(doctor, days=2, starts="09:00", slots=6)
    openness.close_shifts([shift])
    assert [f"{timezone.localtime(slot.starts_at):%H:%M}" for slot in closed()] == ["10:00", "10:30"]


def test_publishing_closes_times_of_its_own_shifts_alone(doctor):
    """Whatever slipped elsewhere is the reconciliation's: who publishes has locked nothing of it."""
    make.away(doctor)
    slipped, published = make.shift(doctor, days=1, slots=1), make.shift(doctor, days=2, slots=1)
    openness.close_shifts([published])
    assert closed() == make.slots_of(published)
    assert ids(openness.close_missed().slots) == ids(make.slots_of(slipped))


def test_closing_tells_which_holds_ended_and_leaves_what_a_step_may_take_back(doctor, settings):
    settings.UNDO_SECONDS = 10
    held, left, free_one = make.slots_of(make.shift(doctor, slots=3))
    token = slots.hold(start=held.pk, service=doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    visit = make.appointment(left)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.actor())
    absence = Absence.objects.create(doctor=doctor, kind="leave", starts_at=held.starts_at, ends_at=free_one.ends_at)
    ended = openness.close(absence)
    assert (ids(ended.slots), ended.holds) == (ids(closed()), {token})
    assert closed() == [held, left, free_one]
    left.refresh_from_db()
    assert (left.hold_reason, left.absence) == (HoldReason.UNDO, absence)


def test_what_slipped_is_closed_by_the_reconciliation(doctor):
    """A shift that came past the verbs: nothing else would close its times."""
    make.away(doctor)
    slipped = make.slots_of(make.shift(doctor, slots=2))
    assert ids(openness.close_missed().slots) == ids(sorted(slipped, key=lambda slot: slot.pk))
    assert closed() == slipped
    assert openness.close_missed().slots == []


def test_a_withdrawn_shift_takes_what_was_closed_by_hand_with_it(doctor):
    shift = make.shift(doctor, slots=2)
    make.close(*make.slots_of(shift))
    booking.withdraw(shift=shift, by=make.TEST)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [(-9, -3, AbsenceOver), (-2, -1, AbsenceOver), (0, 3 * 366, AbsenceTooLong), (1, 3 * 366, None), (0, 0, None)],
)
def test_d06_an_absence_lies_where_a_clinic_lives(doctor, first, last, refused):
    if refused:
        with pytest.raises(refused):
            make.away(doctor, first, last)
    assert Absence.objects.exists() is False
    if not refused:
        assert make.away(doctor, first, last) == Absence.objects.get()


def test_booked_and_held_times_are_not_closed_by_hand(doctor):
    booked, *_ = make.slots_of(make.shift(doctor, slots=1))
    make.appointment(booked)
    with pytest.raises(StepNotAllowed):
        make.close(booked)


def test_the_audit_tells_whose_times_and_how_many(doctor):
    make.shift(doctor, slots=3)
    absence = make.away(doctor, note="отпуск по графику")
    assert absence.note == "отпуск по графику"
    times = {"starts_at": absence.starts_at.isoformat(), "ends_at": absence.ends_at.isoformat()}
    whose = {"doctor": str(doctor.pk), "kind": "leave"} | times
    added = AuditEvent.objects.get(action="schedule.absence_added")
    assert (added.actor, added.object_ref, added.details) == (make.TEST.ref, str(absence.pk), whose | {"closed": 3})
    reference = str(absence.pk)
    absences.remove(absence=absence, by=make.TEST)
    removed = AuditEvent.objects.get(action="schedule.absence_removed")
    assert (removed.object_ref, removed.details) == (reference, whose | {"opened": 3})


@pytest.mark.parametrize(("note", "reason"), [("", "отпуск"), ("Очередной", "Очередной")])
def test_what_a_closed_time_says(note, reason):
    assert Absence(kind=AbsenceKind.LEAVE, note=note).reason == reason


def test_only_what_is_released_without_an_absence_is_announced():
    slot = make.slots_of(make.shift(make.doctor(), slots=1))[0]
    slots.announce([], reason="moved")
    assert not SlotRelease.objects.exists()
    slots.announce([SimpleNamespace(pk=slot.pk, starts_at=slot.starts_at)], reason="moved")
    assert SlotRelease.objects.get().slot == slot
