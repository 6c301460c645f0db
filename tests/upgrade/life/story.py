"""All of that life, in the order of its days."""

import json
import sys
from datetime import UTC, date, datetime, time

import time_machine
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from foundation.audit import sealing
from foundation.database import clock
from tests.upgrade.life import complete, opening, queue, rest, site, visits, waiting
from tests.upgrade.life.clinic import MOSCOW, NOW, TUESDAY, Clinic


class Incomplete(Exception):
    """A kind of row is missing: let somebody in the story make it."""


def live() -> None:
    """Fills an empty database in one transaction and writes the moment of the dump to the standard output."""
    connection_created.disconnect(clock.measure)  # the clock of this process is turned, which is no skew
    with transaction.atomic():
        moment = _live(opening.first_monday(datetime.now(UTC)))
        connection.run_on_commit = []  # nobody is woken: what the story leaves undone is to stay so
    with time_machine.travel(moment):
        sealing.seal_waiting()
    if missing := complete.missing():
        raise Incomplete("\n".join(missing))
    json.dump(moment.isoformat(), sys.stdout)


def _live(first_day: date) -> datetime:
    with time_machine.travel(datetime.combine(first_day, time(8), MOSCOW)):
        clinic = opening.open_clinic(first_day)
        opening.keep_schedule(clinic)
    with clinic.at(0, "09:00"):
        visits.fill_the_book(clinic)
    for day in range(5):
        visits.live_day(clinic, day)
    _second_week(clinic)
    return clinic.moment(*NOW)


def _second_week(clinic: Clinic) -> None:
    with clinic.at(5, "10:00"):
        visits.come_again(clinic)
        visits.change_minds(clinic)
        visits.bring_children(clinic)
    site.visitors(clinic)
    waiting.queue_up(clinic)
    waiting.call_on_monday(clinic)
    site.wishes(clinic)
    waiting.hand_over(clinic)
    queue.call_is_taken_over(clinic)
    waiting.ask_by_message(clinic)
    queue.patients_are_reminded(clinic)
    rest.emergencies_come(clinic)
    rest.times_become_free(clinic)
    for day in (5, TUESDAY - 1, TUESDAY):
        visits.live_day(clinic, day)
    visits.undo_at_once(clinic)
    visits.this_morning(clinic)
    waiting.call_now(clinic)
    queue.exchange_tells(clinic)
    queue.nobody_gets_a_code(clinic)
    queue.waits_end(clinic)
    site.open_browsers(clinic)
    rest.hold_now(clinic)
    rest.room_is_repaired(clinic)
    rest.records_are_merged(clinic)
    rest.messages_on_their_way(clinic)
