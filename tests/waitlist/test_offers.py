"""A freed time is kept for one patient: how long, and what its end leaves behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.actions import calls, entries, offers
from waitlist.choices import EntryState, OfferState
from waitlist.errors import NotYourCall, OfferGone
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import calls as shown
from worklist.choices import TaskState
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db

MOMENT, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def offered(specialty, *, days=3, who=None):
    entry = make.entry(specialty, who=who or make.patient())
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=days, slots=1))
    matching.offer_slot(slot=slot.pk)
    return SlotOffer.objects.select_related("task", "entry").get(entry=entry)


def kept_until(offer):
    """In the three places where it is written."""
    slot = Slot.objects.get(pk=offer.slot_id)
    return {
        SlotOffer.objects.get(pk=offer.pk).expires_at,
        slot.held_until,
        Task.objects.get(pk=offer.task_id).expires_at,
    }


def test_an_offer_is_kept_in_three_places_until_the_same_moment(specialty, settings):
    before = timezone.now()
    offer = offered(specialty)
    (until,) = kept_until(offer)
    minutes = timedelta(minutes=settings.OFFER_MINUTES)
    assert before + minutes <= until <= timezone.now() + minutes
    slot = Slot.objects.get(pk=offer.slot_id)
    assert (slot.hold_token, slot.hold_owner, slot.hold_reason) == (offer.pk, f"offer:{offer.pk}", "offer")
    assert (offer.patient_id, offer.doctor_id, offer.starts_at) == (
        offer.entry.patient_id,
        slot.doctor_id,
        slot.starts_at,
    )
    event = AuditEvent.objects.get(action="waitlist.offered")
    assert (event.actor, event.patient, event.object_ref) == (offers.MATCHING.ref, offer.patient_id, str(offer.pk))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (lambda offer: offer.expires_at - MINUTE, lambda offer: offer.expires_at),
        (lambda offer: offer.expires_at + MINUTE, lambda offer: offer.expires_at + MINUTE),
        (lambda offer: offer.starts_at + HOUR, lambda offer: offer.starts_at),
    ],
    ids=["never shorter", "longer", "not beyond its beginning"],
)
def test_a_time_is_kept_longer_and_never_shorter(specialty, asked, kept):
    offer = offered(specialty)
    expected = kept(offer)
    offers.keep(offer, until=asked(offer))
    assert kept_until(offer) == {expected}


@pytest.mark.parametrize("state", [OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED])
def test_an_ended_offer_frees_its_time_and_leaves_its_task_to_the_caller(specialty, state):
    offer, before = offered(specialty), timezone.now()
    offers.end(offer, state=state)
    offer.refresh_from_db()
    slot = Slot.objects.get(pk=offer.slot_id)
    assert (offer.state, slot.hold_token, slot.held_until) == (state, None, None)
    assert before <= offer.ended_at <= timezone.now()
    assert SlotRelease.objects.filter(slot=slot, reason="offer_ended").count() == 1
    assert offer.task.state == TaskState.OPEN


@pytest.mark.parametrize(("late", "lapsed"), [(-MOMENT, 0), (timedelta(0), 1)])
def test_an_offer_lapses_at_its_moment(specialty, late, lapsed):
    offer = offered(specialty)
    assert offer.is_kept(offer.expires_at + late) == (not lapsed)
    assert offers.return_lapsed(now=offer.expires_at + late) == lapsed
    states = (SlotOffer.objects.get().state, WaitlistEntry.objects.get().state, Task.objects.get().state)
    gone = (OfferState.LAPSED, EntryState.WAITING, TaskState.DROPPED)
    assert states == (gone if lapsed else (OfferState.OPEN, EntryState.OFFERED, TaskState.OPEN))


def test_offers_and_calls_that_ran_out_are_counted_together(specialty, operator):
    first, second = offered(specialty), offered(specialty, days=4)
    calls.claim(offer=first.pk, by=operator)
    late = timezone.now() + 9 * HOUR
    assert offers.return_lapsed(now=late) == 3
    assert offers.return_lapsed(now=late) == 0
    assert not Claim.objects.exists()
    assert set(SlotOffer.objects.values_list("pk", "state")) == {(each.pk, "lapsed") for each in (first, second)}


def test_an_entry_that_left_meanwhile_does_not_wait_again(specialty):
    offer = offered(specialty)
    entries.close_removed(offer.entry, reason="", by=make.TEST)
    offers.return_lapsed(now=offer.expires_at)
    assert WaitlistEntry.objects.get().state == EntryState.REMOVED


def test_a_call_that_is_not_there_or_not_kept_is_gone(specialty, operator):
    for act in (calls.claim, calls.give_back, calls.lock_accepted):
        with pytest.raises(OfferGone):
            act(offer=uuid4(), by=operator)
    assert not calls.keep_alive(offer=uuid4(), by=operator)
    offer = offered(specialty)
    SlotOffer.objects.update(expires_at=timezone.now())
    with pytest.raises(OfferGone):
        calls.claim(offer=offer.pk, by=operator)


def test_a_claimed_call_keeps_the_time_for_the_length_of_a_call(specialty, operator, settings):
    settings.CALL_HOLD_MINUTES, settings.CLAIM_MINUTES = 90, 120
    offer, before = offered(specialty), timezone.now()
    assert calls.claim(offer=offer.pk, by=operator) == offer
    (until,) = kept_until(offer)
    assert before + 90 * MINUTE <= until <= timezone.now() + 90 * MINUTE
    Claim.objects.update(until=timezone.now() + 5 * MINUTE)
    assert calls.keep_alive(offer=offer.pk, by=operator)
    (until,) = kept_until(offer)
    assert before + 120 * MINUTE <= until <= timezone.now() + 120 * MINUTE


def test_nobody_speaks_for_somebody_elses_call(specialty, operator):
    offer, other = offered(specialty), make.actor(Role.OPERATOR)
    calls.claim(offer=offer.pk, by=operator)
    assert not calls.keep_alive(offer=offer.pk, by=other)
    for act in (calls.claim, calls.give_back, calls.lock_accepted):
        with pytest.raises(NotYourCall):
            act(offer=offer.pk, by=other)
    with pytest.raises(NotYourCall):
        calls.remove_entry(entry=offer.entry_id, reason="", by=other)
    assert Claim.objects.get().by == operator.ref


def test_whoever_leaves_ends_what_was_offered(specialty, operator):
    offer = offered(specialty)
    calls.remove_entry(entry=offer.entry_id, reason="передумал", by=operator)
    offer.refresh_from_db()
    assert (offer.state, WaitlistEntry.objects.get().close_reason) == (OfferState.DECLINED, "передумал")
    nobody = make.entry(specialty, who=make.patient())
    calls.remove_entry(entry=nobody.pk, reason="", by=operator)
    nobody.refresh_from_db()
    assert nobody.state == EntryState.REMOVED


def test_of_a_family_the_call_that_was_asked_for_is_given(specialty, operator):
    mother = "+79215554433"
    first, second = (offered(specialty, days=days, who=make.child(phone=mother)) for days in (3, 4))
    assert [calls.claim(offer=each.pk, by=operator) for each in (second, first)] == [second, first]
    assert all(calls.keep_alive(offer=each.pk, by=operator) for each in (first, second))


def test_what_an_entry_is_offered_now_is_not_what_it_was_offered_before(specialty, operator):
    before = offered(specialty)
    offers.end(before, state=OfferState.DECLINED)
    assert calls.open_offer(entry=before.entry_id, by=operator) is None
    WaitlistEntry.objects.update(state=EntryState.WAITING)
    Task.objects.update(state=TaskState.DROPPED, closed_at=timezone.now(), closed_by="test")
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=5, slots=1))
    matching.offer_slot(slot=slot.pk)
    now = calls.open_offer(entry=before.entry_id, by=operator)
    assert (now.slot_id, now.state) == (slot.pk, OfferState.OPEN)


def test_calls_are_shown_with_what_is_due_first(specialty, operator, django_assert_num_queries):
    put_off, due, in_hand = (offered(specialty, days=days) for days in (3, 4, 5))
    Task.objects.filter(pk=put_off.task_id).update(not_before=timezone.now() + MINUTE)
    calls.claim(offer=in_hand.pk, by=operator)
    with django_assert_num_queries(1):
        rows = [(task.offer, task.turn, task.claimed_by) for task in shown.queue()]
        assert rows == [(due, 0, None), (put_off, 1, None), (in_hand, 1, operator.ref)]
    assert (shown.due_count(), shown.due_count(timezone.now() + 2 * MINUTE)) == (1, 2)
    assert [task.turn for task in shown.queue(timezone.now() + 2 * MINUTE)] == [0, 0, 1]
    assert (shown.call_of(operator), shown.call_of(make.actor(Role.OPERATOR))) == (in_hand, None)


def test_a_call_is_read_with_all_that_its_page_tells(specialty, django_assert_num_queries):
    offer = offered(specialty, who=make.patient(last_name="Лунина"))
    with django_assert_num_queries(1):
        told = shown.offer_with_facts(offer.pk)
        assert (told.patient.last_name, told.doctor.full_name, told.service.name) == (
            "Лунина",
            "Белова Анна Сергеевна",
            "Приём дерматолога",
        )
        assert told.slot.shift.room.location.address == "Санкт-Петербург, ул. Лунная, д. 7"
        assert (told.entry.specialty.name, told.entry.representation, told.task.attempts) == ("Дерматология", None, 0)
    assert shown.offer_with_facts(uuid4()) is None
