"""Reads which visits are to be reminded of now, and what their patients were told already."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from notifications.choices import IN_QUEUE, MessageState, MessageTemplate
from notifications.models import Message
from scheduling import reminders
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from scheduling.queries.local_days import ZONE


class Agreed(NamedTuple):
    """A visit that is ahead, of which its patient wants to be reminded."""

    pk: UUID
    starts_at: datetime
    agreed_at: datetime
    created_at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A visit with the key of the reminder that is due now."""

    visit: UUID
    key: str


def agreed(now: datetime) -> list[Agreed]:
    """Returns the visits that may be reminded of now, the nearest first."""
    booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED, reminders_since__isnull=False)
    near = booked.filter(starts_at__gt=now + reminders.AHEAD, starts_at__lt=now + reminders.FARTHEST)
    rows = near.order_by("starts_at").values_list("pk", "starts_at", "reminders_since", "created_at", ZONE)
    return [Agreed(*row) for row in rows]


def due(visits: Collection[Agreed], now: datetime) -> Iterator[Due]:
    """Yields the reminders of these visits that are due and that nobody has put, in one statement.

    While another message about the visit waits, it tells the same; it was told at the moment the last one left.
    """
    known = _known(visits)
    for visit in visits:
        messages = known[visit.pk]
        if any(message.state in IN_QUEUE for message in messages):
            continue
        told_at = max([visit.created_at, visit.agreed_at, *(each.at for each in messages if not each.reminds)])
        for reminder in reminders.planned(starts_at=visit.starts_at, told_at=told_at, zone=visit.zone):
            key = reminders.key_of(visit=visit.pk, starts_at=visit.starts_at, kind=reminder.kind)
            there = [each for each in messages if reminders.stem_of(each.key) == key]
            if reminder.is_due(now) and all(each.state == MessageState.DROPPED for each in there):
                yield Due(visit.pk, f"{key}:{len(there)}" if there else key)


def with_facts(visits: Collection[UUID]) -> QuerySet[Appointment]:
    """Returns these visits with everything that a message tells, the nearest first."""
    related = ("patient", "representation", "doctor", "room__location")
    return Appointment.objects.select_related(*related).filter(pk__in=visits).order_by("starts_at")


class _Message(NamedTuple):
    key: str
    state: str
    at: datetime
    """When it left, or was put."""
    reminds: bool


def _known(visits: Collection[Agreed]) -> dict[UUID, list[_Message]]:
    """Returns the messages about each of these visits; of those that were dropped only the reminders."""
    found: dict[UUID, list[_Message]] = defaultdict(list)
    rows = Message.objects.filter(about__in=[visit.pk for visit in visits])
    named = ("about", "template", "dedupe_key", "state", "sent_at", "created_at")
    for about, template, key, state, sent_at, created_at in rows.values_list(*named):
        reminds = template == MessageTemplate.REMINDER
        if reminds or state != MessageState.DROPPED:
            found[about].append(_Message(key, state, sent_at or created_at, reminds))
    return found
