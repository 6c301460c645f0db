"""Rules of reminders: when a visit is reminded of, in the time of its place, and when it is not.

One reminder leaves on the day before, at `REMIND_AT`, and one `REMIND_HOURS` before the visit. None leaves in the quiet
hours, and none soon after another word about the visit.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from foundation.clock import on_wall, wall_time
from notifications import quiet
from notifications.choices import MessageChannel
from notifications.gateways import routes

REMIND = _("Remind of the visit by SMS, the day before and 2–3 hours before")
"""What a patient agrees to, in every channel; it is asked apart from any other consent."""
GAP = timedelta(hours=1)
"""No reminder leaves so soon after the patient was told of the visit or agreed to be reminded."""
LATER = timedelta(hours=1)
"""The reminder some hours before may wait so long for the end of the quiet hours."""
AHEAD = timedelta(hours=1)
"""So long before a visit nobody is reminded of it any more: they are on their way."""
BEFORE_QUIET = timedelta(minutes=30)
"""What would leave in the quiet hours leaves so long before them, so that a provider that is away may come back."""
FARTHEST = timedelta(days=2)
"""Visits farther ahead are reminded of on a later day."""


PARTS = 4


class ReminderKind(StrEnum):
    DAY = "day"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder of a visit, of use between these moments; a sweep that comes late puts it as long as it is."""

    kind: ReminderKind
    due_at: datetime
    until: datetime

    def is_due(self, now: datetime) -> bool:
        return self.due_at <= now < self.until


def offered() -> bool:
    """Tells whether the clinic reminds of visits: not without a route, where each would be a call to make instead."""
    return settings.REMINDERS and bool(routes.names(MessageChannel.SMS))


def key_of(*, visit: UUID, starts_at: datetime, kind: ReminderKind) -> str:
    """Returns the key by which a reminder is put once, in four parts; what takes its place has more of them."""
    return f"remind:{visit}:{starts_at.astimezone(UTC):%Y%m%dT%H%M}:{kind}"


def stem_of(key: str) -> str:
    """Returns the key of the reminder in whose place another one was put."""
    return ":".join(key.split(":")[:PARTS])


def planned(*, starts_at: datetime, told_at: datetime, zone: str) -> Iterator[Reminder]:
    """Yields the reminders of a visit of which the patient knows since `told_at`."""
    end, first = starts_at - AHEAD, told_at + GAP
    hours = _hours_before(starts_at, zone)
    evenings = [_day_before(starts_at, zone)]
    if hours is None:  # the one on the day before covers it, or else it leaves before the night
        evenings.append(_before_the_night(starts_at, zone))
    if evening := next((at for at in evenings if first <= at), None):
        until = end if hours is None else _midnight(starts_at, zone)
        yield Reminder(kind=ReminderKind.DAY, due_at=evening, until=until)
    if hours and first <= hours:
        yield Reminder(kind=ReminderKind.HOURS, due_at=hours, until=end)


def _day_before(starts_at: datetime, zone: str) -> datetime:
    day = on_wall(starts_at, zone).date() - timedelta(days=1)
    return wall_time(day, settings.REMIND_AT, zone=zone)


def _hours_before(starts_at: datetime, zone: str) -> datetime | None:
    """Returns the moment some hours before, or the end of the quiet hours soon after it; None when those go on."""
    at = _lead(starts_at)
    over = quiet.over_at(at, zone=zone)
    if over is None:
        return at
    return over if over <= at + LATER else None


def _before_the_night(starts_at: datetime, zone: str) -> datetime:
    at = _lead(starts_at)
    return (quiet.began(at, zone=zone) or at) - BEFORE_QUIET


def _lead(starts_at: datetime) -> datetime:
    return starts_at - timedelta(hours=settings.REMIND_HOURS)


def _midnight(starts_at: datetime, zone: str) -> datetime:
    return wall_time(on_wall(starts_at, zone).date(), time.min, zone=zone)
