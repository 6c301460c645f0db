"""T110: what strangers may hold, and that a time they only looked at is no freed time (O04, O06)."""

from datetime import timedelta
from itertools import count

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from scheduling.actions import site_holds, slots
from scheduling.choices import CancelReason, HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.errors import HoldOver, ProofNeeded, SlotTaken
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db
HOME, CAFE = "203.0.113.9", "198.51.100.20"
addresses = (f"192.0.2.{number}" for number in count(1))


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


def day(length):
    return make.slots_of(make.shift(make.doctor(), slots=length))


def hold(slot, who="anna", *, address=None, proved=False, token=None, service=None):
    by, service = site_visitor(session=who, ip=address or next(addresses)), service or slot.doctor.services.get()
    return site_holds.hold(start=slot.pk, service=service, by=by, proved=proved, token=token)


def live():
    return Slot.objects.filter(held_until__gt=timezone.now()).count()


@pytest.mark.parametrize(("length", "most"), [(4, 2), (10, 2), (15, 3), (20, 4)])
def test_two_times_or_a_fifth_of_a_doctors_day(length, most):
    free = day(length)
    for number in range(most):
        hold(free[number], f"stranger {number}")
    for number in range(most, length):
        with pytest.raises(ProofNeeded):
            hold(free[number], f"stranger {number}")
    assert live() == most


def test_nobody_with_a_proved_phone_is_refused_or_counted():
    free = day(6)
    for number in range(4):
        hold(free[number], f"patient {number}", proved=True)
    hold(free[4], "stranger")
    assert live() == 5


def test_each_day_and_each_doctor_has_a_share_of_its_own():
    for free in (day(4), day(4), make.slots_of(make.shift(make.doctor(), days=2, slots=4))):
        for number in range(2):
            hold(free[number], f"{free[0].pk} {number}")
    assert live() == 6


def test_a_long_visit_is_one_of_two_times():
    free = make.slots_of(make.shift(make.doctor(make.service(minutes=60)), slots=6))
    hold(free[0])
    hold(free[2], "boris")
    with pytest.raises(ProofNeeded):
        hold(free[4], "vera")


def test_a_closed_time_is_no_part_of_the_day():
    free = day(15)
    make.close(free[14])
    for number in range(2):
        hold(free[number], f"stranger {number}")
    with pytest.raises(ProofNeeded):
        hold(free[2], "stranger 2")


def test_a_network_holds_five_times_with_whichever_doctor():
    free = [day(4)[0] for _doctor in range(7)]
    for number in range(5):
        hold(free[number], f"stranger {number}", address=HOME)
    with pytest.raises(ProofNeeded):
        hold(free[5], "stranger 5", address=HOME)
    hold(free[5], "stranger 5", address=HOME, proved=True)
    hold(free[6], "stranger 6", address=CAFE)


def test_a_network_of_many_people_holds_more(settings):
    settings.SHARED_NETWORKS = ["203.0.113.0/24"]
    for number in range(6):
        hold(day(4)[0], f"stranger {number}", address=HOME)
    assert live() == 6


def test_visitors_whose_network_is_not_known_are_counted_by_the_day_alone():
    by = [site_visitor(session=f"stranger {number}") for number in range(6)]
    for visitor in by:
        slot = day(4)[0]
        site_holds.hold(start=slot.pk, service=slot.doctor.services.get(), by=visitor, proved=False)
    assert live() == 6


def test_a_browser_has_one_hold_proved_or_not():
    free = day(10)
    hold(free[0])
    hold(free[1])
    hold(free[2], proved=True)
    assert list(Slot.objects.filter(hold_token__isnull=False).values_list("pk", "hold_reason")) == [
        (free[2].pk, HoldReason.SITE_PROVED)
    ]


def test_a_hold_that_lapsed_counts_no_more(now, settings):
    free = day(4)
    for number in range(2):
        hold(free[number], f"stranger {number}")
    now.shift(timedelta(minutes=settings.HOLD_MINUTES))
    hold(free[2], "vera")


def test_a_time_that_is_taken_is_told_before_proof_is_asked():
    free = day(4)
    for number in range(2):
        hold(free[number], f"stranger {number}")
    with pytest.raises(SlotTaken):
        hold(free[0], "vera")


def test_what_is_refused_leaves_the_former_hold_as_it_was():
    mine, busy = day(4), day(4)
    token = hold(mine[0])
    for number in range(2):
        hold(busy[number], f"stranger {number}")
    with pytest.raises(ProofNeeded):
        hold(busy[2])
    assert Slot.objects.get(pk=mine[0].pk).hold_token == token


@pytest.mark.parametrize("proved", [False, True])
def test_a_hold_lives_25_minutes_however_often_it_is_prolonged(now, proved):
    free, begun = day(4), timezone.now()
    token = hold(free[0], proved=proved)
    for _again in range(3):
        now.shift(timedelta(minutes=8))
        hold(free[0], token=token, proved=proved)
    assert Slot.objects.get(pk=free[0].pk).held_until == begun + timedelta(minutes=25)
    now.shift(timedelta(minutes=1))
    with pytest.raises(HoldOver):
        hold(free[0], token=token, proved=proved)


