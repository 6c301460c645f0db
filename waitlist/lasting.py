"""The end of a wait: the last wished day, and no later than the clinic lets a wish lie unasked (W18)."""

from datetime import date, timedelta

from django.conf import settings

from foundation.clock import day_of
from foundation.database import clock


def today() -> date:
    return day_of(clock.now())


def last_day(date_until: date | None) -> date:
    """Returns the last day of a wait that somebody has asked for today."""
    longest = today() + timedelta(days=settings.WAITLIST_EXPIRY_DAYS)
    return min(date_until or longest, longest)


def last_day_to_ask() -> date:
    """Returns the day up to which waits end of which the staff has to ask now."""
    return today() + timedelta(days=settings.WAITLIST_ASK_DAYS)
