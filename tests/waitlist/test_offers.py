"""A freed time is kept for one patient: how long, and what its end leaves behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.models import Slot, SlotRelease
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.actions import calls, entries, offers
from waitlist.choices import EntryState, OfferState
from waitlist.errors import NotYourCall, OfferGone
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.queries import calls as shown
from worklist import queries as worklist
from worklist.choices import TaskKind, TaskState
from worklist.errors import ClaimedByAnother, NotClaimed, TaskClosed
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


@pytest.fixture
def called(specialty, operator):
    """An operator is phoning about a time."""
    return phoning.claim(offer=offered(specialty).pk, by=operator)


def held(offer):
    return set(Slot.objects.filter(hold_token=offer.pk))


def test_a_proposal_holds_nothing_and_is_in_the_audit(specialty, settings):
    before = timezone.now()
    offer = offered(specialty)
    minutes = timedelta(minutes=settings.PROPOSAL_MINUTES)
    assert before + minutes <= offer.expires_at <= timezone.now() + minutes
    assert (offer.state, offer.task.expires_at, held(offer)) == (OfferState.PROPOSED, offer.expires_at, set())
    slot = Slot.objects.get(pk=offer.slot_id)
    assert (offer.patient_id, offer.doctor_id, offer.starts_at) == (
        offer.entry.patient_id,
        slot.doctor_id,
        slot.starts_at,
    )
    event = AuditEvent.objects.get(action="waitlist.offered")
    assert (event.actor, event.patient, event.object_ref) == (offers.MATCHING.ref, offer.patient_id, str(offer.pk))


def test_r24_a_call_holds_its_time_from_the_claim_on_and_no_longer(specialty, operator, settings):
    settings.CALL_HOLD_MINUTES, settings.CLAIM_MINUTES = 15, 120
    offer, before = offered(specialty), timezone.now()
    offer = phoning.claim(offer=offer.pk, by=operator)
    assert before + 15 * MINUTE <= offer.expires_at <= timezone.now() + 15 * MINUTE
    (slot,) = held(offer)
    assert (slot.hold_owner, slot.hold_reason, slot.held_until) == (f"offer:{offer.pk}", "offer", offer.expires_at)
    assert Task.objects.get().expires_at is None
    Claim.objects.update(until=timezone.now() + 5 * MINUTE)
    assert phoning.keep_alive(offer=offer.pk, by=operator)
    assert {slot.held_until for slot in held(offer)} == {offer.expires_at}


def test_a_time_is_held_no_longer_than_until_it_begins(specialty, operator, settings):
    settings.WAITLIST_STOP_MINUTES = 0
    offer = offered(specialty)
    soon = timezone.now() + 7 * MINUTE
    Slot.objects.filter(pk=offer.slot_id).update(starts_at=soon)
    SlotOffer.objects.update(starts_at=soon)
    assert phoning.claim(offer=offer.pk, by=operator).expires_at == soon


def test_up_to_three_times_that_differ_are_held_for_a_call(specialty, operator, settings):
    """Of a doctor's day one time: the others are of other days or doctors."""
    settings.WAITLIST_HELD_PERCENT = 100
    offer = offered(specialty)
    doctor, colleague = offer.doctor, make.doctor(offer.service)
    same_day = make.slots_of(make.shift(doctor, days=3, starts="14:00", slots=2))
    another_day = make.slots_of(make.shift(doctor, days=4, slots=2))
    another_doctor = make.slots_of(make.shift(colleague, days=3, slots=1))
    make.shift(colleague, days=5, slots=1)
    phoning.claim(offer=offer.pk, by=operator)
    assert held(offer) == {offer.slot, another_day[0], another_doctor[0]}
    assert not {slot.pk for slot in same_day} & {slot.pk for slot in held(offer)}
    phoning.give_back(offer=offer.pk, by=operator)
    assert held(offer) == set()


def test_a_time_that_was_taken_meanwhile_is_replaced_by_the_nearest_that_fits(specialty, operator):
    offer = offered(specialty)
    make.appointment(Slot.objects.get(pk=offer.slot_id))
    (other,) = make.slots_of(make.shift(offer.doctor, days=6, slots=1))
    claimed = phoning.claim_next(by=operator)
    assert (claimed.pk, claimed.slot, claimed.starts_at) == (offer.pk, other, other.starts_at)
    assert held(claimed) == {other}


def test_without_another_time_nobody_is_phoned(specialty, operator):
    offer = offered(specialty)
    make.appointment(Slot.objects.get(pk=offer.slot_id))
    assert phoning.claim_next(by=operator) is None
    assert (SlotOffer.objects.get().state, WaitlistEntry.objects.get().state) == ("withdrawn", "waiting")
    assert not Claim.objects.exists()
    with pytest.raises(TaskClosed):
        phoning.claim(offer=offer.pk, by=operator)


@pytest.mark.parametrize("state", [OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN])
def test_an_ended_offer_frees_its_time_and_leaves_its_task_to_the_caller(called, state):
    before = timezone.now()
    offers.end(called, state=state)
    called.refresh_from_db()
    slot = Slot.objects.get(pk=called.slot_id)
    assert (called.state, slot.hold_token, slot.held_until) == (state, None, None)
    assert before <= called.ended_at <= timezone.now()
    assert (SlotRelease.objects.count(), called.task.state) == (0, TaskState.OPEN)


