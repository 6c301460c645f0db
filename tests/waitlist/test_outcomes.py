"""The outcome of a call decides on the offer, the entry, the next attempt and the message (domain §6)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.models import Location, Slot
from tests import factories as make
from waitlist import matching
from waitlist.actions import calls
from waitlist.choices import NOT_REACHED, CallOutcome, EntryState, OfferState
from waitlist.errors import CallBackTimeNeeded, EntryClosed, NotYourCall, OfferGone, OutcomeNeeded
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from worklist.models import Claim

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def monday_noon(settings, everyday_settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    settings.CALL_ATTEMPTS = 3
    settings.CALL_RETRY_MINUTES, settings.CALL_RETRY_SOON_MINUTES, settings.OFFER_MINUTES = 120, 30, 45
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def offered(starts_at, *, who=None, notice=0):
    """Somebody waits, and this time is kept for them."""
    specialty = make.specialty()
    entry = make.entry(specialty, who=who or make.patient(phone="+79210001122"), notice_minutes=notice)
    shift = make.shift(make.doctor(make.service(specialty)), starts="08:00", slots=1)
    (slot,) = make.slots_of(shift)
    Slot.objects.filter(pk=slot.pk).update(starts_at=starts_at, ends_at=starts_at + 30 * MINUTE)
    matching.offer_slot(slot=slot.pk)
    return SlotOffer.objects.get(entry=entry)


def called(offer, outcome, by, **told):
    calls.claim(offer=offer.pk, by=by)
    attempt = calls.finish(offer=offer.pk, outcome=outcome, by=by, **told)
    offer.refresh_from_db()
    return attempt


def states(offer):
    return offer.state, WaitlistEntry.objects.get(pk=offer.entry_id).state


@pytest.mark.parametrize(
    ("before", "again"),
    [
        (3 * DAY, 120 * MINUTE),
        (DAY, 120 * MINUTE),
        (DAY - MINUTE, 30 * MINUTE),
        (13 * HOUR, 30 * MINUTE),
    ],
)
def test_who_did_not_answer_is_tried_again_sooner_when_the_time_is_near(operator, before, again):
    offer = offered(MONDAY + before)
    called(offer, CallOutcome.NO_ANSWER, operator)
    assert states(offer) == (OfferState.OPEN, EntryState.OFFERED)
    assert offer.task.not_before == MONDAY + again
    assert offer.expires_at == MONDAY + again + 45 * MINUTE


def test_the_next_attempt_waits_for_the_clinic_to_phone_again(operator, monday_noon):
    offer = offered(MONDAY + 3 * DAY)
    monday_noon.move_to(MONDAY + 7 * HOUR)
    SlotOffer.objects.update(expires_at=MONDAY + 8 * HOUR)
    type(offer.task).objects.update(expires_at=MONDAY + 8 * HOUR)
    called(offer, CallOutcome.BUSY, operator)
    assert offer.task.not_before == MONDAY + 21 * HOUR, "nine o'clock of the next morning"


def test_for_a_visit_today_there_is_one_attempt(operator):
    offer = offered(MONDAY + 11 * HOUR)
    called(offer, CallOutcome.NO_ANSWER, operator)
    assert states(offer) == (OfferState.LAPSED, EntryState.WAITING)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("zone", "hours", "again"),
    [("Asia/Vladivostok", 11, True), ("America/New_York", 13, False)],
    ids=["tomorrow there", "today there"],
)
def test_t96_today_is_that_of_the_visits_location(operator, zone, hours, again):
    """It is Tuesday morning there, or still Monday afternoon."""
    offer = offered(MONDAY + hours * HOUR)
    Location.objects.update(timezone=zone)
    called(offer, CallOutcome.NO_ANSWER, operator)
    assert (offer.state == OfferState.OPEN) is again


@pytest.mark.parametrize(("begins", "kept"), [(timedelta(0), False), (MINUTE, True)])
def test_no_attempt_is_left_when_the_time_begins_before_it(operator, monday_noon, begins, kept):
    """Called at half past seven in the evening; the clinic phones again at nine."""
    offer = offered(MONDAY + 21 * HOUR + begins)
    monday_noon.move_to(MONDAY + 7.5 * HOUR)
    later = MONDAY + 8 * HOUR
    SlotOffer.objects.update(expires_at=later)
    type(offer.task).objects.update(expires_at=later)
    called(offer, CallOutcome.VOICEMAIL, operator)
    assert (offer.state == OfferState.OPEN) == kept


@pytest.mark.parametrize("outcome", NOT_REACHED)
def test_after_the_last_attempt_nobody_is_called_until_they_call_and_one_message_says_so(operator, outcome):
    offer = offered(MONDAY + 3 * DAY)
    WaitlistEntry.objects.update(attempts=1)
    called(offer, outcome, operator)
    assert states(offer) == (OfferState.OPEN, EntryState.OFFERED)
    called(offer, outcome, operator)
    assert states(offer) == (OfferState.LAPSED, EntryState.UNREACHABLE)
    message = Message.objects.get()
    assert (message.template, message.address, message.about) == ("call_us", "+79210001122", offer.entry_id)
    assert (message.patient, message.useful_until) == (offer.patient_id, MONDAY + 3 * DAY)
    assert WaitlistEntry.objects.get().attempts == 3


def test_who_has_no_number_is_sent_no_message(operator):
    offer = offered(MONDAY + 3 * DAY, who=make.patient(phone=""))
    WaitlistEntry.objects.update(attempts=2)
    called(offer, CallOutcome.NO_ANSWER, operator)
    assert states(offer) == (OfferState.LAPSED, EntryState.UNREACHABLE)
    assert not Message.objects.exists()


@pytest.mark.parametrize("outcome", [outcome for outcome in CallOutcome if outcome not in NOT_REACHED])
def test_attempts_are_those_in_a_row(operator, outcome):
    """A patient who was spoken to starts anew; «Записан» is no outcome to choose."""
    offer = offered(MONDAY + 3 * DAY)
    WaitlistEntry.objects.update(attempts=2)
    if outcome == CallOutcome.BOOKED:
        with pytest.raises(OutcomeNeeded):
            called(offer, outcome, operator)
        return
    called(offer, outcome, operator, call_back_at=MONDAY + HOUR)
    assert WaitlistEntry.objects.get().attempts == 0


@pytest.mark.parametrize(
    ("outcome", "offer_state", "entry_state", "on_the_line"),
    [
        (CallOutcome.DECLINED_SLOT, OfferState.DECLINED, EntryState.WAITING, True),
        (CallOutcome.DECLINED_ALL, OfferState.DECLINED, EntryState.REMOVED, True),
        (CallOutcome.WRONG_NUMBER, OfferState.LAPSED, EntryState.UNREACHABLE, False),
        (CallOutcome.NO_ANSWER, OfferState.OPEN, EntryState.OFFERED, False),
    ],
)
def test_what_each_outcome_leads_to(operator, outcome, offer_state, entry_state, on_the_line):
    """Only whoever is on the line is asked about the brother's time as well."""
    mother = "+79215554433"
    first, second = (offered(MONDAY + days * DAY, who=make.child(phone=mother)) for days in (3, 4))
    called(first, outcome, operator)
    assert states(first) == (offer_state, entry_state)
    assert Claim.objects.filter(by=operator.ref).exists() == on_the_line
    assert states(second) == (OfferState.OPEN, EntryState.OFFERED)


