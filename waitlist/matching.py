"""Finds who is to be phoned about free times (R23), and proposes as many calls as the operators can make.

A release is a hint, the slot is the truth; nothing here books, and a proposal locks no time. Order of locks: slot →
entry → task.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from foundation.database import clock, writes
from foundation.database.locks import advisory_lock
from foundation.database.outage import outage_of
from waitlist import at_once, calling_hours
from waitlist.actions import freed_times, offers
from waitlist.choices import UNANSWERED, FreedOutcome
from waitlist.models import FreedTime, SlotOffer, Sweep
from waitlist.ranking import freed, search
from waitlist.ranking.asked import not_offered, said_yes
from waitlist.ranking.first import lock_first, may_be_phoned_at
from waitlist.ranking.freed import FreedSlot
from waitlist.ranking.runs import is_free, runs_with
from waitlist.ranking.search import Fit
from worklist import duty
from worklist.choices import Turn

log = logging.getLogger(__name__)

SWEEP = "waitlist.match_freed_slots"
TRIES = 5
"""A freed time on which looking for people has failed so often is parked: it stands in nobody's way."""
BATCH = 2000
"""How many releases one run takes in at most, and how many calls it proposes."""
IN_LINE = (search.CANDIDATES, 500)
"""How many of the first in line are asked for: more, when none of the first may be phoned now."""
LOCK = "waitlist.propose"


def match_freed() -> int:
    """Takes in releases and proposes calls about free times; returns how many releases it has handled."""
    handled = 0
    while handled < BATCH:
        taken_in, published = freed_times.take_in()
        if not taken_in:
            break
        handled += taken_in
        at_once.note_appeared(published)
    freed_times.settle(now=clock.now())
    propose()
    Sweep.objects.update_or_create(name=SWEEP, defaults={"finished_at": clock.now()})
    return handled


def propose() -> int:
    """Proposes calls until the operators have as many as they can make; returns how many are new.

    A single freed time comes before what a published month has made at once. Nothing is proposed outside of the calling
    hours and shortly before they end.
    """
    made = 0
    while made < BATCH:
        try:
            looked = _look()
            if looked is None:
                break
            made += looked
        except LookingFailed as error:
            _count_failure(error)
    return made


class LookingFailed(Exception):
    """A fault of ours keeps people from being looked for."""

    def __init__(self, freed_time: UUID) -> None:
        super().__init__(freed_time)
        self.freed_time = freed_time


@writes.atomic
def _look() -> bool | None:
    """Looks for a person for one time and tells whether a call is proposed; None when there is nothing to be done.

    The number of proposals is counted by one worker at a time.
    """
    advisory_lock(LOCK)
    now = clock.now()
    if not calling_hours.may_begin(now):
        return None
    room = _room()
    if room.single and (around := freed.lock_next(now=now)):
        return _propose_freed(around, now)
    return at_once.propose_next(now) if room.at_once else None


class Room(NamedTuple):
    """The kinds of calls of which one more may be proposed: those of a published month keep no single time waiting."""

    single: bool
    at_once: bool


def _room() -> Room:
    wanted = max(settings.PROPOSALS_PER_OPERATOR * duty.count(), settings.PROPOSALS_AT_LEAST)
    made = SlotOffer.objects.filter(state__in=UNANSWERED, task__not_before=None)
    counted = made.aggregate(all=Count("pk"), at_once=Count("pk", filter=Q(task__turn=Turn.AT_ONCE)))
    return Room(single=counted["all"] - counted["at_once"] < wanted, at_once=counted["all"] < wanted)


def _propose_freed(around: FreedSlot, now: datetime) -> bool:
    """Proposes a call about a freed time; one for which nobody is found now is looked at again later.

    One that somebody has by now is ended by the next run, which knows who has it.
    """
    assert around.freed_time
    try:
        _offer(around, now)
    except NobodyReady as nobody:
        freed_times.await_answers(around.freed_time, until=nobody.again_at)
        return False
    except NobodyNow as nobody:
        freed_times.put_off(around.freed_time, until=nobody.again_at)
        return False
    except Exception as error:
        if outage_of(error):
            raise
        raise LookingFailed(around.freed_time) from error
    return True


