"""Lines of patients whose wait ends: the staff asks whether it goes on (W18)."""

from collections.abc import Iterator, Sequence
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
    entries = WaitlistEntry.objects.select_related("patient", "specialty", "service", "earlier_than__room__location")
    found = entries.in_bulk([task.subject for task in tasks])
    names = doctor_names(found.values())
    return (_line(task, found[task.subject], names, by, now) for task in tasks if task.subject in found)


def _line(task: QueuedTask, entry: WaitlistEntry, names: dict[UUID, str], by: Actor, now: datetime) -> Line:
    return Line.of(
        task,
        by,
        now,
        time=_("waits until %(day)s") % {"day": f"{entry.waits_until:%d.%m}"} if entry.waits_until else "",
        name=named(entry.patient),
        about=", ".join(in_words(entry, names)),
        why=[_("no answer")] if task.attempts else [],
        page=reverse("office:entry", args=[entry.pk]),
    )
