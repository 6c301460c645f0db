"""Weekly hours: which of them stand in each other's way, and how they change and end."""

from datetime import date, time
from uuid import uuid4

import pytest

from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from scheduling.actions import rules
from scheduling.data import HoursData
from scheduling.errors import RuleOverlaps
from scheduling.models import ShiftRule
from tests import factories as make

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 2), date(2026, 6, 28)
"""The term of the rule that is there."""


@pytest.fixture
def doctor():
    return make.doctor()


def hours(of, starts="09:00", ends="12:00", *, since=FIRST, until=LAST, room=None, minutes=30):
    at = {"starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends)}
    return HoursData(**at, room=room or of.room, slot_minutes=minutes, valid_from=since, valid_until=until)


def add(of, *weekdays, **given):
    return rules.add(doctor=of, weekdays=weekdays or [1], hours=hours(of, **given), by=make.TEST)


def is_refused(of, *weekdays, **given):
    before = ShiftRule.objects.count()
    try:
        add(of, *weekdays, **given)
    except RuleOverlaps:
        return ShiftRule.objects.count() == before
    return False


@pytest.mark.parametrize(
    ("starts", "ends", "refused"),
    [
        ("08:00", "09:00", False),
        ("08:00", "09:01", True),
        ("09:00", "12:00", True),
        ("10:00", "11:00", True),
        ("08:00", "13:00", True),
        ("11:59", "13:00", True),
        ("12:00", "13:00", False),
    ],
)
def test_hours_may_meet_and_not_overlap(doctor, starts, ends, refused):
    add(doctor)
    assert is_refused(doctor, starts=starts, ends=ends) == refused


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (date(2026, 1, 1), date(2026, 3, 1), False),
        (date(2026, 1, 1), FIRST, True),
        (date(2026, 4, 1), date(2026, 4, 1), True),
        (LAST, date(2026, 12, 31), True),
        (LAST, None, True),
        (date(2026, 6, 29), None, False),
        (date(2026, 6, 29), date(2026, 12, 31), False),
        (date(2026, 1, 1), None, True),
    ],
)
def test_terms_may_follow_and_not_overlap(doctor, since, until, refused):
    add(doctor)
    assert is_refused(doctor, since=since, until=until) == refused


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (date(2026, 1, 1), date(2026, 3, 1), False),
        (date(2026, 1, 1), FIRST, True),
        (date(2030, 1, 1), None, True),
    ],
)
def test_hours_without_an_end_stand_in_the_way_for_ever(doctor, since, until, refused):
    add(doctor, until=None)
    assert is_refused(doctor, since=since, until=until) == refused


def test_another_weekday_and_another_doctor_are_no_matter(doctor):
    add(doctor, 1)
    assert not is_refused(doctor, 2)
    assert not is_refused(make.doctor(), 1)


def test_hours_of_many_weekdays_are_refused_by_one_of_them(doctor):
    add(doctor, 3)
    with pytest.raises(RuleOverlaps):
        add(doctor, 3, 4)


def test_hours_are_kept_as_they_were_given_and_written_down(doctor):
    by, room = make.actor(), make.room()
    given = hours(doctor, "09:30", "18:00", room=room, minutes=20)
    made = rules.add(doctor=doctor, weekdays=[1, 7], hours=given, by=by)
    kept = ShiftRule.objects.order_by("weekday").values_list(
        "weekday", "starts", "ends", "room", "slot_minutes", "valid_from", "valid_until", "doctor"
    )
    told = (time(9, 30), time(18), room.pk, 20, FIRST, LAST, doctor.pk)
    assert list(kept) == [(1, *told), (7, *told)]
    events = AuditEvent.objects.filter(action="schedule.rule_added", actor=by.ref).order_by("id")
    assert [(event.object_ref, event.details) for event in events] == [
        (
            str(rule.pk),
            {"doctor": str(doctor.pk), "weekday": rule.weekday, "hours": "09:30-18:00", "room": str(room.pk)},
        )
        for rule in made
    ]


def change(rule, weekday, new):
    changes = Changes(new.columns() | {"weekday": weekday})
    return rules.change(rule=rule, changes=changes, by=make.TEST)


def test_changed_hours_do_not_stand_in_their_own_way(doctor):
    (rule,) = add(doctor)
    change(rule.pk, 1, hours(doctor, "09:30", "12:30"))
    changed = change(rule.pk, 2, hours(doctor, "10:00", "13:00", until=None))
    changed.refresh_from_db()
    assert (changed.pk, changed.weekday, changed.starts, changed.valid_until) == (rule.pk, 2, time(10), None)
    event = AuditEvent.objects.filter(action="schedule.rule_changed").latest("id")
    assert (event.object_ref, event.details["hours"]) == (str(rule.pk), "10:00-13:00")


def test_changed_hours_stand_in_the_way_of_others(doctor):
    add(doctor, 1)
    (other,) = add(doctor, 2)
    with pytest.raises(RuleOverlaps):
        change(other.pk, 1, hours(doctor))
    other.refresh_from_db()
    assert other.weekday == 2


@pytest.mark.parametrize(
    ("last_day", "kept"),
    [(date(2026, 3, 1), None), (FIRST, FIRST), (date(2026, 5, 1), date(2026, 5, 1))],
)
def test_hours_end_on_their_last_day_or_never_were(doctor, last_day, kept):
    (rule,), (other,) = add(doctor, until=None), add(make.doctor(), until=None)
    rules.end(rule=rule.pk, last_day=last_day, by=make.TEST)
    left = ShiftRule.objects.exclude(pk=other.pk).values_list("valid_until", flat=True)
    assert list(left) == ([kept] if kept else [])
    assert ShiftRule.objects.get(pk=other.pk).valid_until is None
    event = AuditEvent.objects.get(action="schedule.rule_ended")
    assert (event.object_ref, event.details) == (str(rule.pk), {"last_day": last_day.isoformat()})


def test_hours_that_are_not_there_are_neither_changed_nor_ended(doctor):
    with pytest.raises(ShiftRule.DoesNotExist):
        rules.end(rule=uuid4(), last_day=LAST, by=make.TEST)
    with pytest.raises(ShiftRule.DoesNotExist):
        change(uuid4(), 1, hours(doctor))
