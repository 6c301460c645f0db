"""Lines of patients whose wait ends, or of whom no number works: staff asks, or finds one out (W18)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from back_office.presenters.lines.line import Line, named
from back_office.presenters.wishes import doctor_names, in_words
from foundation.accounts.actors import Actor
from waitlist.models import WaitlistEntry
from worklist.queries import QueuedTask


def lines(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    """Says until when they wait."""
    entries = _entries(tasks)
    until = {pk: each.waits_until for pk, each in entries.items() if each.waits_until}
    said = {pk: _("waits until %(day)s") % {"day": f"{day:%d.%m}"} for pk, day in until.items()}
    return _lines(tasks, entries, by, now, time=said, again=_("no answer"))


def without_number(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    return _lines(tasks, _entries(tasks), by, now, time={}, again=_("not found out yet"))


def _entries(tasks: Sequence[QueuedTask]) -> dict[UUID, WaitlistEntry]:
    entries = WaitlistEntry.objects.select_related("patient", "specialty", "service", "earlier_than__room__location")
    return entries.in_bulk([task.subject for task in tasks])


def _lines(
    tasks: Sequence[QueuedTask],
    found: Mapping[UUID, WaitlistEntry],
    by: Actor,
    now: datetime,
    *,
    time: Mapping[UUID, str],
    again: str,
) -> Iterator[Line]:
    names = doctor_names(found.values())
    for task in tasks:
        if entry := found.get(task.subject):
            yield Line.of(
                task,
                by,
                now,
                time=time.get(entry.pk, ""),
                name=named(entry.patient),
                about=", ".join(in_words(entry, names)),
                why=[again] if task.attempts else [],
                page=reverse("office:entry", args=[entry.pk]),
            )
