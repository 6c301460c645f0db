"""What a request to the site is about: each function finds one thing, or answers instead of the view."""

from django.shortcuts import get_object_or_404

from booking_site.queries import catalogue
from booking_site.site_view import SiteRequest
from scheduling.models import Specialty


def specialty(request: SiteRequest, slug: str) -> Specialty:
    """A specialty of which something can be booked here."""
    return get_object_or_404(catalogue.specialties(), slug=slug)
