"""Lines of visits that do not hold (S04), and of those of which no message has told (R13)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from back_office.presenters.absences import absences_by_key, title_of
from back_office.presenters.broken import reasons
from back_office.presenters.lines.line import Line, named
from back_office.presenters.rebooking_call import acting_at, outcome_of
from foundation import wording
from foundation.accounts.actors import Actor
from notifications.queries.newest import reminded
from scheduling.models import Appointment
from scheduling.queries.day import visits_with_people
from worklist.queries import QueuedTask


def to_rebook(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    absences = absences_by_key({task.cause for task in tasks})
    why = reasons(task.subject for task in tasks if task.cause not in absences)
    why |= {task.subject: title_of(absences[task.cause]) for task in tasks if task.cause in absences}
    return _lines(tasks, by, now, why=why)


def to_tell(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> Iterator[Line]:
    return _lines(tasks, by, now, why=dict.fromkeys(reminded([task.subject for task in tasks]), _("the reminder")))


def _lines(tasks: Sequence[QueuedTask], by: Actor, now: datetime, *, why: Mapping[UUID, str]) -> Iterator[Line]:
    visits = {visit.pk: visit for visit in visits_with_people(task.subject for task in tasks)}
    return (_line(task, visits[task.subject], by, now, why.get(task.subject, "")) for task in tasks)


def _line(task: QueuedTask, visit: Appointment, by: Actor, now: datetime, why: str) -> Line:
    acting = acting_at(visit)
    return Line.of(
        task,
        by,
        now,
        time=wording.short_time(visit.local_start),
        name=named(visit.patient),
        about=f"{visit.doctor.short_name}, {visit.service.name}",
        why=[why, f"{task.attempts}: {outcome_of(task)}" if task.attempts else ""],
        page=reverse("office:rebooking_task", args=[task.pk]),
        answers=acting.full_name if acting and acting.phone else "",
    )
