"""What a visitor is shown when a chosen time cannot be booked."""

import pytest
from django.test import RequestFactory

from booking_site.answers import ANSWERS
from booking_site.flow import Flow
from booking_site.forms.choice import Choice
from booking_site.presenters.refusal import Refusal
from booking_site.refusals import cannot_book
from booking_site.site_view import Page
from foundation.errors import DomainError
from scheduling.errors import PatientBusy, ServiceNotOffered, SlotTaken, TooManyVisits
from scheduling.queries.availability import alternatives
from tests.booking_site.conftest import ADULT

NEVER = "7f7c1f5e-0000-7000-8000-000000000000"


@pytest.fixture
def request_(client, db):
    request = RequestFactory().post("/")
    request.session = client.session
    return request


@pytest.fixture
def choice(slots, service):
    return Choice(slots[0].pk, service, finish=False)


def test_another_time_comes_with_the_nearest_ones(request_, choice, slots, service):
    answer = cannot_book(request_, choice, error=PatientBusy())
    times = alternatives(slots[0], service)
    refusal = Refusal(str(PatientBusy()), typed=False, service=service, times=times)
    assert answer == Page("booking_site/taken.html", refusal, status=409)
    assert len(times) == 3


def test_times_that_the_error_names_are_not_looked_for(request_, choice, slots, service, django_assert_num_queries):
    named = alternatives(slots[3], service)
    with django_assert_num_queries(0):
        answer = cannot_book(request_, choice, error=SlotTaken(named))
    assert answer.content.times == named


def test_near_a_time_that_never_was_there_is_none(request_, service):
    answer = cannot_book(request_, Choice(NEVER, service, finish=False), error=SlotTaken())
    assert answer == Page("booking_site/taken.html", Refusal(str(SlotTaken()), service=service, times=[]), status=409)


def test_where_another_time_would_not_help_there_is_the_phone(request_, choice, service):
    answer = cannot_book(request_, choice, error=TooManyVisits())
    refusal = Refusal(str(TooManyVisits()), typed=False, service=service, times=())
    assert answer == Page("booking_site/problem.html", refusal, status=409)


@pytest.mark.parametrize("column", ["active", "on_site"])
def test_a_service_that_is_gone_leaves_nothing_to_mend(request_, choice, service, column):
    Flow(request_.session).keep_typed(ADULT)
    setattr(service, column, False)
    answer = cannot_book(request_, choice, error=ServiceNotOffered())
    refusal = Refusal(str(ServiceNotOffered()), typed=False, service=service, times=())
    assert answer == Page("booking_site/problem.html", refusal, status=409)


def test_a_service_that_this_doctor_does_not_give_has_other_times(request_, choice):
    answer = cannot_book(request_, choice, error=ServiceNotOffered())
    assert (answer.template, answer.status, len(answer.content.times)) == ("booking_site/taken.html", 409, 3)


@pytest.mark.parametrize("code", ANSWERS)
def test_what_is_typed_is_told_with_every_error(request_, choice, code):
    Flow(request_.session).keep_typed(ADULT)
    error = type("Planted", (DomainError,), {"code": code, "message": "Why."})()
    answer = cannot_book(request_, choice, error=error)
    assert (answer.template, answer.status) == (ANSWERS[code].page, ANSWERS[code].status)
    assert (answer.content.error, answer.content.typed) == ("Why.", True)
