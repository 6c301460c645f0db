"""A time that is declined for a reason is not offered in its kind again, and nothing else is narrowed (W17)."""

import random
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from scheduling.models import Slot
from scheduling.queries.fit import CONDITIONS, Start
from tests import factories as make
from tests import phoning
from waitlist import lessons, matching
from waitlist.choices import LEAVES, CallOutcome, DeclineReason, EntryState
from waitlist.fit import nearest_fits
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from waitlist.queries import why
from waitlist.wishes import of
from worklist.models import PhonedNumber

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DOCTORS = [SimpleNamespace(pk=UUID(int=number), min_age=0, max_age=150) for number in range(1, 5)]
SURE = (DeclineReason.TOO_EARLY, DeclineReason.TOO_LATE, DeclineReason.WEEKDAY, DeclineReason.DOCTOR)
MINUTES = (15, 30, 45)


class Lists:
    """Wishes and starts at random."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def start(self):
        at = NOW + timedelta(days=self.chance.randrange(1, 9), minutes=5 * self.chance.randrange(288))
        minutes = self.chance.choice(MINUTES)
        return Start.of(at, doctor=self.chance.choice(DOCTORS), now=NOW, minutes=minutes, zone="Europe/Moscow")

    def wishes(self):
        some = [number for number in range(1, 8) if self.chance.random() < 0.6]
        named = tuple(doctor.pk for doctor in DOCTORS if self.chance.random() < 0.6)
        unwanted = tuple(doctor.pk for doctor in DOCTORS if self.chance.random() < 0.1)
        until = self.chance.choice([time.max, time(self.chance.randrange(13, 24))])
        return make.wishes(
            SimpleNamespace(pk=UUID(int=9)),
            date_from=NOW.date(),
            weekdays=self.chance.choice([(), tuple(some)]),
            doctor_ids=self.chance.choice([(), named]),
            not_doctor_ids=unwanted,
            time_from=self.chance.choice([time.min, time(self.chance.randrange(6, 13))]),
            time_until=until,
            notice_minutes=0,
        )


def fits(wishes, start):
    return all(condition.met(wishes, start) for condition in CONDITIONS)


SAID = {
    DeclineReason.TOO_EARLY: lambda start, declined: start.wall.time() <= declined.wall.time(),
    DeclineReason.TOO_LATE: lambda start, declined: start.over_by >= declined.over_by,
    DeclineReason.WEEKDAY: lambda start, declined: start.wall.isoweekday() == declined.wall.isoweekday(),
    DeclineReason.DOCTOR: lambda start, declined: start.doctor.pk == declined.doctor.pk,
}
"""Tells of another start whether the reason for which one was declined is said of it as well."""


@pytest.mark.parametrize("reason", SURE)
def test_w17_what_was_said_is_not_offered_again_and_nothing_else_is_narrowed(reason):
    lists, learned = Lists(str(reason)), 0
    for _round in range(3000):
        wishes, declined = lists.wishes(), lists.start()
        if not fits(wishes, declined):
            continue
        new = lessons.taught(wishes, declined, reason)
        if new == wishes:
            continue
        learned += 1
        assert not fits(new, declined)
        for _other in range(20):
            other = lists.start()
            expected = fits(wishes, other) and not SAID[reason](other, declined)
            assert fits(new, other) == expected, (wishes, declined.wall, other.wall, other.minutes)
    assert learned > 100


@pytest.mark.parametrize("reason", SURE)
def test_control_wishes_that_learn_nothing_would_have_it_offered_again(reason):
    lists = Lists(1)
    pairs = [(lists.wishes(), lists.start()) for _round in range(300)]
    assert any(fits(wishes, declined) for wishes, declined in pairs)


@pytest.mark.parametrize("reason", [reason for reason in DeclineReason if reason not in SURE])
def test_a_reason_that_says_nothing_of_other_times_teaches_nothing(reason):
    lists = Lists(2)
    for _round in range(50):
        wishes = lists.wishes()
        assert lessons.taught(wishes, lists.start(), reason) == wishes


@pytest.mark.parametrize(
    ("reason", "wished"),
    [
        (DeclineReason.WEEKDAY, {"weekdays": (3,)}),
        (DeclineReason.DOCTOR, {"doctor_ids": (DOCTORS[0].pk,)}),
        (DeclineReason.TOO_EARLY, {"time_from": time(12), "time_until": time(12, 1)}),
        (DeclineReason.TOO_LATE, {"time_from": time(12, 29), "time_until": time(12, 30)}),
    ],
)
def test_where_nothing_would_be_left_the_wishes_stay(reason, wished):
    wednesday = datetime(2026, 11, 25, 12, tzinfo=UTC)
    declined = Start.of(wednesday, doctor=DOCTORS[0], now=NOW, minutes=30, zone="UTC")
    wishes = replace(make.wishes(SimpleNamespace(pk=UUID(int=9)), date_from=NOW.date()), **wished)
    assert lessons.taught(wishes, declined, reason) == wishes


@pytest.mark.parametrize(
    ("at", "minutes", "reason", "column", "expected"),
    [
        ((0, 0), 30, DeclineReason.TOO_EARLY, "time_from", time(0, 1)),
        ((23, 59), 30, DeclineReason.TOO_LATE, "time_until", time(23, 59)),
        ((23, 30), 30, DeclineReason.TOO_LATE, "time_until", time(23, 59)),
        ((17, 0), 30, DeclineReason.TOO_LATE, "time_until", time(17, 29)),
    ],
)
def test_hours_at_the_ends_of_the_day(at, minutes, reason, column, expected):
    start = datetime(2026, 11, 25, *at, tzinfo=UTC)
    declined = Start.of(start, doctor=DOCTORS[0], now=NOW, minutes=minutes, zone="UTC")
    wishes = make.wishes(SimpleNamespace(pk=UUID(int=9)), date_from=NOW.date())
    new = lessons.taught(wishes, declined, reason)
    assert getattr(new, column) == expected
    assert not fits(new, declined)


# In a call


@pytest.fixture
def operator(db):
    return make.actor(Role.OPERATOR)


@pytest.fixture
def offer(operator):
    service = make.service()
    shift = make.shift(make.doctor(service), days=3, slots=4)
    make.doctor(service)
    make.entry(service.specialty, notice_minutes=0)
    return matching.offer_slot(slot=make.slots_of(shift)[0].pk)


def declined(offer, operator, reason, outcome=CallOutcome.DECLINED_SLOT):
    phoning.claim(offer=offer.pk, by=operator)
    attempt = booking.finish_call(offer=offer.pk, outcome=outcome, reason=reason, by=operator)
    PhonedNumber.objects.all().delete()
    return attempt


def offered_again(offer):
    return [matching.offer_slot(slot=slot.pk) is not None for slot in make.slots_of(offer.slot.shift)]


def test_w17_the_same_kind_of_time_is_not_offered_again(offer, operator):
    attempt = declined(offer, operator, DeclineReason.WEEKDAY)
    entry = WaitlistEntry.objects.get()
    assert (attempt.reason, entry.state) == (DeclineReason.WEEKDAY, EntryState.WAITING)
    assert offer.local_start.isoweekday() not in entry.weekdays
    assert offered_again(offer) == [False] * 4


def test_control_without_a_reason_the_next_time_of_the_day_is_offered(offer, operator):
    declined(offer, operator, None)
    assert offered_again(offer) == [False, True, False, False]


def test_not_this_doctor_means_any_other_also_one_who_joins_later(offer, operator):
    declined(offer, operator, DeclineReason.DOCTOR)
    entry = WaitlistEntry.objects.get()
    assert (entry.doctor_ids, entry.not_doctor_ids) == ([], [offer.doctor_id])
    assert offered_again(offer) == [False] * 4
    slot = Slot.objects.select_related("doctor", "shift__room__location").get(pk=make.slots_of(offer.slot.shift)[1].pk)
    assert why.reason(entry, slot=slot) == "doctor"
    newcomer = make.slots_of(make.shift(make.doctor(offer.service), days=3))[0]
    assert matching.offer_slot(slot=newcomer.pk).entry == entry


def test_of_doctors_who_were_named_this_one_is_named_no_more(offer, operator):
    other = offer.service.doctors.exclude(pk=offer.doctor_id).get()
    WaitlistEntry.objects.update(doctor_ids=[offer.doctor_id, other.pk])
    declined(offer, operator, DeclineReason.DOCTOR)
    entry = WaitlistEntry.objects.get()
    assert (entry.doctor_ids, entry.not_doctor_ids) == ([other.pk], [])


def test_the_only_doctor_there_is_is_not_left_out(offer, operator):
    offer.service.doctors.exclude(pk=offer.doctor_id).update(active=False)
    declined(offer, operator, DeclineReason.DOCTOR)
    assert WaitlistEntry.objects.get().not_doctor_ids == []


def test_what_is_read_out_is_of_other_doctors(offer):
    wishes = make.wishes(offer.service.specialty, not_doctor_ids=(offer.doctor_id,))
    other = offer.service.doctors.exclude(pk=offer.doctor_id).get()
    (theirs,) = make.slots_of(make.shift(other, days=4, slots=1))
    assert [fit.slot.pk for fit in nearest_fits(wishes, patient=make.patient())] == [theirs.pk]


def test_what_was_learned_is_written_down_and_undone_by_the_wishes(offer, operator):
    before = of(WaitlistEntry.objects.get())
    declined(offer, operator, DeclineReason.TOO_EARLY)
    entry = WaitlistEntry.objects.get()
    event = AuditEvent.objects.get(action="waitlist.taught")
    assert (event.actor, event.object_ref) == (operator.ref, str(entry.pk))
    assert event.details["declined"] == "too_early"
    assert list(event.details["changed"]) == ["time_from"]
    booking.change_wishes(entry=entry.pk, changes=Changes({"time_from": before.time_from}), by=operator)
    assert of(WaitlistEntry.objects.get()) == before


@pytest.mark.parametrize("reason", LEAVES)
@pytest.mark.parametrize("outcome", [CallOutcome.DECLINED_SLOT, CallOutcome.DECLINED_ALL])
def test_who_needs_nothing_any_more_leaves_with_that_reason(offer, operator, reason, outcome):
    attempt = declined(offer, operator, reason, outcome)
    entry = WaitlistEntry.objects.get()
    assert (attempt.outcome, attempt.reason) == (CallOutcome.DECLINED_ALL, reason)
    assert (entry.state, entry.close_reason) == (EntryState.REMOVED, str(reason.label))


def test_t102_the_outcome_is_accepted_where_nothing_can_be_learned(offer, operator):
    WaitlistEntry.objects.update(weekdays=[offer.local_start.isoweekday()])
    attempt = declined(offer, operator, DeclineReason.WEEKDAY)
    assert (attempt.reason, WaitlistEntry.objects.get().weekdays) == (
        DeclineReason.WEEKDAY,
        [offer.local_start.isoweekday()],
    )
    assert not AuditEvent.objects.filter(action="waitlist.taught").exists()


def test_what_was_said_counts_after_the_claim_was_lost(offer, operator):
    phoning.claim(offer=offer.pk, by=operator)
    SlotOffer.objects.update(state="withdrawn", ended_at=timezone.now())
    WaitlistEntry.objects.update(state=EntryState.WAITING)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, reason=DeclineReason.WEEKDAY, by=operator)
    assert CallAttempt.objects.get().reason == DeclineReason.WEEKDAY
    assert len(WaitlistEntry.objects.get().weekdays) == 6
