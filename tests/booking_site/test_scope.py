"""What a request to the site is about, or what it is answered instead."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from booking_site import scope
from booking_site.flow import Flow
from booking_site.forms.choice import Choice
from booking_site.presenters.refusal import Refusal
from booking_site.scope import LinkedVisit
from booking_site.site_view import Page
from scheduling import links
from scheduling.choices import AppointmentStatus
from scheduling.errors import ServiceNotOffered
from scheduling.models import Appointment
from tests import factories
from tests.clinic.urls_walk import pages


@pytest.fixture
def visit(slots):
    return factories.appointment(slots[0])


class Told(list):
    """The messages of one request."""

    def add(self, level, message, extra_tags=""):
        self.append(message)


def of_visitor(request, client):
    request.session, request._messages = client.session, Told()
    return request


@pytest.fixture
def asked(client):
    """`asked(service=…)`: a request with this in its address."""
    return lambda **query: of_visitor(RequestFactory().get("/", query), client)


@pytest.fixture
def sent(client):
    """`sent(slot=…)`: a request with this form."""
    return lambda **form: of_visitor(RequestFactory().post("/", form), client)


def test_of_what_is_offered_the_first_is_asked_for_unless_the_link_says(asked, shift, service):
    second = factories.service(specialty=service.specialty, name="Яснотка")
    shift.doctor.services.add(second)
    slug = service.specialty.slug
    first = scope.offer_of_specialty(asked(service="вздор"), slug)
    assert ([one.pk for one in first.services], first.service.pk) == ([service.pk, second.pk], service.pk)
    assert scope.offer_of_specialty(asked(service=second.pk), slug).service.pk == second.pk
    assert first.doctor is None


def test_what_a_doctor_offers_comes_with_the_doctor(asked, shift, service):
    offer = scope.offer_of_doctor(asked(), shift.doctor.slug)
    assert (offer.service.pk, offer.doctor.pk) == (service.pk, shift.doctor_id)


@pytest.mark.parametrize("find", [scope.offer_of_specialty, scope.offer_of_doctor, scope.specialty])
def test_where_nothing_is_offered_there_is_no_page(asked, shift, find):
    with pytest.raises(Http404):
        find(asked(), "nobody")


@pytest.mark.parametrize(("more", "finish"), [({}, False), ({"finish": "1"}, True)])
def test_a_time_is_chosen_by_a_form(sent, slots, service, more, finish):
    choice = scope.posted_choice(sent(slot=slots[0].pk, service=service.pk, **more))
    assert choice == Choice(slot_id=slots[0].pk, service=service, finish=finish)


@pytest.mark.parametrize("spoilt", [{"slot": "вздор"}, {"service": "вздор"}, {"slot": ""}, {"service": ""}])
def test_a_form_that_is_not_ours_chooses_nothing(sent, slots, service, spoilt):
    with pytest.raises(Http404):
        scope.posted_choice(sent(**{"slot": slots[0].pk, "service": service.pk} | spoilt))


def test_a_form_without_a_service_chooses_nothing(client, slots):
    assert client.post(reverse("site:take"), {"slot": slots[0].pk}).status_code == 404


def test_a_service_that_is_withdrawn_meanwhile_is_a_refusal(sent, slots, service):
    service.on_site = False
    service.save()
    answer = scope.posted_choice(sent(slot=slots[0].pk, service=service.pk))
    refusal = Refusal(str(ServiceNotOffered()), typed=False, service=service, times=())
    assert answer == Page("booking_site/problem.html", refusal, status=409)


def test_the_chosen_time_is_that_of_the_session(take, sent, asked, slots):
    take(slots[0])
    for request in (asked(), sent(), sent(slot=slots[0].pk)):
        assert scope.chosen_time(request).slot_id == slots[0].pk


def test_without_a_chosen_time_the_choice_comes_first(asked, db):
    request = asked()
    assert scope.chosen_time(request).url == reverse("site:choose")
    assert request._messages == [gettext("Choose a time first.")]


def test_after_the_booking_its_visit_is_shown(book, sent, slots):
    visit = book(slots[0]).url
    assert scope.chosen_time(sent(slot=slots[1].pk)).url == visit


@pytest.mark.parametrize(("form", "kept"), [({"code": "123456"}, {}), ({"last_name": "Орлова"},) * 2])
def test_a_form_for_another_time_is_shown_anew(take, sent, slots, form, kept):
    take(slots[0])
    request = sent(slot=slots[1].pk, **form)
    assert scope.chosen_time(request).url == reverse("site:details")
    assert request._messages == [gettext("You have chosen another time meanwhile. Check it and continue.")]
    assert (Flow(request.session).slot_id, Flow(request.session).typed) == (slots[0].pk, kept)


def test_a_link_finds_its_visit_and_its_holder_is_who_acts(visit, asked):
    request, token = asked(), links.token_of(visit)
    assert scope.linked_visit(request, token) == LinkedVisit(visit, token)
    assert request.by.ref == f"site:link:{visit.pk.hex[:12]}"


def test_a_link_that_nobody_has_is_unknown(visit, asked):
    assert scope.linked_visit(asked(), "A" * 24) == Page("booking_site/link_unknown.html", None, status=404)


def test_a_link_whose_key_is_gone_is_unknown(visit, asked, settings):
    token = links.token_of(visit)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, []
    assert scope.linked_visit(asked(), token) == Page("booking_site/link_unknown.html", None, status=404)


@pytest.mark.parametrize("status", ["fulfilled", "noshow", "booked"])
def test_a_link_is_over_with_its_visit(visit, asked, status):
    over = timezone.now() - timedelta(minutes=1)
    Appointment.objects.update(status=AppointmentStatus(status), starts_at=over - timedelta(minutes=30), ends_at=over)
    found = scope.linked_visit(asked(), links.token_of(visit))
    assert found == Page("booking_site/link_over.html", None, status=410)


def test_every_page_behind_a_link_keeps_it_private(client, visit):
    """Also the pages that say that a link does not work."""
    behind = [page for page in pages() if "token" in page.parts]
    assert len(behind) == 8
    for page in behind:
        ask = client.post if page.name == "site:visit_remind" else client.get
        for token in (links.token_of(visit), "A" * 24):
            headers = ask(page.url.replace("nobody", token)).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
            assert headers["Referrer-Policy"] in ("no-referrer", "strict-origin")
