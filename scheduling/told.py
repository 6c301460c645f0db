"""The links that messages carry, and the room that is left for the other facts in two SMS."""

from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation

from foundation.signatures import SIGNS
from notifications import texts
from notifications.segments import MOST, OF_SEVERAL

LONGEST_DAY = datetime(2026, 9, 30, 12, tzinfo=UTC)


def link_with(token: str, *, page: str = "v") -> str:
    """Returns the address that a patient's token opens, at the short name of the site if it has one."""
    base = settings.CLINIC["short_url"] or settings.CLINIC["base_url"]
    return f"{base.rstrip('/')}/{page}/{token}/"


def most_over(*, doctor: str, address: str) -> int:
    """Returns by how many characters the longest message about such a visit is too long; 0 or less when none is."""
    zone, link = settings.TIME_ZONE, link_with("0" * SIGNS)
    told: list[texts.Facts] = [
        kind(starts_at=LONGEST_DAY, doctor=doctor, address=address, link=link, zone=zone)
        for kind in (texts.Booked, texts.Moved, texts.Reminder)
    ]
    told.append(texts.Cancelled(starts_at=LONGEST_DAY, doctor=doctor, address=address, zone=zone))
    with translation.override(settings.LANGUAGE_CODE):
        return max(len(each.text()) for each in told) - MOST * OF_SEVERAL
