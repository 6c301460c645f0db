"""What a request to the site is about, or what it is answered instead."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from booking_site import scope
from booking_site.scope import LinkedVisit
from booking_site.site_view import Page
from scheduling import links
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from tests import factories
from tests.clinic.urls_walk import pages


@pytest.fixture
def visit(slots):
    return factories.appointment(slots[0])


@pytest.fixture
def asked(client):
    """`asked(service=…)`: a request with this in its address."""

    def asked(**query):
        request = RequestFactory().get("/", query)
        request.session = client.session
        return request

    return asked


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
    assert len(behind) == 4
    for page in behind:
        for token in (links.token_of(visit), "A" * 24):
            headers = client.get(page.url.replace("nobody", token)).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
            assert headers["Referrer-Policy"] in ("no-referrer", "strict-origin")
