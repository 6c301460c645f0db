"""The head ends the call of somebody else for a reason."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.choices import CallOutcome, EntryState, OfferState
from waitlist.models import CallAttempt
from worklist import team
from worklist.actions import claims, taking
from worklist.choices import TaskKind
from worklist.errors import CallOver, TakeReasonNeeded
from worklist.models import Claim, TakenCall

pytestmark = pytest.mark.django_db
REASON = "Ушла на обед, вкладка осталась открытой"


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def head():
    return make.actor(Role.HEAD)


@pytest.fixture
def offer(operator):
    specialty = make.specialty()
    make.entry(specialty)
    shift = make.shift(make.doctor(make.service(specialty)), days=3, slots=1)
    made = matching.offer_slot(slot=make.slots_of(shift)[0].pk)
    return phoning.claim(offer=made.pk, by=operator)


def take(by, reason=REASON):
    booking.take_call_over(claim=Claim.objects.get().pk, reason=reason, by=by)


def test_the_call_is_due_again_and_its_time_is_held_no_longer(offer, operator, head):
    take(head)
    offer.refresh_from_db()
    assert (offer.state, offer.slot.hold_token) == (OfferState.PROPOSED, None)
    assert not Claim.objects.exists()
    other = make.actor(Role.OPERATOR)
    assert phoning.claim_next(by=other) == offer


def test_it_is_written_down_from_whom_and_why(offer, operator, head):
    take(head)
    event = AuditEvent.objects.get(action="task.taken_over")
    assert (event.actor, event.patient, event.object_ref) == (head.ref, offer.patient_id, operator.ref)
    assert event.details["reason"] == REASON


def test_how_the_call_ended_is_accepted_from_whoever_made_it(offer, operator, head):
    take(head)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, note="неудобно утром", by=operator)
    offer.refresh_from_db()
    assert (offer.state, offer.entry.state) == (OfferState.DECLINED, EntryState.WAITING)
    assert [attempt.note for attempt in CallAttempt.objects.all()] == ["неудобно утром"]


def test_a_reason_is_needed(offer, head):
    with pytest.raises(TakeReasonNeeded):
        take(head, reason="  ")
    assert Claim.objects.exists()


def test_a_second_press_leaves_the_next_persons_call_alone(offer, head):
    taken = Claim.objects.get().pk
    for _press in range(2):
        booking.take_call_over(claim=taken, reason=REASON, by=head)
    other = make.actor(Role.OPERATOR)
    begun = phoning.claim_next(by=other)
    booking.take_call_over(claim=taken, reason=REASON, by=head)
    begun.refresh_from_db()
    assert (begun.state, Claim.objects.get().by) == (OfferState.OPEN, other.ref)
    assert AuditEvent.objects.filter(action="task.taken_over").count() == 1


def test_a_call_that_is_over_is_not_taken(offer, operator, head):
    claim = Claim.objects.get().pk
    phoning.give_back(offer=offer.pk, by=operator)
    for one in (claim, uuid4()):
        with pytest.raises(CallOver):
            booking.take_call_over(claim=one, reason=REASON, by=head)
    assert not TakenCall.objects.exists()


def test_whoever_had_the_call_is_told_and_nobody_else(offer, operator, head):
    now = timezone.now()
    assert team.taken_from(offer.task, by=operator, now=now) is None
    take(head)
    said = team.taken_from(offer.task, by=operator, now=now)
    assert (said.name, said.reason) == (head.name, REASON)
    assert team.taken_from(offer.task, by=make.actor(Role.OPERATOR), now=now) is None


def test_a_call_that_is_theirs_again_is_not_said_to_be_taken(offer, operator, head):
    take(head)
    phoning.claim(offer=offer.pk, by=operator)
    assert team.taken_from(offer.task, by=operator, now=timezone.now()) is None


def test_of_a_call_taken_long_ago_nothing_is_said(offer, operator, head, settings):
    take(head)
    later = timezone.now() + timedelta(minutes=settings.CLAIM_MINUTES, seconds=1)
    assert team.taken_from(offer.task, by=operator, now=later) is None


def test_taken_calls_are_forgotten(offer, head):
    take(head)
    now = timezone.now()
    assert taking.forget(before=now - timedelta(days=1)) == 0
    assert taking.forget(before=now + timedelta(seconds=1)) == 1


def test_what_waits_is_counted_by_kind_with_the_age_of_the_oldest(operator):
    now = timezone.now()
    old, _young = make.task(), make.task()
    make.task(not_before=now + timedelta(hours=1))
    claimed = make.task(kind=TaskKind.REBOOK)
    claims.claim(task=claimed.pk, by=make.actor(Role.REGISTRAR))
    found = {each.kind: each for each in team.waiting(timezone.now())}
    assert list(found) == list(TaskKind)
    freed, rebook, untold = found[TaskKind.FREED_TIME], found[TaskKind.REBOOK], found[TaskKind.UNTOLD]
    assert (freed.due, freed.open, freed.oldest) == (2, 3, old.created_at)
    assert (rebook.due, rebook.open, rebook.oldest) == (0, 1, None)
    assert (untold.due, untold.open, untold.oldest) == (0, 0, None)


def test_a_task_put_off_is_as_old_as_the_time_since_which_it_is_due():
    until = timezone.now() + timedelta(minutes=1)
    make.task(not_before=until)
    freed, *_others = team.waiting(until + timedelta(seconds=1))
    assert (freed.due, freed.oldest) == (1, until)
