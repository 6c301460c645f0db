"""Finds out about the walls of locations: whether one is in another zone, and visits by the day that it shows."""

from datetime import date

from django.conf import settings
from django.db.models import DateField, F, Func, Q
from django.db.models.lookups import Range

from foundation.clock import day_anywhere
from foundation.ttl_cache import ttl_cache
from scheduling.models import Location

ZONE = F("room__location__timezone")


def within(first: date, last: date | None = None) -> Q:
    """Returns the condition that a visit is on that day or on one until the `last`, as its location counts them."""
    starts, ends = day_anywhere(first, last)
    there = Func(ZONE, F("starts_at"), template="(timezone(%(expressions)s))::date", output_field=DateField())
    return Q(Range(there, (first, last or first)), starts_at__gte=starts, starts_at__lt=ends)


def is_any_location_elsewhere() -> bool:
    """Tells whether a location is outside the clinic's zone: only then a search reads the location of each slot."""
    return any(zone != settings.TIME_ZONE for zone in _zones())


@ttl_cache
def _zones() -> list[str]:
    return list(Location.objects.order_by().values_list("timezone", flat=True).distinct())
