"""The outcome of a call is a fact; it decides on the offer, the entry, the next attempt and the message (domain §6)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from notifications.models import Message
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.actions import calls, offers, outcomes
from waitlist.choices import NOT_COUNTED, NOT_REACHED, CallOutcome, EntryState, OfferState
from waitlist.errors import CallBackTimeNeeded, NobodyPhonesThen, OfferGone, OutcomeNeeded
from waitlist.models import CallAttempt, FreedTime, SlotOffer, WaitlistEntry
from worklist.models import Claim, PhonedNumber, Task

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Europe/Moscow"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
UNTRIED = [outcome for outcome in NOT_REACHED if outcome not in NOT_COUNTED]


@pytest.fixture(autouse=True)
def monday_noon(settings, everyday_settings):
    settings.CALL_HOURS = [("09:00", "20:00"), ("10:00", "18:00")]
    settings.CALL_ATTEMPTS, settings.CALL_BUSY_MINUTES = 3, 3
    settings.CALL_RETRY_MINUTES, settings.CALL_RETRY_SOON_MINUTES = 120, 30
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def offered(starts_at, *, who=None, notice=0):
    """Somebody waits, and is to be phoned about this time."""
    specialty = make.specialty()
    make.entry(specialty, who=who or make.patient(phone="+79210001122"), notice_minutes=notice)
    shift = make.shift(make.doctor(make.service(specialty)), starts="08:00", slots=1)
    (slot,) = make.slots_of(shift)
    Slot.objects.filter(pk=slot.pk).update(starts_at=starts_at, ends_at=starts_at + 30 * MINUTE)
    FreedTime.objects.create(slot=slot, starts_at=starts_at, look_at=timezone.now())
    return matching.offer_slot(slot=slot.pk)


def called(offer, outcome, by, **told):
    phoning.claim(offer=offer.pk, by=by)
    attempt = calls.finish(offer=offer.pk, outcome=outcome, by=by, **told)
    offer.refresh_from_db()
    return attempt


def states(offer):
    return offer.state, WaitlistEntry.objects.get(pk=offer.entry_id).state


def paused_for():
    return PhonedNumber.objects.get().paused_until - timezone.now()


@pytest.mark.parametrize(
    ("outcome", "before", "pause"),
    [
        (CallOutcome.NO_ANSWER, 3 * DAY, 120 * MINUTE),
        (CallOutcome.VOICEMAIL, DAY, 120 * MINUTE),
        (CallOutcome.NO_ANSWER, DAY - MINUTE, 30 * MINUTE),
        (CallOutcome.BUSY, 3 * DAY, 3 * MINUTE),
        (CallOutcome.DROPPED, 3 * DAY, timedelta(0)),
        (CallOutcome.DECLINED_SLOT, 3 * DAY, 30 * MINUTE),
        (CallOutcome.WRONG_NUMBER, 3 * DAY, 30 * MINUTE),
    ],
)
def test_w19_a_number_rests_after_a_call_as_long_as_its_outcome_says(operator, outcome, before, pause):
    called(offered(MONDAY + before), outcome, operator)
    assert paused_for() == pause


@pytest.mark.parametrize("outcome", UNTRIED)
def test_w05_who_is_not_reached_keeps_their_place_and_the_time_goes_on(operator, outcome):
    offer = offered(MONDAY + 3 * DAY)
    called(offer, outcome, operator)
    assert states(offer) == (OfferState.LAPSED, EntryState.WAITING)
    assert FreedTime.objects.get().look_at == MONDAY
    assert not Claim.objects.exists()
    assert not Message.objects.exists()


def test_a_busy_line_and_a_call_cut_off_are_no_attempts(operator):
    offer = offered(MONDAY + 3 * DAY)
    called(offer, CallOutcome.DROPPED, operator)
    assert states(offer) == (OfferState.OPEN, EntryState.OFFERED)
    called(offer, CallOutcome.BUSY, operator)
    assert states(offer) == (OfferState.WITHDRAWN, EntryState.WAITING)
    assert WaitlistEntry.objects.get().attempts == 0


def test_one_time_is_offered_to_nobody_a_third_time_in_vain(operator):
    slot = offered(MONDAY + 3 * DAY).slot_id
    for _ in range(2):
        called(SlotOffer.objects.get(state=OfferState.PROPOSED), CallOutcome.NO_ANSWER, operator)
        PhonedNumber.objects.all().delete()
        again = matching.offer_slot(slot=slot)
    assert again is None


def test_after_the_third_vain_call_in_a_row_one_message_asks_the_patient_to_call(operator):
    slot = offered(MONDAY + 3 * DAY).slot_id
    WaitlistEntry.objects.update(attempts=2)
    offer = SlotOffer.objects.get()
    called(offer, CallOutcome.NO_ANSWER, operator)
    message = Message.objects.get()
    assert (message.template, message.address, message.about) == ("call_us", "+79210001122", offer.entry_id)
    assert (message.patient, message.useful_until) == (offer.patient_id, MONDAY + 3 * DAY)
    assert (states(offer), outcomes.is_sought(message)) == ((OfferState.LAPSED, EntryState.WAITING), True)
    PhonedNumber.objects.all().delete()
    matching.offer_slot(slot=slot)
    called(SlotOffer.objects.get(state=OfferState.PROPOSED), CallOutcome.DECLINED_SLOT, operator)
    assert (Message.objects.count(), outcomes.is_sought(message)) == (1, False), "they have been spoken to"


def test_who_has_no_number_is_sent_no_message(operator):
    offer = offered(MONDAY + 3 * DAY, who=make.patient(phone=""))
    WaitlistEntry.objects.update(attempts=2)
    called(offer, CallOutcome.NO_ANSWER, operator)
    assert states(offer) == (OfferState.LAPSED, EntryState.WAITING)
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
        (CallOutcome.WRONG_NUMBER, OfferState.WITHDRAWN, EntryState.UNREACHABLE, False),
        (CallOutcome.NO_ANSWER, OfferState.LAPSED, EntryState.WAITING, False),
    ],
)
def test_what_each_outcome_leads_to(operator, outcome, offer_state, entry_state, on_the_line):
    """Only whoever is on the line is asked about the brother's time as well."""
    mother = "+79215554433"
    first, second = (offered(MONDAY + days * DAY, who=make.child(phone=mother)) for days in (3, 4))
    called(first, outcome, operator)
    assert states(first) == (offer_state, entry_state)
    assert Claim.objects.filter(by=operator.ref).exists() == on_the_line
    second.refresh_from_db()
    assert states(second) == (OfferState.OPEN if on_the_line else OfferState.PROPOSED, EntryState.OFFERED)