def test_whoever_leaves_the_list_leaves_with_the_word_for_it(operator):
    offer = offered(MONDAY + 3 * DAY)
    called(offer, CallOutcome.DECLINED_ALL, operator)
    entry = WaitlistEntry.objects.get()
    assert (entry.close_reason, entry.closed_by, entry.closed_at) == (
        str(CallOutcome.DECLINED_ALL.label),
        operator.ref,
        MONDAY,
    )


@pytest.mark.parametrize(("before_start", "kept"), [(MINUTE, True), (timedelta(0), False), (-HOUR, False)])
def test_a_promised_call_keeps_the_time_when_it_comes_before_it(operator, before_start, kept):
    offer = offered(MONDAY + 2 * DAY)
    at = offer.starts_at - before_start
    called(offer, CallOutcome.CALL_BACK, operator, call_back_at=at)
    assert states(offer) == (
        (OfferState.OPEN, EntryState.OFFERED) if kept else (OfferState.DECLINED, EntryState.WAITING)
    )
    assert WaitlistEntry.objects.get().not_before == at
    if kept:
        assert (offer.task.not_before, offer.expires_at) == (at, offer.starts_at)


@pytest.mark.parametrize("at", [None, MONDAY, MONDAY - MINUTE])
def test_a_promised_call_is_in_the_future(operator, at):
    offer = offered(MONDAY + 3 * DAY)
    with pytest.raises(CallBackTimeNeeded):
        called(offer, CallOutcome.CALL_BACK, operator, call_back_at=at)
    assert not CallAttempt.objects.exists()


@pytest.mark.parametrize("outcome", ["", "spoke"])
def test_an_outcome_is_one_of_the_list(operator, outcome):
    offer = offered(MONDAY + 3 * DAY)
    with pytest.raises(OutcomeNeeded):
        called(offer, outcome, operator)


def test_the_call_is_written_down_as_it_was_made(operator):
    offer = offered(MONDAY + 3 * DAY)
    attempt = called(offer, CallOutcome.CALL_BACK, operator, call_back_at=MONDAY + HOUR, note="ж" * 301)
    attempt.refresh_from_db()
    assert (attempt.entry_id, attempt.offer_id, attempt.number) == (offer.entry_id, offer.pk, "+79210001122")
    assert (attempt.outcome, attempt.note, attempt.call_back_at) == ("call_back", "ж" * 300, MONDAY + HOUR)
    assert (attempt.by, attempt.by_name) == (operator.ref, operator.name)
    assert WaitlistEntry.objects.get().last_contact_at == MONDAY


def test_only_whoever_calls_tells_how_it_ended(operator):
    offer = offered(MONDAY + 3 * DAY)
    calls.claim(offer=offer.pk, by=operator)
    with pytest.raises(NotYourCall):
        calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=make.actor(Role.OPERATOR))
    SlotOffer.objects.update(expires_at=MONDAY)
    with pytest.raises(OfferGone):
        calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert not CallAttempt.objects.exists()


def test_a_call_about_somebody_who_left_meanwhile_is_refused(operator):
    offer = offered(MONDAY + 3 * DAY)
    calls.claim(offer=offer.pk, by=operator)
    WaitlistEntry.objects.update(state=EntryState.REMOVED, closed_at=timezone.now(), closed_by="test")
    with pytest.raises(EntryClosed):
        calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
