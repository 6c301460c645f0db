"""Whoever asks to be reached in one way alone is reached so: never phoned, or never written to."""

import pytest
from django.db import transaction
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from notifications.models import Message
from patients.choices import ContactWay
from patients.models import Patient
from scheduling.choices import Misfit
from tests import factories as make
from tests import phoning
from waitlist import at_once, matching
from waitlist.choices import CallOutcome, EntryState, OfferState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from waitlist.queries import why
from waitlist.ranking import asked
from worklist import queries as worklist
from worklist.actions import claims
from worklist.choices import TaskKind, Turn
from worklist.models import PhonedNumber, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), days=3, slots=1))[0]


def waiting(slot, way=""):
    return make.entry(slot.doctor.specialties.get(), who=make.patient(contact_way=way))


def called(slot, outcome, by):
    offer = phoning.claim(offer=matching.offer_slot(slot=slot.pk).pk, by=by)
    booking.finish_call(offer=offer.pk, outcome=outcome, by=by)
    offer.refresh_from_db()
    return offer


@pytest.mark.parametrize(("way", "is_phoned"), [(ContactWay.WRITING, False), (ContactWay.CALLS, True), ("", True)])
def test_a_free_time_is_proposed_to_whoever_may_be_phoned(slot, way, is_phoned):
    first, second = waiting(slot, way), waiting(slot)
    assert matching.offer_slot(slot=slot.pk).entry_id == (first if is_phoned else second).pk


@pytest.mark.parametrize(("way", "is_asked"), [(ContactWay.CALLS, False), (ContactWay.WRITING, True), ("", True)])
def test_a_message_about_a_free_time_goes_to_whoever_may_be_written_to(slot, way, is_asked):
    entry = waiting(slot, way)
    found = asked.may_be_asked([entry.pk], slots=[slot.pk], now=timezone.now(), everybody=True)
    assert [each.entry for each in found] == ([entry.pk] if is_asked else [])


def test_whoever_is_passed_over_so_is_told_of_as_such(slot):
    first = waiting(slot, ContactWay.WRITING)
    assert why.reason(first, slot=slot) == Misfit.WRITES
    assert str(Misfit.WRITES.label) == "просит только писать"


@pytest.mark.parametrize(("way", "proposed"), [(ContactWay.WRITING, 0), ("", 1)])
def test_nor_is_a_call_of_a_published_month_made_to_them(slot, way, proposed):
    waiting(slot, way)
    WaitlistEntry.objects.update(appeared_at=timezone.now())
    with transaction.atomic():
        at_once.propose_next(timezone.now())
    assert SlotOffer.objects.count() == proposed


def test_a_chip_of_the_call_page_ends_the_calls_and_keeps_the_place(slot, operator):
    entry = waiting(slot)
    offer = called(slot, CallOutcome.WRITE_ONLY, operator)
    entry.refresh_from_db()
    assert (offer.state, entry.state) == (OfferState.WITHDRAWN, EntryState.WAITING)
    assert Patient.objects.get(pk=entry.patient_id).contact_way == ContactWay.WRITING
    assert AuditEvent.objects.get(action="patient.corrected").details == {"changed": {"contact_way": ["", "writing"]}}
    PhonedNumber.objects.all().delete()
    assert matching.offer_slot(slot=slot.pk) is None
    Patient.objects.update(contact_way="")
    assert matching.offer_slot(slot=slot.pk) is not None


def test_whoever_asks_for_calls_alone_is_still_on_the_line(slot, operator):
    entry = waiting(slot)
    offer = called(slot, CallOutcome.CALL_ONLY, operator)
    assert offer.state == OfferState.OPEN
    assert Patient.objects.get(pk=entry.patient_id).contact_way == ContactWay.CALLS
    assert not PhonedNumber.objects.exists()
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.DECLINED_SLOT, by=operator)
    assert list(CallAttempt.objects.values_list("outcome", flat=True)) == ["declined_slot", "call_only"]


@pytest.mark.parametrize("outcome", [CallOutcome.WRITE_ONLY, CallOutcome.CALL_ONLY])
def test_what_was_said_is_kept_when_the_call_was_lost_meanwhile(slot, operator, outcome):
    entry = waiting(slot)
    offer = matching.offer_slot(slot=slot.pk)
    booking.finish_call(offer=offer.pk, outcome=outcome, by=operator)
    assert (
        Patient.objects.get(pk=entry.patient_id).contact_way
        == {
            CallOutcome.WRITE_ONLY: ContactWay.WRITING,
            CallOutcome.CALL_ONLY: ContactWay.CALLS,
        }[outcome]
    )


@pytest.mark.parametrize("kind", [kind for kind in TaskKind if kind != TaskKind.NO_CODE])
def test_no_task_of_theirs_is_the_next_but_it_can_be_taken(operator, kind):
    task = make.task(of=make.patient(contact_way=ContactWay.WRITING), kind=kind)
    assert [(each, each.ready, each.writes_only) for each in worklist.queue(kinds=TaskKind)] == [(task, 0, True)]
    assert claims.claim_next(by=operator) is None
    assert claims.claim(task=task.pk, by=operator) == task


def test_control_a_task_of_anybody_else_is_the_next(operator):
    task = make.task(of=make.patient(contact_way=ContactWay.CALLS))
    assert [each.writes_only for each in worklist.queue(kinds=TaskKind)] == [False]
    assert claims.claim_next(by=operator) == task


def test_a_call_that_they_were_promised_is_made(operator):
    task = make.task(of=make.patient(contact_way=ContactWay.WRITING), turn=Turn.PROMISED)
    assert claims.claim_next(by=operator) == task


@pytest.mark.parametrize(("way", "written"), [(ContactWay.CALLS, 0), (ContactWay.WRITING, 1), ("", 1)])
def test_whoever_asks_for_calls_is_sent_no_request_to_call_us(slot, operator, settings, way, written):
    settings.CALL_ATTEMPTS = 1
    waiting(slot, "")
    offer = phoning.claim(offer=matching.offer_slot(slot=slot.pk).pk, by=operator)
    Patient.objects.update(contact_way=way)
    booking.finish_call(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert Message.objects.filter(template="call_us").count() == written
    assert WaitlistEntry.objects.get().state == EntryState.WAITING
    assert not Task.objects.filter(state="open").exists()