@pytest.mark.parametrize(("late", "over"), [(-MOMENT, 0), (timedelta(0), 1)])
def test_a_proposal_is_over_at_its_moment(specialty, late, over):
    offer = offered(specialty)
    assert offers.return_lapsed(now=offer.expires_at + late) == over
    states = (SlotOffer.objects.get().state, WaitlistEntry.objects.get().state, Task.objects.get().state)
    gone = (OfferState.WITHDRAWN, EntryState.WAITING, TaskState.DROPPED)
    assert states == (gone if over else (OfferState.PROPOSED, EntryState.OFFERED, TaskState.OPEN))


def test_a_proposal_whose_time_somebody_takes_is_over_at_once(specialty):
    offer = offered(specialty)
    assert offers.return_lapsed() == 0
    make.appointment(Slot.objects.get(pk=offer.slot_id))
    assert (offers.return_lapsed(), SlotOffer.objects.get().state) == (1, OfferState.WITHDRAWN)


def test_the_call_of_a_dead_browser_is_in_the_queue_again_and_holds_nothing(called, operator):
    (claim,) = Claim.objects.all()
    assert offers.return_lapsed(now=claim.until - MOMENT) == 0
    assert offers.return_lapsed(now=claim.until) == 2, "the claim and what it was about"
    assert (SlotOffer.objects.get().state, held(called)) == (OfferState.PROPOSED, set())
    assert phoning.claim_next(by=make.actor(Role.OPERATOR)) == called


def test_a_running_call_outlives_its_hold(called, operator):
    late = called.expires_at + HOUR
    Claim.objects.update(until=late + HOUR)
    assert offers.return_lapsed(now=late) == 0
    assert (SlotOffer.objects.get().state, called.is_held(late)) == (OfferState.OPEN, False)


def test_an_entry_that_left_meanwhile_does_not_wait_again(specialty):
    offer = offered(specialty)
    entries.close_removed(offer.entry, reason="", by=make.TEST)
    offers.return_lapsed(now=offer.expires_at)
    assert WaitlistEntry.objects.get().state == EntryState.REMOVED


def test_a_call_that_never_was_is_gone(operator):
    with pytest.raises(OfferGone):
        calls.lock_accepted(offer=uuid4(), by=operator)
    with pytest.raises(TaskClosed):
        booking.claim_task(task=uuid4(), by=operator)
    with pytest.raises(NotClaimed):
        booking.give_task_back(task=uuid4(), by=operator)
    assert not booking.keep_task(task=uuid4(), by=operator)


def test_nobody_speaks_for_somebody_elses_call(called, operator):
    other = make.actor(Role.OPERATOR)
    assert not phoning.keep_alive(offer=called.pk, by=other)
    with pytest.raises(ClaimedByAnother):
        phoning.claim(offer=called.pk, by=other)
    with pytest.raises(NotClaimed):
        phoning.give_back(offer=called.pk, by=other)
    with pytest.raises(NotYourCall):
        calls.remove_entry(entry=called.entry_id, reason="", by=other)
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
    assert [phoning.claim(offer=each.pk, by=operator) for each in (second, first)] == [second, first]
    assert all(phoning.keep_alive(offer=each.pk, by=operator) for each in (first, second))


def test_what_an_entry_is_offered_now_is_not_what_it_was_offered_before(specialty, operator):
    before = offered(specialty)
    offers.end(before, state=OfferState.DECLINED)
    assert calls.open_offer(entry=before.entry_id, by=operator) is None
    WaitlistEntry.objects.update(state=EntryState.WAITING)
    Task.objects.update(state=TaskState.DROPPED, closed_at=timezone.now(), closed_by="test")
    (slot,) = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=5, slots=1))
    matching.offer_slot(slot=slot.pk)
    now = calls.open_offer(entry=before.entry_id, by=operator)
    assert (now.slot_id, now.state) == (slot.pk, OfferState.PROPOSED)


def test_calls_are_shown_with_their_offers_in_one_statement(specialty, operator, django_assert_num_queries):
    put_off, due, in_hand = (offered(specialty, days=days) for days in (3, 4, 5))
    Task.objects.filter(pk=put_off.task_id).update(not_before=timezone.now() + MINUTE)
    phoning.claim(offer=in_hand.pk, by=operator)
    tasks = list(worklist.queue(kinds=[TaskKind.FREED_TIME]))
    assert [(task.ready, task.claimed_by) for task in tasks] == [(0, None), (1, None), (1, operator.ref)]
    with django_assert_num_queries(1):
        offers_of = shown.of_tasks(task.pk for task in tasks)
        assert [offers_of[task.pk] for task in tasks] == [due, put_off, in_hand]
        assert [offers_of[task.pk].doctor.short_name for task in tasks] == ["Белова А.С."] * 3
    counted = [worklist.due_for(operator, now=now) for now in (None, timezone.now() + 2 * MINUTE)]
    assert counted == [1, 2]


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
