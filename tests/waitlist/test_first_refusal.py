"""T100: the waitlist keeps little from the public: a first refusal of minutes, within caps, and nothing at night."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

import booking
from scheduling.actions import slots
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_noon(settings, everyday_settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    settings.FIRST_REFUSAL_MINUTES, settings.FIRST_REFUSAL_NOTICE_MINUTES = 10, 120
    settings.WAITLIST_STOP_MINUTES, settings.WAITLIST_HELD_PER_DAY = 60, 1
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def waiting(doctor):
    return make.entry(doctor.specialties.get())


def freed(doctor, *, days=3, starts="10:00", visits=1):
    """Books visits of a doctor's day, one after the other, and cancels them."""
    shift = make.shift(doctor, days=days, starts=starts, slots=visits)
    booked = [make.appointment(slot) for slot in make.slots_of(shift)]
    for visit in booked:
        booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    return make.slots_of(shift)


def kept():
    return list(Slot.objects.filter(hold_reason="refusal", held_until__gt=timezone.now()).order_by("starts_at"))


def test_while_an_operator_is_there_a_freed_time_is_kept_for_the_waitlist_for_ten_minutes(doctor, waiting, monday_noon):
    make.there()
    (slot,) = freed(doctor)
    matching.match_freed()
    assert [(each.pk, each.held_until) for each in kept()] == [(slot.pk, MONDAY + 10 * MINUTE)]
    assert (kept()[0].hold_token, FreedTime.objects.get().kept_until) == (
        FreedTime.objects.get().pk,
        kept()[0].held_until,
    )
    with pytest.raises(SlotTaken):
        make.appointment(slot)
    monday_noon.shift(10 * MINUTE)
    slots.release_lapsed()
    assert make.appointment(Slot.objects.get(pk=slot.pk))


@pytest.mark.parametrize(
    ("now", "there", "days", "starts"),
    [
        (MONDAY, 0, 3, "10:00"),
        (MONDAY + 11.5 * HOUR, 1, 3, "10:00"),
        (MONDAY - 4 * HOUR, 1, 3, "10:00"),
        (MONDAY + 5 * DAY - 3 * HOUR, 1, 3, "10:00"),
        (MONDAY, 1, 0, "13:30"),
    ],
    ids=["nobody is signed in", "at night", "before eight", "at nine on Saturday", "freed 90 minutes before"],
)
def test_w04_nothing_is_kept(doctor, waiting, monday_noon, now, there, days, starts):
    monday_noon.move_to(now)
    make.there(there)
    slots_freed = freed(doctor, days=days, starts=starts)
    matching.match_freed()
    assert (kept(), list(Slot.objects.free(timezone.now()))) == ([], slots_freed)


def test_it_ends_with_the_calling_hours(doctor, waiting, monday_noon):
    monday_noon.move_to(MONDAY + 8 * HOUR - 6 * MINUTE)
    make.there()
    freed(doctor)
    matching.match_freed()
    assert kept()[0].held_until == MONDAY + 8 * HOUR


def test_what_nobody_waits_for_is_public_at_once(doctor):
    make.there()
    (slot,) = freed(doctor)
    matching.match_freed()
    assert (kept(), FreedTime.objects.get().kept_until) == ([], None)
    assert make.appointment(slot)


def test_a_visit_that_begins_before_the_slot_that_is_kept_is_phoned_about(waiting):
    hour = make.service(waiting.specialty, minutes=60)
    half = make.service(waiting.specialty)
    free, to_free = make.slots_of(make.shift(make.doctor(half, hour), days=3, slots=2))
    given_back = make.appointment(to_free, service=half)
    booking.cancel(appointment=given_back.pk, reason=CancelReason.PATIENT, by=make.TEST)
    entry = make.entry(waiting.specialty, service=hour)
    WaitlistEntry.objects.filter(pk=waiting.pk).delete()
    (operator,) = make.there()
    matching.match_freed()
    assert [slot.pk for slot in kept()] == [to_free.pk]
    offer = phoning.claim_next(by=operator)
    assert (offer.entry, offer.slot, offer.state) == (entry, free, "open")
    held = Slot.objects.filter(hold_token=offer.pk, hold_reason="offer")
    assert set(held.values_list("pk", flat=True)) == {free.pk, to_free.pk}
    assert booking.from_offer(offer=offer.pk, by=operator).slots.count() == 2


