"""Calls about freed times are tasks: one for each time that is kept, claimed by the number (R21, R24)."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from patients.contact import number_of
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.actions import calls, offers
from waitlist.choices import GOES_ON, UNANSWERED, CallOutcome, EntryState, OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.choices import Priority, TaskKind, TaskState
from worklist.errors import ClaimedByAnother, FinishFirst, NotYourKind
from worklist.models import Claim, PhonedNumber, Task

pytestmark = pytest.mark.django_db

MOTHER = "+79210001122"


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def other():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def specialty():
    return make.specialty()


def kept_for(specialty, *people, days=3):
    """Makes each patient wait and frees a time of that specialty for each."""
    entries = [make.entry(specialty, who=who) for who in people]
    shift = make.shift(make.doctor(make.service(specialty)), days=days, slots=len(people))
    for slot in make.slots_of(shift):
        matching.offer_slot(slot=slot.pk)
    return [SlotOffer.objects.get(entry=entry) for entry in entries]


@pytest.fixture
def children(specialty):
    """Makes brother and sister, who are both phoned about at their mother's number."""
    return kept_for(specialty, *(make.child(phone=MOTHER) for _ in range(2)))


def reconciled():
    """Checks that each unanswered offer has one open task, and that nothing is held but for calls."""
    unanswered = SlotOffer.objects.filter(state__in=UNANSWERED)
    open_tasks = Task.objects.filter(state=TaskState.OPEN, kind=TaskKind.FREED_TIME)
    assert set(unanswered.values_list("task", "entry", "patient")) == set(
        open_tasks.values_list("id", "subject", "patient")
    )
    held = Slot.objects.filter(hold_token__isnull=False).values_list("hold_token", "held_until")
    assert set(held) <= set(unanswered.filter(state=OfferState.OPEN).values_list("id", "expires_at"))


def test_the_task_is_what_the_queue_needs_of_the_offer(specialty):
    (offer,) = kept_for(specialty, make.patient())
    task, entry = offer.task, offer.entry
    assert (task.kind, task.subject, task.patient_id) == (TaskKind.FREED_TIME, entry.pk, entry.patient_id)
    assert (task.priority, task.waiting_since, task.due_at) == (Priority.NORMAL, entry.arrived_at, offer.starts_at)
    assert (task.state, task.attempts, task.not_before) == (TaskState.OPEN, 0, None)
    reconciled()


def test_the_number_of_the_task_is_the_one_to_call(specialty):
    """Matching reads it in SQL, the call page in Python."""
    alone, with_parent = make.patient(), make.child(phone="")
    nobody, silent_parent = make.patient(phone=""), make.child()
    for of, phone in ((with_parent, MOTHER), (silent_parent, "")):
        make.parent_of(of, phone=phone)
    entries = [make.entry(specialty, who=who) for who in (alone, with_parent, nobody, silent_parent)]
    for entry in entries:
        entry.representation = entry.patient.representations.first()
        entry.save(update_fields=["representation"])
    shift = make.shift(make.doctor(make.service(specialty)), days=3, slots=4)
    for slot in make.slots_of(shift):
        matching.offer_slot(slot=slot.pk)
    asked = {
        offer.entry_id: offer.task.phone and offer.task.phone.as_e164
        for offer in SlotOffer.objects.select_related("task")
    }
    assert asked == {entry.pk: number_of(entry.patient, entry.representation) for entry in entries}
    assert sorted(asked.values()) == sorted(["", MOTHER, alone.phone.as_e164, silent_parent.phone.as_e164])


