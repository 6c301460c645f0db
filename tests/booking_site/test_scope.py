"""What a request to the site is about, or what it is answered instead."""

from datetime import timedelta

import pytest
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
def request_(client):
    request = RequestFactory().get("/")
    request.session = client.session
    return request


def test_a_link_finds_its_visit_and_its_holder_is_who_acts(visit, request_):
    token = links.token_of(visit)
    assert scope.linked_visit(request_, token) == LinkedVisit(visit, token)
    assert request_.by.ref == f"site:link:{visit.pk.hex[:12]}"


def test_a_link_that_nobody_has_is_unknown(visit, request_):
    assert scope.linked_visit(request_, "A" * 24) == Page("booking_site/link_unknown.html", None, status=404)


def test_a_link_whose_key_is_gone_is_unknown(visit, request_, settings):
    token = links.token_of(visit)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, []
    assert scope.linked_visit(request_, token) == Page("booking_site/link_unknown.html", None, status=404)


@pytest.mark.parametrize("status", ["fulfilled", "noshow", "booked"])
def test_a_link_is_over_with_its_visit(visit, request_, status):
    over = timezone.now() - timedelta(minutes=1)
    Appointment.objects.update(status=AppointmentStatus(status), starts_at=over - timedelta(minutes=30), ends_at=over)
    found = scope.linked_visit(request_, links.token_of(visit))
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
