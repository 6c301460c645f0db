"""What the decorator of the office's views does for them."""

from uuid import uuid4

import pytest
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from back_office.staff_view import Page, Refusal, staff_view
from foundation.accounts.choices import Permission, Role
from foundation.audit.models import AuditEvent
from scheduling.errors import DoctorBusy, TooManyVisits

pytestmark = pytest.mark.django_db


class Told(list):
    """The messages of one request."""

    def add(self, level, message, extra_tags=""):
        self.append(message)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def ask(sign_in, told):
    """`ask(view, **address)`: what the view answers to a registrar."""
    client = sign_in(Role.REGISTRAR)

    def answered(view, *, htmx=False, **address):
        request = RequestFactory().get("/office/", headers={"HX-Request": "true"} if htmx else {})
        request.user, request.session, request.htmx = client.user, client.session, HtmxDetails(request)
        request._messages = told
        return view(request, **address)

    return answered


def page(text="", **options):
    return Page("back_office/refused.html", Refusal(text), **{"shows": ()} | options)


def test_each_patient_shown_is_written_down_once_with_the_name_of_the_page(ask):
    first, second = uuid4(), uuid4()
    ask(staff_view(Permission.OFFICE)(lambda request: page(shows=[first, second, first], where="office:somewhere")))
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:somewhere")
    assert sorted(event.patient for event in shown) == sorted([first, second])


def test_the_view_is_told_who_acts(ask):
    acting = []
    ask(staff_view(Permission.OFFICE)(lambda request: acting.append(request.by) or HttpResponse()))
    assert [by.may(Permission.RECEIVE) for by in acting] == [True]


def test_the_view_gets_what_its_scope_finds(ask):
    view = staff_view(Permission.OFFICE, scope=lambda request, number: number * 2)(
        lambda request, found: HttpResponse(str(found))
    )
    assert ask(view, number=21).content == b"42"


def test_what_is_out_of_scope_is_not_found(ask):
    def nobody(request):
        raise Http404

    with pytest.raises(Http404):
        ask(staff_view(Permission.OFFICE, scope=nobody)(lambda request, found: HttpResponse()))


def refuses(request, *found):
    raise TooManyVisits


def test_an_error_that_no_view_handles_is_a_page_with_its_sentence(ask):
    answer = ask(staff_view(Permission.OFFICE)(refuses))
    assert answer.status_code == 422
    assert str(TooManyVisits()) in answer.content.decode()


def test_to_htmx_the_same_error_is_told_by_the_page_loaded_anew(ask, told):
    answer = ask(staff_view(Permission.OFFICE)(refuses), htmx=True)
    assert (answer.status_code, answer.headers["HX-Refresh"], told) == (422, "true", [str(TooManyVisits())])


@pytest.mark.parametrize(("htmx", "status"), [(False, 409), (True, 200)])
def test_the_page_is_shown_again_with_the_sentence_and_the_status_of_the_table(ask, htmx, status):
    def again(request, found, *, error):
        return page(f"{found}: {error}")

    def busy(request, found):
        raise DoctorBusy

    view = staff_view(Permission.OFFICE, scope=lambda request: "7", refused=again)(busy)
    answer = ask(view, htmx=htmx)
    assert answer.status_code == status
    assert f"7: {DoctorBusy()}" in answer.content.decode()