def test_whoever_leaves_the_list_leaves_with_the_word_for_it(operator):
    called(offered(MONDAY + 3 * DAY), CallOutcome.DECLINED_ALL, operator)
    entry = WaitlistEntry.objects.get()
    assert (entry.close_reason, entry.closed_by, entry.closed_at) == (
        str(CallOutcome.DECLINED_ALL.label),
        operator.ref,
        MONDAY,
    )


def test_w14_a_promised_call_is_a_task_of_its_own_that_holds_nothing(operator):
    offer, at = offered(MONDAY + 2 * DAY), MONDAY + DAY
    called(offer, CallOutcome.CALL_BACK, operator, call_back_at=at)
    assert states(offer) == (OfferState.WITHDRAWN, EntryState.OFFERED)
    promise = SlotOffer.objects.get(state=OfferState.PROMISED)
    assert (promise.task.not_before, promise.task.turn, promise.slot_id) == (at, 0, offer.slot_id)
    assert not Slot.objects.filter(hold_token__isnull=False).exists()
    assert not Claim.objects.exists()


@pytest.mark.parametrize("at", [None, MONDAY, MONDAY - MINUTE])
def test_a_promised_call_is_in_the_future(operator, at):
    offer = offered(MONDAY + 3 * DAY)
    with pytest.raises(CallBackTimeNeeded):
        called(offer, CallOutcome.CALL_BACK, operator, call_back_at=at)
    assert not CallAttempt.objects.exists()


def test_w14_a_promised_call_is_made_although_another_person_is_to_be_told_of_its_time(operator, monday_noon):
    offer = offered(MONDAY + 2 * DAY)
    called(offer, CallOutcome.CALL_BACK, operator, call_back_at=MONDAY + HOUR)
    make.entry(offer.entry.specialty, notice_minutes=0)
    monday_noon.move_to(MONDAY + HOUR)
    other = matching.offer_slot(slot=offer.slot_id)
    begun = phoning.claim_next(by=operator)
    assert (begun.entry_id, begun.state, begun.slot_id) == (offer.entry_id, OfferState.PROMISED, offer.slot_id)
    other.refresh_from_db()
    assert (other.state, other.slot.hold_token) == (OfferState.PROPOSED, None)
    assert booking.from_offer(offer=begun.pk, by=operator).starts_at == offer.starts_at  # first come wins


@pytest.mark.parametrize(
    ("after", "promised"), [(8 * HOUR - 6 * MINUTE, True), (8 * HOUR - 5 * MINUTE, False), (11.5 * HOUR, False)]
)
def test_w14_nobody_is_promised_a_call_at_night(operator, after, promised):
    offer = offered(MONDAY + 3 * DAY)
    if promised:
        called(offer, CallOutcome.CALL_BACK, operator, call_back_at=MONDAY + after)
    else:
        with pytest.raises(NobodyPhonesThen):
            called(offer, CallOutcome.CALL_BACK, operator, call_back_at=MONDAY + after)
    assert CallAttempt.objects.exists() is promised


