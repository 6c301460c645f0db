"""Only as many calls are proposed as the operators can make; the time that dies first comes first (R23, T104)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.actions import calls
from waitlist.choices import CallOutcome, OfferState
from waitlist.models import FreedTime, SlotOffer, WaitlistEntry
from worklist.choices import Turn
from worklist.models import OnDuty, PhonedNumber

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture(autouse=True)
def two_for_each_operator(settings, everyday_settings):
    settings.PROPOSALS_PER_OPERATOR, settings.PROPOSALS_AT_LEAST = 2, 0


def free(specialty, *, days=3, number=1, reason=ReleaseReason.CANCELLED):
    made = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=days, slots=number))
    slots.announce(made, reason=reason)
    return made


def proposed():
    return list(SlotOffer.objects.filter(state=OfferState.PROPOSED).order_by("pk"))


@pytest.mark.parametrize("there", [0, 1, 3])
def test_two_calls_are_proposed_for_each_operator_who_is_there(specialty, there):
    for _ in range(8):
        make.entry(specialty)
    make.there(there)
    free(specialty, number=8)
    matching.match_freed()
    assert len(proposed()) == 2 * there
    matching.match_freed()
    assert len(proposed()) == 2 * there


def test_whoever_has_left_phones_nobody(specialty):
    make.entry(specialty)
    make.there()
    OnDuty.objects.update(seen_at=timezone.now() - timedelta(minutes=4))
    free(specialty)
    matching.match_freed()
    assert proposed() == []


def test_a_call_that_is_over_makes_room_for_the_next(specialty):
    for _ in range(3):
        make.entry(specialty)
    (operator,) = make.there()
    free(specialty, number=3)
    matching.match_freed()
    offer = phoning.claim_next(by=operator)
    assert matching.propose() == 0, "the call that is being made counts"
    calls.finish(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    assert matching.propose() == 1


def test_w13_the_time_that_dies_first_is_proposed_first(specialty):
    for _ in range(4):
        make.entry(specialty)
    make.there()
    (later,), (sooner,), (_last,) = (free(specialty, days=days) for days in (5, 2, 9))
    matching.match_freed()
    assert [offer.slot for offer in proposed()] == [sooner, later]


def test_a_time_that_nobody_was_phoned_about_comes_before_one_that_was_refused(specialty):
    for _ in range(4):
        make.entry(specialty)
    (operator,) = make.there()
    (refused,) = free(specialty, days=2)
    matching.match_freed()
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    (new,) = free(specialty, days=5)
    matching.match_freed()
    assert [offer.slot for offer in proposed()] == [new, refused]
    assert phoning.claim_next(by=operator).slot == new, "and is phoned about before it"


def test_w09_a_time_is_ranked_again_when_an_offer_ends(specialty):
    first, second = make.entry(specialty), make.entry(specialty)
    (operator,) = make.there()
    free(specialty)
    matching.match_freed()
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    matching.match_freed()
    assert [offer.entry for offer in proposed()] == [second]
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    matching.match_freed()
    assert proposed() == [], "both are left in peace"
    PhonedNumber.objects.update(paused_until=timezone.now())
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()
    assert [offer.entry for offer in proposed()] == [first]


def test_beyond_the_first_in_line_somebody_who_may_be_phoned_is_found(specialty, monkeypatch):
    monkeypatch.setattr(matching, "IN_LINE", (2, 50))
    *paused, last = [make.entry(specialty) for _ in range(5)]
    make.there()
    for entry in paused:
        PhonedNumber.objects.create(
            key=entry.patient.phone.as_e164,
            dialled_at=timezone.now(),
            paused_until=timezone.now() + timedelta(hours=1),
        )
    free(specialty)
    matching.match_freed()
    assert [offer.entry for offer in proposed()] == [last]


def marked():
    return WaitlistEntry.objects.filter(appeared_at__isnull=False).count()


def test_w03_a_published_month_marks_people_and_holds_nothing(specialty):
    for _ in range(5):
        make.entry(specialty)
    make.entry(make.specialty("Трихология", "трихолог"))
    make.there()
    free(specialty, number=20, reason=ReleaseReason.PUBLISHED)
    matching.match_freed()
    assert (marked(), len(proposed()), FreedTime.objects.count()) == (5, 2, 0)
    assert {offer.task.turn for offer in proposed()} == {Turn.AT_ONCE}
    assert not Slot.objects.filter(hold_token__isnull=False).exists()


def test_t104_each_is_asked_once_about_any_of_their_times(specialty):
    first, second = make.entry(specialty), make.entry(specialty)
    (operator,) = make.there()
    free(specialty, number=4, reason=ReleaseReason.PUBLISHED)
    for asked in (first, second):
        matching.match_freed()
        offer = phoning.claim_next(by=operator)
        assert offer.entry == asked
        calls.finish(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    matching.match_freed()
    assert (marked(), proposed()) == (0, [])


def test_t104_who_does_not_answer_is_tried_three_times(specialty):
    make.entry(specialty)
    (operator,) = make.there()
    free(specialty, number=9, reason=ReleaseReason.PUBLISHED)
    for _ in range(3):
        PhonedNumber.objects.all().delete()
        matching.match_freed()
        calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    PhonedNumber.objects.all().delete()
    matching.match_freed()
    assert (marked(), proposed()) == (0, [])
    assert WaitlistEntry.objects.get().state == "waiting"


def test_t104_a_single_freed_time_overtakes_the_batch(specialty):
    for _ in range(4):
        make.entry(specialty)
    (operator,) = make.there()
    free(specialty, days=2, number=4, reason=ReleaseReason.PUBLISHED)
    matching.match_freed()
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    (single,) = free(specialty, days=9)
    matching.match_freed()
    assert phoning.claim_next(by=operator).slot == single


def test_t104_a_batch_that_waits_to_be_phoned_leaves_room_for_a_single_freed_time(specialty):
    for _ in range(5):
        make.entry(specialty)
    (operator,) = make.there()
    free(specialty, days=2, number=4, reason=ReleaseReason.PUBLISHED)
    matching.match_freed()
    assert len(proposed()) == 2
    (single,) = free(specialty, days=9)
    matching.match_freed()
    assert len(proposed()) == 3
    assert phoning.claim_next(by=operator).slot == single


def test_whom_nothing_fits_any_more_is_marked_no_longer(specialty):
    make.entry(specialty)
    make.there()
    (slot,) = free(specialty, reason=ReleaseReason.PUBLISHED)
    make.appointment(slot)
    WaitlistEntry.objects.update(appeared_at=timezone.now())
    matching.match_freed()
    assert (marked(), proposed()) == (0, [])


def test_only_what_was_published_counts_for_whoever_refused_the_rest(specialty):
    """Somebody wanted none of the times of this week; next month brings others."""
    free(specialty, days=2, number=3, reason=ReleaseReason.PUBLISHED)
    matching.match_freed()
    entry = make.entry(specialty)
    make.there()
    matching.match_freed()
    assert (entry.sought_until is not None, marked()) == (True, 0)
    free(specialty, days=20, reason=ReleaseReason.PUBLISHED)
    matching.match_freed()
    assert marked() == 1


def test_whoever_declines_is_asked_about_none_of_the_times_of_that_call_again(specialty, settings):
    settings.WAITLIST_HELD_PERCENT = 100
    make.entry(specialty)
    (operator,) = make.there()
    freed = [slot for days in (2, 3, 4, 5) for slot in free(specialty, days=days)]
    matching.match_freed()
    offer = phoning.claim_next(by=operator)
    assert [offer.slot_id, *offer.also] == [slot.pk for slot in freed[:3]]
    calls.finish(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    PhonedNumber.objects.all().delete()
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()
    assert [each.slot for each in proposed()] == [freed[3]]


def test_whoever_was_not_reached_is_asked_about_the_others_later(specialty, settings):
    """The control: nobody has declined what nobody has read out."""
    settings.WAITLIST_HELD_PERCENT = 100
    make.entry(specialty)
    (operator,) = make.there()
    first, second = (slot for days in (2, 3) for slot in free(specialty, days=days))
    matching.match_freed()
    offer = phoning.claim_next(by=operator)
    calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    PhonedNumber.objects.all().delete()
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()
    assert [each.slot for each in proposed()] == [second]
    assert offer.slot == first
