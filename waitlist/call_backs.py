"""Moments at which patients ask to be called back, all of them within the calling hours (W14, T101)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from foundation.clock import day_of, wall_time
from waitlist import calling_hours
from waitlist.errors import CallBackTimeNeeded, NobodyPhonesThen

MORNING, NOON, EVENING = time(10), time(12), time(18)
EVENING_BEGINS = time(16)
"""Where the hours end early, the evening is their last one, but no earlier than this."""


class CallBack(TextChoices):
    """The moment for which a call back is promised, in the words of the patient."""

    QUARTER = "quarter", _("15 min")
    HOUR = "hour", _("1 h")
    EVENING = "evening", _("in the evening")
    TOMORROW = "tomorrow", _("tomorrow morning")
    MONDAY = "monday", _("on Monday")


def moments(now: datetime) -> Mapping[CallBack, datetime]:
    """Returns the moment of each choice that has a sense now: it is ahead, and the clinic phones people then."""
    today = day_of(now)
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=8 - today.isoweekday())
    wished = {
        CallBack.QUARTER: now + timedelta(minutes=15),
        CallBack.HOUR: now + timedelta(hours=1),
        CallBack.EVENING: _evening(today),
        CallBack.TOMORROW: _morning(tomorrow),
        CallBack.MONDAY: None if tomorrow == monday else _morning(monday),
    }
    return {
        choice: moment
        for choice, moment in wished.items()
        if moment and moment > now and calling_hours.may_begin(moment)
    }


def check(at: datetime | None, *, now: datetime) -> None:
    """Refuses a moment at which nobody can be called back. Raises CallBackTimeNeeded, NobodyPhonesThen."""
    if at is None or at <= now:
        raise CallBackTimeNeeded
    if not calling_hours.may_begin(at):
        raise NobodyPhonesThen


def _evening(day: date) -> datetime | None:
    _opens, closes = calling_hours.window(day)
    evening = min(wall_time(day, EVENING), closes - timedelta(hours=1))
    return evening if evening >= wall_time(day, EVENING_BEGINS) else None


def _morning(day: date) -> datetime | None:
    opens, _closes = calling_hours.window(day)
    morning = max(wall_time(day, MORNING), opens)
    return morning if morning < wall_time(day, NOON) else None