@pytest.mark.parametrize("outcome", ["", "spoke"])
def test_an_outcome_is_one_of_the_list(operator, outcome):
    with pytest.raises(OutcomeNeeded):
        called(offered(MONDAY + 3 * DAY), outcome, operator)


def test_the_call_is_written_down_as_it_was_made(operator):
    offer = offered(MONDAY + 3 * DAY)
    attempt = called(offer, CallOutcome.CALL_BACK, operator, call_back_at=MONDAY + HOUR, note="ж" * 301)
    attempt.refresh_from_db()
    assert (attempt.entry_id, attempt.offer_id, attempt.number) == (offer.entry_id, offer.pk, "+79210001122")
    assert (attempt.outcome, attempt.note, attempt.call_back_at) == ("call_back", "ж" * 300, MONDAY + HOUR)
    assert (attempt.by, attempt.by_name) == (operator.ref, operator.name)
    assert WaitlistEntry.objects.get().last_contact_at == MONDAY


def lose_the_claim(monday_noon):
    monday_noon.shift(10 * MINUTE)
    offers.return_lapsed()
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "offer_state", "entry_state"),
    [
        (CallOutcome.DECLINED_SLOT, OfferState.DECLINED, EntryState.WAITING),
        (CallOutcome.DECLINED_ALL, OfferState.DECLINED, EntryState.REMOVED),
        (CallOutcome.NO_ANSWER, OfferState.LAPSED, EntryState.WAITING),
    ],
)
def test_t102_w06_an_outcome_is_accepted_after_the_claim_was_lost(
    operator, monday_noon, outcome, offer_state, entry_state
):
    offer = offered(MONDAY + 3 * DAY)
    phoning.claim(offer=offer.pk, by=operator)
    lose_the_claim(monday_noon)
    calls.finish(offer=offer.pk, outcome=outcome, by=operator, note="утром неудобно")
    offer.refresh_from_db()
    assert states(offer) == (offer_state, entry_state)
    assert CallAttempt.objects.get().note == "утром неудобно"
    assert not Task.objects.filter(state="open").exists()


def test_t102_it_ends_what_was_proposed_meanwhile(operator, monday_noon):
    offer = offered(MONDAY + 3 * DAY)
    phoning.claim(offer=offer.pk, by=operator)
    lose_the_claim(monday_noon)
    monday_noon.shift(20 * MINUTE)
    offers.return_lapsed()
    matching.offer_slot(slot=offer.slot_id)
    calls.finish(offer=offer.pk, outcome=CallOutcome.DECLINED_ALL, by=operator)
    assert set(SlotOffer.objects.values_list("state", flat=True)) == {"withdrawn", "declined"}
    assert WaitlistEntry.objects.get().state == EntryState.REMOVED


def test_t102_what_another_operator_is_phoning_about_is_left_to_them(operator, monday_noon):
    offer, other = offered(MONDAY + 3 * DAY), make.actor(Role.OPERATOR)
    phoning.claim(offer=offer.pk, by=operator)
    lose_the_claim(monday_noon)
    phoning.claim(offer=offer.pk, by=other)
    calls.finish(offer=offer.pk, outcome=CallOutcome.DECLINED_ALL, by=operator)
    offer.refresh_from_db()
    assert states(offer) == (OfferState.OPEN, EntryState.OFFERED)
    assert (CallAttempt.objects.get().by, Claim.objects.get().by) == (operator.ref, other.ref)


def test_w06_a_yes_is_taken_after_the_claim_was_lost(operator, monday_noon):
    offer = offered(MONDAY + 3 * DAY)
    phoning.claim(offer=offer.pk, by=operator)
    lose_the_claim(monday_noon)
    visit = booking.from_offer(offer=offer.pk, by=operator)
    assert (visit.starts_at, WaitlistEntry.objects.get().appointment) == (MONDAY + 3 * DAY, visit)


def test_only_an_offer_that_never_was_has_no_outcome(operator):
    with pytest.raises(OfferGone):
        calls.finish(offer=make.patient().pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert not CallAttempt.objects.exists()


def test_t102_a_call_about_somebody_who_left_meanwhile_is_written_down(operator):
    offer = offered(MONDAY + 3 * DAY)
    phoning.claim(offer=offer.pk, by=operator)
    WaitlistEntry.objects.update(state=EntryState.REMOVED, closed_at=timezone.now(), closed_by="test")
    calls.finish(offer=offer.pk, outcome=CallOutcome.NO_ANSWER, by=operator)
    assert (CallAttempt.objects.get().outcome, WaitlistEntry.objects.get().state) == ("no_answer", EntryState.REMOVED)
