"""Lines of visitors of the site whom no code reached: they sit at their screen, and their time is kept (T111)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from back_office.presenters.lines.line import Line
from foundation import wording
from foundation.accounts.actors import Actor
from foundation.clock import on_wall
from waitlist.models import WaitlistRequest
from waitlist.queries import entries as waiting
from worklist.queries import QueuedTask


def lines(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    requests = waiting.requests_with_times().in_bulk([task.subject for task in tasks])
    return (_line(task, requests[task.subject], by, now) for task in tasks if task.subject in requests)


def _line(task: QueuedTask, row: WaitlistRequest, by: Actor, now: datetime) -> Line:
    doctor = [row.slot.doctor.short_name] if row.slot else []
    return Line.of(
        task,
        by,
        now,
        time=wording.short_time(row.slot.local_start) if row.slot else _("The time is gone"),
        name=f"{row.full_name}, {row.birth_date:%d.%m.%Y}",
        about=", ".join([*doctor, *([row.service.name] if row.service else [])]),
        why=[kept(row, now)],
        page=reverse("office:visitor", args=[row.pk]),
        answers=row.acting_name,
    )


def kept(row: WaitlistRequest, now: datetime) -> str:
    """Returns until when the chosen time is kept for the visitor."""
    if not (row.slot and row.held_until and row.held_until > now):
        return _("no longer kept")
    until = on_wall(row.held_until, row.slot.shift.room.location.timezone)
    return _("kept until %(time)s") % {"time": f"{until:%H:%M}"}
