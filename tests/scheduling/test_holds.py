"""A time is kept while somebody decides: for whom, how long, and what becomes of it afterwards."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.accounts.actors import site_visitor
from scheduling.actions import slots
from scheduling.choices import HoldReason, ReleaseReason
from scheduling.errors import DoesNotFit, SlotBlocked, SlotInPast, SlotTaken
from scheduling.models import Slot, SlotRelease
from scheduling.queries import past
from tests import factories as make

pytestmark = pytest.mark.django_db

ANNA, BORIS = site_visitor(session="anna"), site_visitor(session="boris")


@pytest.fixture
def free():
    return make.slots_of(make.shift(make.doctor(), slots=4))


def hold(slot, by=ANNA, reason=HoldReason.SITE_FORM, **given):
    return slots.hold(start=slot.pk, service=slot.doctor.services.get(), reason=reason, by=by, **given)


def held(*of):
    """Token, owner and reason of each."""
    return list(
        Slot.objects.filter(pk__in=[slot.pk for slot in of])
        .order_by("starts_at")
        .values_list("hold_token", "hold_owner", "hold_reason")
    )


def releases():
    return list(SlotRelease.objects.order_by("id").values_list("slot", "reason"))


FREE = (None, "", "")


def test_a_held_time_names_its_owner_and_its_end(free, settings):
    before = timezone.now()
    token = hold(free[0])
    assert held(*free) == [(token, ANNA.ref, "site_form"), FREE, FREE, FREE]
    free[0].refresh_from_db()
    minutes = timedelta(minutes=settings.HOLD_MINUTES)
    assert before + minutes <= free[0].held_until <= timezone.now() + minutes


@pytest.mark.parametrize(
    ("reason", "minutes"),
    [(HoldReason.SITE_FORM, 7), (HoldReason.DESK, 7), (HoldReason.CALL, 13), (HoldReason.OFFER, 13)],
)
def test_a_call_is_given_a_time_of_its_own(settings, reason, minutes):
    settings.HOLD_MINUTES, settings.CALL_HOLD_MINUTES = 7, 13
    assert slots.hold_time(reason) == timedelta(minutes=minutes)


def test_whoever_asks_may_say_until_when(free):
    until = timezone.now() + timedelta(minutes=3)
    hold(free[0], until=until)
    assert Slot.objects.get(pk=free[0].pk).held_until == until


def test_the_same_token_again_keeps_the_time_longer(free):
    token = hold(free[0], until=timezone.now() + timedelta(minutes=1))
    later = timezone.now() + timedelta(minutes=9)
    assert hold(free[0], token=token, until=later) == token
    assert Slot.objects.get(pk=free[0].pk).held_until == later
    assert releases() == []


def test_another_time_lets_the_former_one_go(free):
    hold(free[0], reason=HoldReason.DESK)
    token = hold(free[1], reason=HoldReason.DESK)
    assert held(free[0], free[1]) == [FREE, (token, ANNA.ref, "desk")]
    assert releases() == []


def test_two_people_and_two_reasons_do_not_let_each_others_times_go(free):
    hold(free[0])
    hold(free[1], by=BORIS)
    hold(free[2], reason=HoldReason.DESK)
    assert [row[1:] for row in held(*free)] == [
        (ANNA.ref, "site_form"),
        (BORIS.ref, "site_form"),
        (ANNA.ref, "desk"),
        ("", ""),
    ]


def test_a_time_that_somebody_else_holds_is_taken_until_the_hold_lapses(free):
    hold(free[0])
    with pytest.raises(SlotTaken) as refused:
        hold(free[0], by=BORIS)
    assert [each.pk for each in refused.value.alternatives] == [slot.pk for slot in free[1:]]
    Slot.objects.filter(pk=free[0].pk).update(held_until=timezone.now())
    token = hold(free[0], by=BORIS)
    assert held(free[0]) == [(token, BORIS.ref, "site_form")]


def test_a_refused_hold_leaves_the_former_one_as_it_was(free):
    token = hold(free[0])
    hold(free[1], by=BORIS)
    with pytest.raises(SlotTaken):
        hold(free[1])
    assert held(free[0]) == [(token, ANNA.ref, "site_form")]
    assert releases() == []


def test_a_long_service_is_held_as_a_whole():
    service = make.service(minutes=75)
    free = make.slots_of(make.shift(make.doctor(service), slots=4))
    token = hold(free[0])
    assert [row[0] for row in held(*free)] == [token, token, token, None]
    with pytest.raises(DoesNotFit):
        hold(free[2], by=BORIS)


def test_a_time_that_the_schedule_does_not_have_is_taken(free):
    with pytest.raises(SlotTaken):
        slots.hold(start=uuid4(), service=free[0].doctor.services.get(), reason=HoldReason.DESK, by=ANNA)


def run(length=3):
    return make.slots_of(make.shift(make.doctor(), slots=length))


@pytest.mark.parametrize(
    ("minutes", "taken", "fits"),
    [
        (90, [0, 1, 2], True),
        (91, [0, 1, 2], False),
        (60, [0, 1], True),
        (61, [0, 1], False),
        (30, [1, 2], False),
        (90, [0, 2], False),
        (30, [], False),
    ],
)
def test_a_run_begins_at_its_start_has_no_gap_and_is_long_enough(minutes, taken, fits):
    three = run()
    given, service = [three[place] for place in reversed(taken)], make.service(minutes=minutes)
    if fits:
        assert slots.checked_run(given, start=three[0].pk, service=service) == [three[place] for place in taken]
        return
    with pytest.raises(DoesNotFit):
        slots.checked_run(given, start=three[0].pk, service=service)


@pytest.mark.parametrize(("minutes", "reached"), [(5, 1), (30, 1), (31, 2), (60, 2), (90, 3), (240, 3)])
def test_a_service_reaches_into_the_slots_of_its_shift(minutes, reached):
    three = run()
    make.shift(three[0].doctor, starts="11:00")
    found = slots.run_ids(start=three[0].pk, service=make.service(minutes=minutes))
    assert set(found) == {slot.pk for slot in three[:reached]}


def check(three, now=None, token=None, own=None):
    slots.check_bookable(
        three, now=now or timezone.now(), hold_token=token, service=three[0].doctor.services.get(), own=own
    )


def test_a_time_is_bookable_until_it_begins():
    three = run()
    starts = three[0].starts_at
    check(three, now=starts)
    with pytest.raises(SlotInPast):
        check(three, now=starts + timedelta(seconds=1))


@pytest.mark.parametrize("place", [0, 2])
def test_any_closed_slot_closes_the_run(place):
    three = run()
    three[place].absence_id = uuid4()
    with pytest.raises(SlotBlocked):
        check(three)


@pytest.mark.parametrize("place", [0, 2])
def test_any_booked_slot_takes_the_run_but_from_the_visit_that_moves(place):
    three, visit = run(), uuid4()
    three[place].appointment_id = visit
    check(three, own=visit)
    for own in (None, uuid4()):
        with pytest.raises(SlotTaken):
            check(three, own=own)


@pytest.mark.parametrize(("lasts", "open_to_all"), [(0, True), (1, False)])
def test_a_hold_keeps_others_away_until_its_last_moment(lasts, open_to_all):
    three, now, token = run(), timezone.now(), uuid4()
    three[1].hold_token, three[1].held_until = token, now + timedelta(microseconds=lasts)
    check(three, now=now, token=token)
    for other in (None, uuid4()):
        assert three[1].held_against(other, now) == (not open_to_all)


def test_a_hold_that_stands_is_kept_longer_and_a_lapsed_one_is_not(free):
    token, later = hold(free[0]), timezone.now() + timedelta(hours=1)
    hold(free[1], by=BORIS)
    assert slots.prolong(token=token, until=later)
    assert [slot.held_until == later for slot in Slot.objects.order_by("starts_at")[:2]] == [True, False]
    Slot.objects.filter(hold_token=token).update(held_until=timezone.now())
    assert not slots.prolong(token=token, until=later)
    assert not slots.prolong(token=uuid4(), until=later)


def test_what_was_held_is_free_again_and_no_news(free):
    first, second = hold(free[0], reason=HoldReason.DESK), hold(free[1], by=BORIS)
    assert slots.drop(tokens=[first, None, uuid4()], reason=ReleaseReason.HOLD_DROPPED) == 1
    assert held(free[0], free[1]) == [FREE, (second, BORIS.ref, "site_form")]
    assert releases() == []
    assert slots.drop(tokens=[first], reason=ReleaseReason.HOLD_DROPPED) == 0


def test_lapsed_holds_end_so_many_at_a_time_but_those_of_offers(free):
    hold(free[0], reason=HoldReason.CALL)
    hold(free[1], by=BORIS, reason=HoldReason.CALL)
    hold(free[2], reason=HoldReason.OFFER)
    hold(free[3], reason=HoldReason.DESK)
    now = timezone.now() + timedelta(hours=1)
    Slot.objects.update(held_until=now)
    Slot.objects.filter(pk=free[3].pk).update(held_until=now + timedelta(microseconds=1))
    assert slots.release_lapsed(now=now - timedelta(microseconds=1)) == 0
    assert [slots.release_lapsed(now=now, limit=1) for _ in range(3)] == [1, 1, 0]
    assert [row[2] for row in held(*free)] == ["", "", "offer", "desk"]
    assert releases() == []


def test_a_time_that_has_begun_is_announced_to_nobody(free):
    now = timezone.now()
    Slot.objects.filter(pk=free[0].pk).update(starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(minutes=9))
    begun, later = Slot.objects.order_by("starts_at")[:2]
    slots.announce([begun, later], reason=ReleaseReason.RECONCILED)
    assert releases() == [(later.pk, ReleaseReason.RECONCILED)]


def test_without_a_moment_what_lapsed_is_what_has_lapsed_now(free):
    hold(free[0])
    hold(free[1], by=BORIS)
    Slot.objects.filter(pk=free[0].pk).update(held_until=timezone.now())
    assert (slots.release_lapsed(), slots.release_lapsed()) == (1, 0)
    assert slots.retire_past() == 0


def test_free_is_what_nobody_booked_closed_or_holds_now(free):
    booked, closed, kept, lapsed = free
    make.appointment(booked)
    make.close(closed)
    hold(kept)
    hold(lapsed, by=BORIS)
    now = timezone.now() + timedelta(hours=1)
    Slot.objects.filter(pk=kept.pk).update(held_until=now + timedelta(microseconds=1))
    Slot.objects.filter(pk=lapsed.pk).update(held_until=now)
    assert list(Slot.objects.free(now)) == [lapsed]
    Slot.objects.filter(pk=lapsed.pk).update(passed=True)
    assert list(Slot.objects.free(now)) == []


@pytest.mark.parametrize(("late", "gone"), [(timedelta(0), 0), (timedelta(microseconds=1), 1)])
def test_only_what_began_before_the_moment_leaves_the_index(late, gone):
    (first, _second) = make.slots_of(make.shift(make.doctor(), starts="00:00", slots=2))
    assert past.retire(before=first.starts_at + late, limit=9) == gone
    assert Slot.objects.filter(passed=True).count() == gone