class NobodyNow(Exception):
    """The time suits somebody, but nobody whom it suits may be phoned before `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at)
        self.again_at = again_at


class NobodyReady(NobodyNow):
    """Answers to the message are awaited, and nobody who has said yes may be phoned before `again_at`."""


@writes.atomic
def offer_slot(*, slot: UUID) -> SlotOffer | None:
    """Proposes a call to the first patient whom this free slot fits and who may be phoned now; None without one."""
    around = freed.lock(slot)
    try:
        return _offer(around, clock.now()) if around else None
    except NobodyNow:
        return None


def _offer(around: FreedSlot, now: datetime) -> SlotOffer:
    """Raises NobodyNow."""
    if not is_free(around.freed, now, kept_for=around.freed.hold_token):
        raise NobodyNow(now + freed_times.WHILE_HELD)
    if around.freed.starts_at <= freed_times.latest_call(now):
        raise NobodyNow(now + freed_times.LOOK_AGAIN)
    fit, number = _first(around, now)
    turn = Turn.FRESH if around.fresh else Turn.DUE
    return offers.propose(fit.entry, fit.run, service=fit.service.pk, number=number, turn=turn)


def _first(around: FreedSlot, now: datetime) -> tuple[Fit, str]:
    """Returns the first in line who may be phoned now, locked, with their number. Raises NobodyNow.

    Those who have said yes to the message come first, in the same order (R23); while answers are awaited, they alone.
    """
    starts = runs_with(around, now=now)
    ready = said_yes({slot.pk for slot in around.near}) if around.asked_at else {}
    agreed = not_offered(ready)
    awaited = around.answers_until if around.answers_until and around.answers_until > now else None
    in_line: list[UUID] = []
    for limit in IN_LINE[-1:] if ready else IN_LINE:
        if awaited and not ready:
            break
        found = search.who_fits(starts, doctor=around.doctor, zone=around.zone, now=now, limit=limit)
        fits = _ready_first(found, ready, alone=awaited is not None)
        by_entry = {fit.entry.pk: fit for fit in reversed(fits)}
        in_line = list(dict.fromkeys(fit.entry.pk for fit in fits))
        if first := lock_first(in_line, now=now, agreed=agreed):
            return by_entry[first.entry], first.number
        if len(found) < limit:
            break
    pause_ends = may_be_phoned_at(in_line, now=now) if in_line else None
    latest = awaited or now + freed_times.LOOK_AGAIN
    again_at = min(pause_ends or latest, latest)
    raise NobodyReady(again_at) if awaited else NobodyNow(again_at)


def _ready_first(fits: Sequence[Fit], ready: Mapping[UUID, UUID], *, alone: bool) -> list[Fit]:
    """Returns what fits with those first who have said yes to the time that begins there, or with them alone."""
    first = [fit for fit in fits if ready.get(fit.entry.pk) == fit.run[0].pk]
    return first if alone else [*first, *(fit for fit in fits if fit not in first)]


@transaction.atomic
def _count_failure(failed: LookingFailed) -> None:
    row = FreedTime.objects.select_for_update().get(pk=failed.freed_time)
    row.tries += 1
    columns: dict[str, object] = {"tries": row.tries, "look_at": clock.now() + freed_times.WHILE_FAILING}
    if row.tries >= TRIES:
        columns |= {"ended_at": clock.now(), "outcome": FreedOutcome.PARKED}
    FreedTime.objects.filter(pk=row.pk).update(**columns)
    log.error("looking for people for the freed time %s failed %s times", row.pk, row.tries, exc_info=failed.__cause__)
