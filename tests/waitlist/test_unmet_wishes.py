"""Whom nothing suited and who did not want to wait: written down, counted once, and not when they were helped."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

import booking
from foundation.audit.models import AuditEvent
from patients.choices import Channel
from scheduling.models import Appointment
from tests import factories as make
from waitlist.choices import UnmetReason
from waitlist.models import UnmetWish, WaitlistEntry
from waitlist.queries import figures
from waitlist.queries.figures import Period
from worklist.models import Task

pytestmark = pytest.mark.django_db
REASON, HOUR = UnmetReason.EXPENSIVE, timedelta(hours=1)


@pytest.fixture
def specialty():
    return make.specialty()


def left(specialty, who, reason=REASON):
    wishes = make.wishes(specialty, weekdays=(1, 3), note="после отпуска")
    by = make.actor("operator")
    return booking.record_unmet(patient=who, wishes=wishes, reason=reason, channel=Channel.PHONE, by=by)


def counted():
    now = timezone.now()
    rows = figures.unmet(Period(now - timedelta(days=3), now + timedelta(days=3)))
    return {row.reason: row.left_without for row in rows if row.reason}


def test_it_is_written_down_with_the_wishes_and_makes_no_call(specialty):
    who = make.patient()
    left(specialty, who)
    wish = UnmetWish.objects.get()
    assert (wish.patient, wish.specialty, wish.weekdays, wish.note) == (who, specialty, [1, 3], "после отпуска")
    assert (wish.reason, wish.channel) == (REASON, Channel.PHONE)
    assert not WaitlistEntry.objects.exists()
    assert not Task.objects.exists()
    row = AuditEvent.objects.get(action="waitlist.unmet")
    assert (row.patient, row.object_ref, row.details) == (who.pk, str(wish.pk), {"reason": REASON})


def test_they_are_counted_by_specialty_hour_and_reason(specialty):
    other = make.specialty("Трихология", "трихолог")
    for of, reason in ((specialty, REASON), (specialty, UnmetReason.NOTHING), (other, REASON)):
        left(of, make.patient(), reason)
    left(other, None)
    now = timezone.now()
    rows = figures.unmet(Period(now - HOUR, now + HOUR))
    assert {row.specialty: row.all for row in rows if row.specialty} == {specialty.name: 2, other.name: 2}
    assert sum(row.all for row in rows if row.hour is not None) == 4
    assert counted() == {REASON: 3, UnmetReason.NOTHING: 1}
    assert [row.all for row in rows if row.specialty is row.hour is row.reason is None] == [4]


def test_the_last_reason_of_a_day_counts_once(specialty):
    who = make.patient()
    for reason in (UnmetReason.NOTHING, UnmetReason.DOCTOR):
        left(specialty, who, reason)
    assert counted() == {UnmetReason.DOCTOR: 1}


def test_nobody_who_is_not_named_counts_as_somebody_else(specialty):
    for _ in range(2):
        left(specialty, None)
    assert counted() == {REASON: 2}


@pytest.mark.parametrize("first", ["left", "joined"])
def test_who_is_on_the_list_is_counted_there_alone(specialty, first):
    who = make.patient()
    steps = [lambda: left(specialty, who), lambda: make.entry(specialty, who=who)]
    for step in steps if first == "left" else reversed(steps):
        step()
    assert counted() == {}


def test_who_was_on_the_list_before_is_counted(specialty):
    who = make.patient()
    booking.remove_entry(entry=make.entry(specialty, who=who).pk, reason="передумал", by=make.actor("operator"))
    left(specialty, who)
    assert counted() == {REASON: 1}


@pytest.mark.parametrize(("days", "expected"), [(0, {}), (1, {REASON: 1})])
def test_who_was_booked_within_a_day_was_helped(specialty, days, expected):
    who, doctor = make.patient(), make.doctor(make.service(specialty))
    left(specialty, who)
    make.appointment(make.slots_of(make.shift(doctor, days=3, slots=1))[0], of=who)
    Appointment.objects.update(created_at=F("created_at") + timedelta(days=days, minutes=1))
    assert counted() == expected


def test_a_visit_to_another_specialty_helps_nobody(specialty):
    who, other = make.patient(), make.specialty("Трихология", "трихолог")
    left(specialty, who)
    make.appointment(make.slots_of(make.shift(make.doctor(make.service(other)), days=3, slots=1))[0], of=who)
    make.entry(other, who=who)
    assert counted() == {REASON: 1}