def test_a_family_is_phoned_once(children, operator, other):
    brother, sister = children
    assert phoning.claim_next(by=operator) == brother
    assert phoning.claim_next(by=other) is None
    with pytest.raises(ClaimedByAnother):
        phoning.claim(offer=sister.pk, by=other)
    booking.from_offer(offer=brother.pk, by=operator, representative=make.parent_of(brother.patient))
    assert phoning.claim_next(by=other) is None, "the mother is still on the line"
    assert phoning.claim_next(by=operator) == sister
    calls.finish(offer=sister.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    assert not Claim.objects.exists()
    reconciled()


def test_all_times_of_a_family_are_kept_for_the_call(children, operator, settings):
    settings.WAITLIST_HELD_PER_DAY, settings.WAITLIST_HELD_PERCENT = 2, 100
    phoning.claim_next(by=operator)
    call_ends = timezone.now() + timedelta(minutes=settings.CALL_HOLD_MINUTES - 1)
    held = Slot.objects.filter(held_until__gt=call_ends).values_list("hold_token", flat=True)
    assert set(held) == {offer.pk for offer in children}
    reconciled()


def test_t100_of_a_doctors_day_one_visit_is_held(children, operator):
    """The sister's time is phoned about all the same: it is still free."""
    phoning.claim_next(by=operator)
    assert Slot.objects.filter(hold_token__isnull=False).count() == 1
    assert set(SlotOffer.objects.values_list("state", flat=True)) == {OfferState.OPEN}
    reconciled()


def test_who_talks_to_the_mother_takes_either_child(children, operator):
    brother, sister = children
    phoning.claim(offer=sister.pk, by=operator)
    assert phoning.claim(offer=brother.pk, by=operator) == brother
    assert Claim.objects.count() == 1


def test_after_no_answer_the_number_is_free_again(children, operator, other):
    _brother, sister = children
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert not Claim.objects.exists()
    assert phoning.claim_next(by=other) is None, "the mother is left in peace for a while, about both"
    assert not Slot.objects.filter(hold_token__isnull=False).exists(), "what was held for her is held no longer"
    assert offers.return_lapsed() == 0
    PhonedNumber.objects.update(paused_until=timezone.now())
    assert phoning.claim_next(by=other) == sister
    reconciled()


@pytest.mark.parametrize("outcome", [each for each in CallOutcome if each not in (CallOutcome.BOOKED, *GOES_ON)])
def test_the_task_ends_with_its_offer(specialty, operator, outcome):
    (offer,) = kept_for(specialty, make.patient())
    phoning.claim_next(by=operator)
    later = timezone.now() + timedelta(hours=1)
    calls.finish(offer=offer.pk, outcome=outcome, by=operator, call_back_at=later)
    offer.refresh_from_db()
    assert (offer.task.attempts, offer.task.outcome, offer.task.state) == (1, outcome, TaskState.DONE)
    assert offer.state not in UNANSWERED
    assert not Claim.objects.exists()
    reconciled()


def test_a_call_that_was_cut_off_goes_on(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    phoning.claim_next(by=operator)
    for _ in range(2):
        calls.finish(offer=offer.pk, outcome=CallOutcome.DROPPED, by=operator)
    assert phoning.claim_next(by=operator) == offer
    assert (WaitlistEntry.objects.get().attempts, SlotOffer.objects.get().state) == (0, OfferState.OPEN)
    reconciled()


def test_a_booking_ends_the_task_with_the_call(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    booking.from_offer(offer=phoning.claim_next(by=operator).pk, by=operator)
    offer.refresh_from_db()
    task = offer.task
    assert (task.state, task.outcome, task.closed_by) == (TaskState.DONE, CallOutcome.BOOKED, operator.ref)
    assert not Claim.objects.exists()
    reconciled()


def test_another_time_ends_it_too_with_and_without_a_call(specialty, operator):
    first, second = kept_for(specialty, make.patient(), make.patient())
    free = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=5, slots=4, minutes=30))
    service = free[0].doctor.services.get()
    phoning.claim(offer=first.pk, by=operator)
    for offer, slot in ((first, free[0]), (second, free[1])):
        booking.from_entry(entry=offer.entry_id, slot=slot.pk, service=service, by=operator)
        offer.refresh_from_db()
        assert (offer.state, offer.task.outcome) == (OfferState.DECLINED, CallOutcome.BOOKED)
        assert (offer.task.state, offer.task.closed_by) == (TaskState.DONE, operator.ref)
        assert not Claim.objects.exists()
    reconciled()


def test_who_leaves_the_list_is_not_to_be_called(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    calls.remove_entry(entry=offer.entry_id, reason="передумал", by=operator)
    offer.refresh_from_db()
    assert (offer.task.state, offer.task.outcome, offer.task.closed_by) == (TaskState.DROPPED, "", operator.ref)
    reconciled()


def test_a_proposal_that_is_over_takes_its_task_along(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    assert offers.return_lapsed(now=offer.expires_at) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.task.state) == (OfferState.WITHDRAWN, TaskState.DROPPED)
    assert offer.task.closed_by == offers.MATCHING.ref
    assert phoning.claim_next(by=operator) is None
    reconciled()


def test_the_next_offer_to_the_same_person_is_a_new_task(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    later = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=4, slots=1))[0]
    assert matching.offer_slot(slot=later.pk) is None, "no second call within half an hour (W17)"
    PhonedNumber.objects.update(paused_until=timezone.now())
    matching.offer_slot(slot=later.pk)
    assert Task.objects.filter(subject=offer.entry_id).count() == 2
    assert Task.objects.filter(subject=offer.entry_id, state=TaskState.OPEN).count() == 1
    reconciled()


def test_one_operator_has_one_call(specialty, operator):
    first, second = kept_for(specialty, make.patient(), make.patient())
    phoning.claim(offer=first.pk, by=operator)
    with pytest.raises(FinishFirst):
        phoning.claim(offer=second.pk, by=operator)


def test_r21_a_registrar_does_not_call_about_the_waitlist(specialty):
    (offer,) = kept_for(specialty, make.patient())
    registrar = make.actor(Role.REGISTRAR)
    with pytest.raises(NotYourKind):
        phoning.claim(offer=offer.pk, by=registrar)
    assert phoning.claim_next(by=registrar) is None


def test_w06_a_claim_that_was_lost_is_taken_again(specialty, operator, other):
    (offer,) = kept_for(specialty, make.patient())
    phoning.claim_next(by=operator)
    Claim.objects.update(until=timezone.now())
    offers.return_lapsed()
    assert not phoning.keep_alive(offer=offer.pk, by=operator)
    assert phoning.claim(offer=offer.pk, by=operator) == offer
    Claim.objects.update(until=timezone.now())
    offers.return_lapsed()
    assert phoning.claim_next(by=other) == offer
    with pytest.raises(ClaimedByAnother):
        phoning.claim(offer=offer.pk, by=operator)


def test_a_call_given_back_is_made_by_the_next(specialty, operator, other):
    (offer,) = kept_for(specialty, make.patient())
    phoning.claim_next(by=operator)
    phoning.give_back(offer=offer.pk, by=operator)
    assert not Slot.objects.filter(hold_token__isnull=False).exists()
    assert phoning.claim_next(by=other) == offer
    reconciled()


PUT_OFF = {
    TaskKind.REBOOK: lambda task, by: booking.finish_rebooking_call(task=task.pk, outcome="no_answer", by=by),
    TaskKind.MISSED_CALL: lambda task, by: booking.finish_missed_call(task=task.pk, outcome="no_answer", by=by),
    TaskKind.NO_CODE: lambda task, by: booking.visitor_not_reached(request=task.subject, by=by),
    TaskKind.EXPIRING: lambda task, by: booking.expiring_not_reached(entry=task.subject, by=by),
}
"""The calls about something else in which nobody was reached."""


@pytest.mark.parametrize("kind", PUT_OFF)
def test_a_call_about_something_else_that_is_put_off_holds_no_times(specialty, operator, other, kind):
    (offer,) = kept_for(specialty, make.patient(phone=MOTHER))
    beside = make.task(kind=kind, phone=MOTHER)
    booking.claim_task(task=beside.pk, by=operator)
    assert Slot.objects.filter(hold_token=offer.pk).exists()
    PUT_OFF[kind](beside, operator)
    assert not Slot.objects.filter(hold_token__isnull=False).exists()
    reconciled()
    PhonedNumber.objects.all().delete()
    assert phoning.claim_next(by=other) == offer


def promised(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    at = timezone.now() + timedelta(hours=3)
    calls.finish(offer=phoning.claim_next(by=operator).pk, outcome=CallOutcome.CALL_BACK, by=operator, call_back_at=at)
    return offer, SlotOffer.objects.get(state=OfferState.PROMISED)


def test_w14_a_promised_call_holds_nothing_and_comes_first_at_its_minute(specialty, operator):
    offer, promise = promised(specialty, operator)
    assert not Slot.objects.filter(hold_token__isnull=False).exists()
    assert phoning.claim_next(by=operator) is None
    (sooner,) = kept_for(specialty, make.patient(), days=2)
    Task.objects.filter(pk=promise.task_id).update(not_before=timezone.now())
    assert PhonedNumber.objects.get(key=promise.task.claim_key).paused_until > timezone.now()
    claimed = phoning.claim_next(by=operator)
    assert (claimed, claimed.slot, claimed.state) == (promise, offer.slot, OfferState.OPEN)
    assert sooner.starts_at < claimed.starts_at


def test_a_promised_call_is_made_though_nothing_fits(specialty, operator):
    offer, promise = promised(specialty, operator)
    make.appointment(Slot.objects.get(pk=offer.slot_id))
    Task.objects.update(not_before=timezone.now())
    claimed = phoning.claim_next(by=operator)
    assert (claimed, claimed.state) == (promise, OfferState.PROMISED)
    phoning.give_back(offer=promise.pk, by=operator)
    assert phoning.claim_next(by=operator) == promise
    calls.finish(offer=promise.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    assert WaitlistEntry.objects.get().state == EntryState.WAITING
    reconciled()


def test_the_promise_of_a_dead_browser_stays_promised(specialty, operator):
    _offer, promise = promised(specialty, operator)
    Task.objects.update(not_before=timezone.now())
    phoning.claim_next(by=operator)
    Claim.objects.update(until=timezone.now())
    offers.return_lapsed()
    promise.refresh_from_db()
    assert (promise.state, promise.task.state) == (OfferState.PROMISED, TaskState.OPEN)
    reconciled()
