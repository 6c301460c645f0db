"""What each page of the site is given to show."""

from datetime import timedelta

import pytest
from django.utils import timezone

import booking
from booking_site.forms.request import RequestForm
from booking_site.presenters.home import OfferPage
from booking_site.presenters.move import MovePage
from booking_site.presenters.refusal import Refusal
from booking_site.presenters.request import RequestPage
from booking_site.presenters.visit import VisitPage
from booking_site.queries.moves import asked_slot
from patients.demandable import Demandable
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken
from scheduling.models import Appointment
from tests import factories


def test_the_offer_is_what_can_be_booked_on_the_site(service, shift):
    other = factories.doctor(factories.service(on_site=False))
    assert other.services.get().specialty != service.specialty
    page = OfferPage.of()
    assert (list(page.specialties), list(page.doctors)) == ([service.specialty], [shift.doctor])


def test_a_request_names_its_specialty(service):
    form = RequestForm(specialty=service.specialty)
    assert RequestPage.of(form) == RequestPage(form=form, specialty=service.specialty)


def test_of_a_refusal_the_sentence_alone_may_be_known():
    assert Refusal("Why.") == Refusal(error="Why.", typed=False, service=None, times=())


@pytest.fixture
def visit(slots):
    return factories.appointment(slots[0])


def test_a_visit_says_what_to_bring_and_that_it_can_be_changed(visit):
    assert VisitPage.of(visit, "token") == VisitPage(
        visit=visit, token="token", cancelled=False, changeable=True, papers=(Demandable.IDENTITY,)
    )


def test_for_a_child_the_representative_brings_two_papers(slots):
    visit = factories.appointment(slots[0], of=factories.child())
    assert VisitPage.of(visit, "token").papers == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)


def test_a_child_that_seemed_grown_up_comes_with_a_representative(visit):
    visit.patient.birth_date = factories.born(10, on=timezone.localdate())
    assert VisitPage.of(visit, "token").papers == (Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE)


def test_a_cancelled_visit_cannot_be_changed(visit):
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=factories.TEST)
    page = VisitPage.of(Appointment.objects.get(), "token")
    assert (page.cancelled, page.changeable) == (True, False)


def test_a_visit_that_has_begun_cannot_be_changed(visit):
    visit.starts_at = timezone.now() - timedelta(minutes=1)
    page = VisitPage.of(visit, "token")
    assert (page.cancelled, page.changeable) == (False, False)


def test_a_visit_is_moved_to_six_times_of_its_doctor_or_three_of_colleagues(visit, slots, service):
    other = factories.doctor(service)
    others = factories.slots_of(factories.shift(other, days=3))
    today = timezone.localdate()
    page = MovePage.of(visit, "token", first=today, error=SlotTaken())
    assert [slot.pk for slot in page.same] == [slot.pk for slot in slots[1:7]]
    assert [slot.pk for slot in page.others] == [slot.pk for slot in others[:3]]
    assert (page.visit, page.token, page.error) == (visit, "token", str(SlotTaken()))
    assert page.later == today + timedelta(days=4)


def test_where_nothing_is_free_a_visit_stays(visit, slots):
    page = MovePage.of(visit, "token", first=timezone.localdate() + timedelta(days=30))
    assert page == MovePage(visit=visit, token="token", error="", same=[], others=[], later=None)


@pytest.mark.parametrize("asked", [None, "", "1", "7f7c1f5e-0000-7000-8000-000000000000"])
def test_no_slot_is_asked_for(visit, asked):
    assert asked_slot(asked, visit=visit) is None


def test_a_slot_is_asked_for_of_a_doctor_who_gives_the_service(visit, slots):
    foreign = factories.slots_of(factories.shift(factories.doctor()))[0]
    assert asked_slot(str(slots[3].pk), visit=visit) == slots[3]
    assert asked_slot(str(foreign.pk), visit=visit) is None
