"""A number that is wrong or refuses ours: the same call goes on at the next one, and nobody loses their place."""

import pytest
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from scheduling.choices import Misfit
from scheduling.models import Slot
from tests import factories as make
from tests import phoning
from waitlist import matching, numbers
from waitlist.choices import FAILS, CallOutcome, EntryState, OfferState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry, WaitlistRequest
from waitlist.queries import why
from worklist.actions import claims
from worklist.choices import TaskKind, TaskState
from worklist.models import Claim, PhonedNumber, Task

pytestmark = pytest.mark.django_db

OWN, MOTHERS, FATHERS = "+79210000001", "+79210000002", "+79210000003"


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), days=3, slots=1))[0]


@pytest.fixture
def child():
    return make.child(phone=OWN)


@pytest.fixture
def offer(slot, child, operator):
    """The mother of a child is being phoned, who has a number of their own."""
    mother = make.parent_of(child, phone=MOTHERS)
    entry = make.entry(slot.doctor.specialties.get(), who=child)
    WaitlistEntry.objects.filter(pk=entry.pk).update(representation=mother)
    return phoning.claim(offer=matching.offer_slot(slot=slot.pk).pk, by=operator)


def ended(offer, outcome, by):
    booking.finish_call(offer=offer.pk, outcome=outcome, by=by)
    offer.refresh_from_db()
    return offer


def entry():
    return WaitlistEntry.objects.get()


def to_find():
    return Task.objects.filter(kind=TaskKind.FIND_NUMBER, state=TaskState.OPEN)


@pytest.mark.parametrize("outcome", FAILS)
def test_the_same_call_goes_on_at_the_next_number(offer, operator, outcome):
    assert offer.task.phone == MOTHERS
    ended(offer, outcome, operator)
    assert (offer.state, offer.task.phone, entry().phone) == (OfferState.OPEN, OWN, OWN)
    assert Claim.objects.get().key == OWN
    assert Slot.objects.get().hold_token == offer.pk
    assert (PhonedNumber.objects.get().key, CallAttempt.objects.get().number) == (MOTHERS, MOTHERS)
    ended(offer, CallOutcome.DECLINED_SLOT, operator)
    assert sorted(PhonedNumber.objects.values_list("key", flat=True)) == [OWN, MOTHERS]
    assert not Claim.objects.exists()


@pytest.mark.parametrize("outcome", FAILS)
def test_when_none_is_left_somebody_finds_one_out_and_the_place_is_kept(offer, operator, outcome, slot):
    for _number in (MOTHERS, OWN):
        ended(offer, outcome, operator)
    assert (offer.state, entry().state, entry().phone) == (OfferState.WITHDRAWN, EntryState.UNREACHABLE, "")
    task = to_find().get()
    assert (task.subject, task.phone, task.patient_id) == (entry().pk, "", entry().patient_id)
    assert not Claim.objects.exists()
    assert why.reason(entry(), slot=slot) == Misfit.NO_NUMBER
    assert claims.claim_next(by=operator) == task


def test_a_corrected_record_ends_the_search_and_is_phoned(offer, operator, slot, child):
    for _number in (MOTHERS, OWN):
        ended(offer, CallOutcome.WRONG_NUMBER, operator)
    booking.correct_patient(patient=child, changes=Changes({"note": "сменил номер"}), by=make.TEST)
    assert to_find().exists()
    mother = child.representations.get()
    booking.correct_representative(representation=mother, changes=Changes({"phone": FATHERS}), by=make.TEST)
    assert not to_find().exists()
    assert (entry().state, entry().phone) == (EntryState.WAITING, "")
    assert matching.offer_slot(slot=slot.pk).task.phone == FATHERS


def test_a_number_that_somebody_is_phoning_is_dialled_by_whoever_comes_next(offer, operator, slot):
    Claim.objects.create(key=OWN, by="staff:other", by_name="Другая", until=offer.expires_at)
    ended(offer, CallOutcome.BLOCKED, operator)
    assert (offer.state, entry().state, entry().phone) == (OfferState.WITHDRAWN, EntryState.WAITING, OWN)
    assert not to_find().exists()
    assert matching.offer_slot(slot=slot.pk) is None
    Claim.objects.all().delete()
    assert matching.offer_slot(slot=slot.pk).task.phone == OWN


def test_an_outcome_of_a_lost_call_is_kept_as_well(offer, operator):
    phoning.give_back(offer=offer.pk, by=operator)
    ended(offer, CallOutcome.WRONG_NUMBER, operator)
    assert (offer.state, entry().state, entry().phone) == (OfferState.WITHDRAWN, EntryState.WAITING, OWN)


def test_the_numbers_are_those_of_the_record_of_requests_and_of_whoever_acts_for_a_child(offer, child):
    make.parent_of(child, first_name="Пётр", phone=FATHERS)
    assert numbers.next_of(entry()) == MOTHERS
    tried = []
    while number := numbers.next_of(entry()):
        tried.append(number)
        CallAttempt.objects.create(entry=entry(), number=number, outcome="wrong_number", by="staff:1", by_name="О")
    assert tried == [MOTHERS, OWN, FATHERS]


def test_nobody_else_answers_for_an_adult(slot):
    adult = make.patient(phone=OWN)
    made = make.entry(slot.doctor.specialties.get(), who=adult)
    make.parent_of(adult, phone=MOTHERS)
    CallAttempt.objects.create(entry=made, number=OWN, outcome="blocked", by="staff:1", by_name="О")
    assert numbers.next_of(made) == ""


def test_a_search_in_vain_is_put_off_by_a_day(offer, operator):
    for _number in (MOTHERS, OWN):
        ended(offer, CallOutcome.BLOCKED, operator)
    booking.claim_task(task=to_find().get().pk, by=operator)
    booking.expiring_not_reached(entry=entry().pk, by=operator)
    assert claims.claim_next(by=operator) is None
    assert to_find().get().outcome == "not_found"


@pytest.mark.parametrize("end", [booking.wait_again, lambda **of: booking.remove_entry(reason="передумал", **of)])
def test_the_search_ends_with_the_wish_or_their_own_call(offer, operator, end):
    for _number in (MOTHERS, OWN):
        ended(offer, CallOutcome.BLOCKED, operator)
    end(entry=entry().pk, by=operator)
    assert not to_find().exists()
    assert not SlotOffer.objects.filter(state=OfferState.OPEN).exists()
    assert not WaitlistRequest.objects.exists()


def test_the_page_of_the_call_shows_the_next_number_and_the_entry_says_that_none_works(sign_in, slot, child):
    office = sign_in(Role.OPERATOR)
    mother = make.parent_of(child, phone=MOTHERS)
    made = make.entry(slot.doctor.specialties.get(), who=child)
    WaitlistEntry.objects.filter(pk=made.pk).update(representation=mother)
    offer = matching.offer_slot(slot=slot.pk)
    office.post(reverse("office:task_claim", args=[offer.task_id]))
    page, finish = reverse("office:call", args=[offer.pk]), reverse("office:call_finish", args=[offer.pk])
    assert f"tel:{MOTHERS}" in office.get(page).content.decode()
    assert office.post(finish, {"outcome": "wrong_number"}).url == page
    text = office.get(page).content.decode()
    assert (f"tel:{OWN}" in text, f"tel:{MOTHERS}" in text) == (True, False)
    assert office.post(finish, {"outcome": "blocked"}).url == reverse("office:calls")
    assert "Не работает ни один номер" in office.get(reverse("office:calls")).content.decode()
    assert "Ни один номер этого пациента" in office.get(reverse("office:entry", args=[made.pk])).content.decode()
