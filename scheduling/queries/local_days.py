"""Finds visits by the day that the calendar of their own location shows."""

from datetime import date

from django.db.models import DateField, F, Func, Q
from django.db.models.lookups import Range

from foundation.clock import day_anywhere

ZONE = F("room__location__timezone")


def within(first: date, last: date | None = None) -> Q:
    """Returns the condition that a visit is on that day or on one until the `last`, as its location counts them."""
    starts, ends = day_anywhere(first, last)
    there = Func(ZONE, F("starts_at"), template="(timezone(%(expressions)s))::date", output_field=DateField())
    return Q(Range(there, (first, last or first)), starts_at__gte=starts, starts_at__lt=ends)
