"""Lines of numbers that nobody answered; who is at them is not guessed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from back_office.presenters.lines.line import Line
from foundation.accounts.actors import Actor
from foundation.clock import on_wall
from worklist.queries import QueuedTask


def lines(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    return (_line(task, by, now) for task in tasks)


def _line(task: QueuedTask, by: Actor, now: datetime) -> Line:
    called, until = (f"{on_wall(moment):%d.%m %H:%M}" for moment in (task.waiting_since, task.due_at))
    return Line.of(
        task,
        by,
        now,
        time=_("called %(time)s") % {"time": called},
        name=_("Number of a caller"),
        about="",
        why=[_("call back until %(time)s") % {"time": until}, _("no answer") if task.attempts else ""],
        page=reverse("office:missed_call", args=[task.pk]),
    )
