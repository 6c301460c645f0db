"""Asks those whom a freed time fits by message, before anybody is phoned about it (`MESSAGE_FIRST`).

Whoever asks to be reached in writing only is asked also while the setting is off; then nobody waits for the answer.

A yes is readiness: it moves a person before those who have not answered when the time is phoned about, and books and
holds nothing. Order of locks: freed time → slot.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from foundation.background import wakeups
from foundation.database import clock, writes
from foundation.database.locks import advisory_lock
from foundation.database.outage import outage_of
from waitlist import calling_hours
from waitlist.actions import freed_times, questions
from waitlist.models import FreedTime
from waitlist.ranking import asked, freed, search
from waitlist.ranking.freed import FreedSlot
from waitlist.ranking.runs import is_free, runs_with
from waitlist.ranking.search import Fit

log = logging.getLogger(__name__)

SWEEP = "waitlist.ask_about_freed"
BATCH = 100
"""About how many freed times one run asks at most."""
IN_LINE = 100
"""How many of the first in line are looked at, in case the others may not be asked."""
WHILE_HELD = timedelta(minutes=1)
"""A time that somebody holds at the moment is asked about so much later."""
LOCK = "waitlist.ask"


def ask_about_freed() -> int:
    """Asks about the freed times whose grace is over; returns about how many it has looked at.

    Those who are asked, their messages and the end of the question are written together: a run that is killed has
    asked nobody, and the next one asks.
    """
    looked = 0
    while looked < BATCH and _look():
        looked += 1
    return looked


@transaction.atomic
def _look() -> bool:
    """Asks about the next time; one at which it fails is phoned about as if there were no messages."""
    advisory_lock(LOCK)
    now = clock.now()
    due = FreedTime.objects.select_for_update(skip_locked=True).filter(ended_at=None, ask_at__lte=now)
    time = due.order_by("starts_at", "pk").first() if calling_hours.may_begin(now) else None
    if time is None:
        return False
    try:
        with transaction.atomic():
            _ask(time, now)
    except Exception as error:
        if outage_of(error):
            raise
        log.exception("asking about the freed time %s failed", time.pk)
        _phone_at_once(time, now)
    return True


@writes.atomic
def _ask(time: FreedTime, now: datetime) -> None:
    around = freed.lock(time.slot_id)
    wait = timedelta(minutes=settings.MESSAGE_FIRST_WAIT_MINUTES)
    if around is None or time.starts_at <= freed_times.latest_call(now + wait):
        _phone_at_once(time, now)
    elif not is_free(around.freed, now, kept_for=around.freed.hold_token):
        _ask_later(time, now)
    elif people := _people(around, now):
        questions.ask(people, zone=around.zone)
        awaited = now + wait if settings.MESSAGE_FIRST else None
        FreedTime.objects.filter(pk=time.pk).update(ask_at=None, asked_at=now, answers_until=awaited)
    else:
        _phone_at_once(time, now)


def _people(around: FreedSlot, now: datetime) -> Sequence[tuple[Fit, str]]:
    """Returns the first in line who may be asked, each with the time that fits and the number to write to."""
    starts = runs_with(around, now=now)
    fits = search.who_fits(starts, doctor=around.doctor, zone=around.zone, now=now, limit=IN_LINE)
    by_entry = {fit.entry.pk: fit for fit in reversed(fits)}
    first_slots = {fit.run[0].pk for fit in fits}
    in_line = list(dict.fromkeys(fit.entry.pk for fit in fits))
    people = asked.may_be_asked(in_line, slots=first_slots, now=now, everybody=settings.MESSAGE_FIRST)
    return [(by_entry[each.entry], each.number) for each in people[: settings.MESSAGE_FIRST_PEOPLE]]


def _ask_later(time: FreedTime, now: datetime) -> None:
    """Waits for whoever holds the time, for as long as answers would have been awaited; then people are phoned."""
    if time.answers_until is None or now + WHILE_HELD >= time.answers_until:
        _phone_at_once(time, now)
    else:
        FreedTime.objects.filter(pk=time.pk).update(ask_at=now + WHILE_HELD)


def _phone_at_once(time: FreedTime, now: datetime) -> None:
    FreedTime.objects.filter(pk=time.pk).update(ask_at=None, answers_until=None, look_at=now)
    wakeups.after_commit(settings.SLOT_FREED_TASK)
