"""Wishes through the verbs: what is said arrives in the request and in the entry (R12, R20)."""

import pytest

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from patients.choices import Channel, Relation
from patients.models import DataConsent, Representation
from tests import factories as make
from waitlist.choices import EntryState, RequestState
from waitlist.errors import SlotsAreFree
from waitlist.models import WaitlistEntry, WaitlistRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def handed_over(specialty, **given):
    child = make.person(years=6, phone="+79210001122")
    given = {"person": child, "wishes": make.wishes(specialty, note="утром"), "by": make.TEST} | given
    return booking.hand_over(channel=Channel.SITE, **given)


def test_a_request_from_the_site_becomes_an_entry_in_one_click(specialty, operator):
    mother = make.representative(Relation.GUARDIAN, last_name="Лунина")
    request = handed_over(specialty, representative=mother, consent_text="Согласен")
    assert (request.channel, request.note, request.created_by) == (Channel.SITE, "утром", make.TEST.ref)
    entry = booking.enter_request(request=request.pk, by=operator)
    assert (entry.note, entry.created_by, entry.representation) == ("утром", operator.ref, Representation.objects.get())
    assert (entry.representation.last_name, DataConsent.objects.count()) == ("Лунина", 0)


def test_the_desk_hands_over_a_patient_it_knows(specialty):
    patient = make.patient()
    assert handed_over(specialty, patient=patient).patient == patient


def test_a_request_that_is_no_longer_wished_is_closed_by_whoever_says_so(specialty, operator):
    request = handed_over(specialty)
    booking.close_request(request=request.pk, by=operator)
    request.refresh_from_db()
    assert (request.state, request.handled_by) == (RequestState.CLOSED, operator.ref)


def test_while_something_fits_the_patient_has_to_want_none_of_it(specialty, operator):
    make.shift(make.doctor(make.service(specialty)))
    child = make.child()
    case = {"patient": child, "wishes": make.wishes(specialty), "by": operator}
    with pytest.raises(SlotsAreFree):
        booking.join_waitlist(**case)
    mother = make.parent_of(child)
    entry = booking.join_waitlist(**case, none_suits=True, representation=mother)
    assert (entry.patient, entry.representation, entry.created_by) == (child, mother, operator.ref)


def test_wishes_change_and_who_could_not_be_reached_waits_again(specialty, operator):
    entry = make.entry(specialty)
    changed = booking.change_wishes(entry=entry.pk, changes=Changes({"note": "вечером"}), by=operator)
    assert (changed.pk, changed.note) == (entry.pk, "вечером")
    WaitlistEntry.objects.update(state=EntryState.UNREACHABLE)
    assert booking.wait_again(entry=entry.pk, by=operator).state == EntryState.WAITING


def test_whoever_leaves_the_list_leaves_with_a_reason(specialty, operator):
    entry = make.entry(specialty)
    booking.remove_entry(entry=entry.pk, reason="передумал", by=operator)
    entry.refresh_from_db()
    assert (entry.state, entry.close_reason, entry.closed_by) == (EntryState.REMOVED, "передумал", operator.ref)
    assert not WaitlistRequest.objects.exists()
