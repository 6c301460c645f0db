"""Calls about freed times are tasks: one for each time that is kept, claimed by the number (R21, R24)."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from patients.contact import number_of
from scheduling.actions import slots
from scheduling.models import Slot
from tests import factories as make
from waitlist import matching
from waitlist.actions import calls, offers
from waitlist.choices import CallOutcome, EntryState, OfferState
from waitlist.errors import NotYourCall
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.choices import Priority, TaskKind, TaskState
from worklist.errors import FinishFirst, NotYourKind
from worklist.models import Claim, Task

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
    """Checks that each time that is kept has one open task, and no task outlives it."""
    kept = SlotOffer.objects.filter(state=OfferState.OPEN)
    open_tasks = Task.objects.filter(state=TaskState.OPEN, kind=TaskKind.FREED_TIME)
    assert set(kept.values_list("task", "entry", "patient", "starts_at", "expires_at")) == set(
        open_tasks.values_list("id", "subject", "patient", "due_at", "expires_at")
    )
    held = Slot.objects.filter(hold_token__isnull=False).values_list("hold_token", "held_until")
    assert set(held) == set(kept.values_list("id", "expires_at"))


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
    assert calls.claim_next(by=operator) == brother
    assert calls.claim_next(by=other) is None
    with pytest.raises(NotYourCall):
        calls.claim(offer=sister.pk, by=other)
    booking.from_offer(offer=brother.pk, by=operator, representative=make.parent_of(brother.patient))
    assert calls.claim_next(by=other) is None, "the mother is still on the line"
    assert calls.claim_next(by=operator) == sister
    calls.finish(offer=sister.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    assert not Claim.objects.exists()
    reconciled()


def test_all_times_of_a_family_are_kept_for_the_call(children, operator, settings):
    SlotOffer.objects.update(expires_at=timezone.now() + timedelta(seconds=20))
    Task.objects.update(expires_at=timezone.now() + timedelta(seconds=20))
    calls.claim_next(by=operator)
    call_ends = timezone.now() + timedelta(minutes=settings.CALL_HOLD_MINUTES - 1)
    assert SlotOffer.objects.filter(expires_at__gt=call_ends).count() == 2
    reconciled()


def test_who_talks_to_the_mother_takes_either_child(children, operator):
    brother, sister = children
    calls.claim(offer=sister.pk, by=operator)
    assert calls.claim(offer=brother.pk, by=operator) == brother
    assert Claim.objects.count() == 1


def test_after_no_answer_the_number_is_free_again(children, operator, other):
    _brother, sister = children
    calls.finish(offer=calls.claim_next(by=operator).pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert not Claim.objects.exists()
    assert calls.claim_next(by=other) == sister
    reconciled()


@pytest.mark.parametrize("outcome", [outcome for outcome in CallOutcome if outcome != CallOutcome.BOOKED])
@pytest.mark.parametrize("tries", [1, 3])
def test_the_task_ends_with_its_offer(specialty, operator, outcome, tries, settings):
    settings.CALL_ATTEMPTS = tries
    (offer,) = kept_for(specialty, make.patient())
    calls.claim_next(by=operator)
    later = timezone.now() + timedelta(hours=1)
    calls.finish(offer=offer.pk, outcome=outcome, by=operator, call_back_at=later)
    offer.refresh_from_db()
    assert (offer.task.attempts, offer.task.outcome) == (1, outcome)
    assert (offer.state == OfferState.OPEN) == (offer.task.state == TaskState.OPEN)
    assert not Claim.objects.exists()
    reconciled()


def test_a_booking_ends_the_task_with_the_call(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    booking.from_offer(offer=calls.claim_next(by=operator).pk, by=operator)
    offer.refresh_from_db()
    task = offer.task
    assert (task.state, task.outcome, task.closed_by) == (TaskState.DONE, CallOutcome.BOOKED, operator.ref)
    assert not Claim.objects.exists()
    reconciled()


def test_another_time_ends_it_too_with_and_without_a_call(specialty, operator):
    first, second = kept_for(specialty, make.patient(), make.patient())
    free = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=5, slots=4, minutes=30))
    service = free[0].doctor.services.get()
    calls.claim(offer=first.pk, by=operator)
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


def test_a_lapsed_offer_takes_its_task_along(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    assert offers.return_lapsed(now=offer.expires_at) == 1
    offer.refresh_from_db()
    assert (offer.state, offer.task.state) == (OfferState.LAPSED, TaskState.DROPPED)
    assert offer.task.closed_by == offers.MATCHING.ref
    assert calls.claim_next(by=operator) is None
    reconciled()


def test_the_next_offer_to_the_same_person_is_a_new_task(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    calls.finish(offer=calls.claim_next(by=operator).pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    later = make.slots_of(make.shift(make.doctor(make.service(specialty)), days=4, slots=1))[0]
    matching.offer_slot(slot=later.pk)
    assert Task.objects.filter(subject=offer.entry_id).count() == 2
    assert Task.objects.filter(subject=offer.entry_id, state=TaskState.OPEN).count() == 1
    reconciled()


def test_one_operator_has_one_call(specialty, operator):
    first, second = kept_for(specialty, make.patient(), make.patient())
    calls.claim(offer=first.pk, by=operator)
    with pytest.raises(FinishFirst):
        calls.claim(offer=second.pk, by=operator)


def test_r21_a_registrar_does_not_call_about_the_waitlist(specialty):
    (offer,) = kept_for(specialty, make.patient())
    registrar = make.actor(Role.REGISTRAR)
    with pytest.raises(NotYourKind):
        calls.claim(offer=offer.pk, by=registrar)
    assert calls.claim_next(by=registrar) is None


def test_a_time_that_ran_out_this_moment_is_passed_over(specialty, operator):
    """The task is still handed out; its offer has just been ended by nobody yet."""
    gone, there = kept_for(specialty, make.patient(), make.patient())
    SlotOffer.objects.filter(pk=gone.pk).update(expires_at=timezone.now())
    assert calls.claim_next(by=operator) == there
    assert list(Claim.objects.values_list("key", flat=True)) == [there.task.claim_key]


def test_the_heartbeat_of_a_call_whose_time_ran_out_says_so(specialty, operator):
    (offer,) = kept_for(specialty, make.patient())
    calls.claim_next(by=operator)
    SlotOffer.objects.update(expires_at=timezone.now())
    assert not calls.keep_alive(offer=offer.pk, by=operator)


def test_giving_back_a_call_that_was_put_off_keeps_the_time(specialty, operator, settings):
    (offer,) = kept_for(specialty, make.patient())
    later = timezone.now() + timedelta(hours=3)
    calls.finish(offer=calls.claim_next(by=operator).pk, outcome=CallOutcome.CALL_BACK, by=operator, call_back_at=later)
    calls.claim(offer=offer.pk, by=operator)
    calls.give_back(offer=offer.pk, by=operator)
    offer.refresh_from_db()
    assert offer.expires_at == later + timedelta(minutes=settings.OFFER_MINUTES)
    assert WaitlistEntry.objects.get().state == EntryState.OFFERED
    assert slots.prolong(token=offer.pk, until=offer.expires_at)
    reconciled()