def test_a_long_visit_that_was_given_back_is_kept_as_one(waiting):
    hour = make.service(waiting.specialty, minutes=60)
    doctor = make.doctor(hour)
    waits_for_it = make.entry(hour.specialty, service=hour)
    make.there()
    shift = make.shift(doctor, days=3, slots=2)
    visit = make.appointment(make.slots_of(shift)[0], service=hour)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    matching.match_freed()
    assert len({slot.hold_token for slot in kept()}) == 1
    assert len(kept()) == 2
    assert {offer.entry for offer in SlotOffer.objects.all()} <= {waiting, waits_for_it}


def every_other(doctor, days):
    """Gives back the first, third and fifth visit of a day: three times that do not touch."""
    booked = [make.appointment(slot) for slot in make.slots_of(make.shift(doctor, days=days, slots=5))]
    for visit in booked[::2]:
        booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)


def test_t100_of_a_doctors_day_one_visit_is_kept(doctor, settings):
    settings.WAITLIST_HELD_PERCENT = 100
    for _ in range(6):
        make.entry(doctor.specialties.get())
    make.there()
    for days in (3, 4):
        every_other(doctor, days)
    matching.match_freed()
    assert len(kept()) == len({slot.starts_at.date() for slot in kept()}) == 2


@pytest.mark.parametrize(("percent", "held"), [(1, 1), (10, 2), (100, 4)])
def test_t100_a_share_of_the_coming_week_is_kept(settings, percent, held):
    """Four doctors have five slots each, and a visit of each is given back; one may always be kept."""
    settings.WAITLIST_HELD_PERCENT = percent
    make.there()
    specialty = make.specialty()
    for _ in range(4):
        make.entry(specialty)
        doctor = make.doctor(make.service(specialty))
        make.shift(doctor, days=2, slots=4)
        freed(doctor, days=3)
    matching.match_freed()
    assert len(kept()) == held


def test_what_is_more_than_a_week_ahead_is_no_part_of_it(settings):
    settings.WAITLIST_HELD_PERCENT = 1
    make.there()
    for _ in range(2):
        doctor = make.doctor()
        make.entry(doctor.specialties.get())
        freed(doctor, days=9)
    matching.match_freed()
    assert len(kept()) == 2


def test_the_call_takes_the_place_of_the_first_refusal(doctor, waiting):
    (operator,) = make.there()
    (slot,) = freed(doctor)
    matching.match_freed()
    offer = phoning.claim_next(by=operator)
    held = Slot.objects.get(pk=slot.pk)
    assert (held.hold_token, held.hold_reason, held.held_until) == (offer.pk, "offer", MONDAY + 15 * MINUTE)
    assert FreedTime.objects.get().phoned_at == MONDAY


def test_a_call_is_made_without_a_hold_where_the_caps_allow_none(doctor, waiting):
    (operator,) = make.there()
    other = make.entry(doctor.specialties.get())
    freed(doctor, visits=2)
    matching.match_freed()
    first, second = phoning.claim_next(by=operator), phoning.claim_next(by=make.actor("operator"))
    assert {first.entry, second.entry} == {waiting, other}
    assert [first.is_held(MONDAY), second.is_held(MONDAY)] == [True, False]
    visit = booking.from_offer(offer=second.pk, by=make.actor("operator"))
    assert visit.patient == second.entry.patient


@pytest.mark.parametrize(("before_closing", "called"), [(5 * MINUTE, False), (5 * MINUTE + MINUTE, True)])
def test_t101_no_call_begins_in_the_last_minutes_or_at_night(doctor, waiting, monday_noon, before_closing, called):
    (operator,) = make.there()
    freed(doctor)
    matching.match_freed()
    monday_noon.move_to(MONDAY + 8 * HOUR - before_closing)
    SlotOffer.objects.update(expires_at=MONDAY + DAY)
    SlotOffer.objects.get().task.__class__.objects.update(expires_at=MONDAY + DAY)
    assert bool(phoning.claim_next(by=operator)) is called


def test_t100_control_without_caps_all_is_kept(doctor, monkeypatch):
    monkeypatch.setattr("waitlist.holds.has_room", lambda run, **_: True)
    for _ in range(3):
        make.entry(doctor.specialties.get())
    make.there()
    every_other(doctor, 3)
    matching.match_freed()
    assert len(kept()) == 3
