"""What each page of the site is given to show."""

from booking_site.forms.request import RequestForm
from booking_site.presenters.home import OfferPage
from booking_site.presenters.refusal import Refusal
from booking_site.presenters.request import RequestPage
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