def test_choosing_the_same_time_anew_does_not_begin_its_life_anew(now):
    free, begun = day(4), timezone.now()
    hold(free[0])
    now.shift(timedelta(minutes=9))
    hold(free[0])
    now.shift(timedelta(minutes=9))
    hold(free[0])
    assert Slot.objects.get(pk=free[0].pk).held_until == begun + timedelta(minutes=25)


def test_a_hold_that_stands_is_prolonged_whatever_others_hold():
    free = day(4)
    token = hold(free[0])
    hold(free[1], "boris", proved=True)
    Slot.objects.filter(pk=free[1].pk).update(hold_reason=HoldReason.SITE_FORM)
    hold(free[2], "vera", proved=True)
    Slot.objects.filter(pk=free[2].pk).update(hold_reason=HoldReason.SITE_FORM)
    assert hold(free[0], token=token) == token


@pytest.fixture
def lasting():
    """Two services of one doctor, of one and of three times, and a free day."""
    short = make.service(minutes=30)
    long = make.service(short.specialty, minutes=90)
    return short, long, make.slots_of(make.shift(make.doctor(short, long), slots=10))


def fill(free, service):
    """Gives strangers what they may hold of the day, whatever was held before."""
    for slot in free[-2:]:
        hold(slot, f"stranger {slot.pk}", proved=True, service=service)
    Slot.objects.filter(pk__in=[slot.pk for slot in free[-2:]]).update(hold_reason=HoldReason.SITE_FORM)


@pytest.mark.parametrize("same", [True, False])
def test_a_longer_visit_at_a_time_that_is_held_is_asked_about_the_day_again(lasting, same):
    short, long, free = lasting
    token = hold(free[0], service=short)
    fill(free, short)
    with pytest.raises(ProofNeeded):
        hold(free[0], service=long, token=token if same else None)
    assert Slot.objects.filter(hold_owner="site:anna").count() == 1
    hold(free[0], service=short, token=token if same else None)


def test_a_visit_as_long_or_shorter_at_a_time_that_is_held_is_not(lasting):
    short, long, free = lasting
    hold(free[0], service=long)
    fill(free, short)
    hold(free[0], service=long)
    hold(free[0], service=short)
    assert Slot.objects.filter(hold_owner="site:anna").count() == 1


def test_a_lapsed_hold_of_a_day_that_is_full_is_not_taken_again(now, settings):
    free = day(4)
    token = hold(free[0])
    now.shift(timedelta(minutes=settings.HOLD_MINUTES))
    for number in range(2):
        hold(free[number + 1], f"stranger {number}")
    with pytest.raises(ProofNeeded):
        hold(free[0], token=token)


def test_no_address_is_kept():
    (slot, *_others) = day(4)
    hold(slot, address=HOME)
    assert HOME not in str(Slot.objects.filter(pk=slot.pk).values().get())


# O06 ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting():
    """A time that fits a waiting patient, who is phoned at any hour."""
    free = make.slots_of(make.shift(make.doctor(), days=3, slots=4))
    make.entry(free[0].doctor.specialties.get(), service=free[0].doctor.services.get())
    return free[0]


def lapse(now):
    now.shift(timedelta(minutes=30))
    assert slots.release_lapsed() == 1


def drop(now):
    slots.drop(
        tokens=Slot.objects.filter(hold_token__isnull=False).values_list("hold_token", flat=True),
        reason=ReleaseReason.HOLD_DROPPED,
    )


@pytest.mark.parametrize("leave", [lapse, drop])
@pytest.mark.parametrize("proved", [False, True])
def test_a_time_that_a_visitor_only_held_is_no_freed_time(waiting, now, leave, proved):
    hold(waiting, proved=proved)
    leave(now)
    waiting.refresh_from_db()
    assert (waiting.hold_token, waiting.held_since, waiting.hold_network) == (None, None, "")
    assert (matching.match_freed(), SlotRelease.objects.count(), SlotOffer.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("leave", [lapse, drop])
def test_nor_is_one_that_the_staff_held(waiting, now, leave):
    slots.hold(start=waiting.pk, service=waiting.doctor.services.get(), reason=HoldReason.DESK, by=make.TEST)
    leave(now)
    assert (matching.match_freed(), SlotOffer.objects.count()) == (0, 0)


def test_a_cancelled_visit_is_one(waiting):
    """The control: the same time, given back by a patient."""
    visit = make.appointment(waiting)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=site_visitor(session="anna"))
    assert (matching.match_freed(), SlotOffer.objects.count()) == (1, 1)


def test_a_time_freed_while_a_visitor_held_it_is_not_lost(waiting, now):
    slots.announce([waiting], reason=ReleaseReason.CANCELLED)
    hold(waiting)
    assert (matching.match_freed(), SlotRelease.objects.get().outcome) == (1, ReleaseOutcome.SOUGHT)
    assert not SlotOffer.objects.exists(), "it is not free now"
    lapse(now)
    matching.match_freed()
    assert SlotOffer.objects.count() == 1
