"""Puts the reminders of coming visits, to those who agreed; it may come late, or twice, and puts each of them once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from foundation.database import clock, writes
from notifications import quiet
from patients.contact import number_of
from scheduling import reminders
from scheduling.actions import messages
from scheduling.queries import reminders as known
from scheduling.queries.reminders import Agreed

BATCH = 500
A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)


def put_due() -> int:
    """Puts the reminders that are due now and returns how many; none while the clinic offers none."""
    if not reminders.offered():
        return 0
    now = clock.now()
    visits = [visit for visit in known.agreed(now) if quiet.over_at(now, zone=visit.zone) is None]
    put = 0
    for first in range(0, len(visits), BATCH):
        put += _put(visits[first : first + BATCH], now=now, after=put)
    return put


def pace() -> timedelta:
    """Returns how long after one reminder the next one is due.

    So a code that somebody waits for stands behind few of them, and all of them take half of `MESSAGES_PER_HOUR`.
    """
    return max(A_SECOND, 2 * AN_HOUR / max(settings.MESSAGES_PER_HOUR, 1))


@writes.atomic
def _put(visits: Sequence[Agreed], *, now: datetime, after: int) -> int:
    """Puts what is due of these visits; who has no number is reminded by nobody."""
    keys = {each.visit: each.key for each in known.due(visits, now)}
    reached = [visit for visit in known.with_facts(keys) if number_of(visit.patient, visit.representation)]
    for number, visit in enumerate(reached, start=after):
        messages.remind(visit, dedupe_key=keys[visit.pk], due_at=now + number * pace())
    return len(reached)
