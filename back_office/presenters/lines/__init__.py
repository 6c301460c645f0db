"""Lines of the queue: each kind of task makes its own out of what the tasks are about."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from back_office.presenters.lines import expiring, freed_times, missed_calls, visitors, visits
from back_office.presenters.lines.line import Line
from foundation.accounts.actors import Actor
from worklist.choices import TaskKind
from worklist.queries import QueuedTask

Lines = Callable[[Sequence[QueuedTask], Actor, datetime], Iterable[Line]]

OF_KIND: dict[str, Lines] = {
    TaskKind.FREED_TIME: freed_times.lines,
    TaskKind.REBOOK: visits.to_rebook,
    TaskKind.UNTOLD: visits.to_tell,
    TaskKind.NO_CODE: visitors.lines,
    TaskKind.EXPIRING: expiring.lines,
    TaskKind.FIND_NUMBER: expiring.without_number,
    TaskKind.MISSED_CALL: missed_calls.lines,
}


def lines_of(tasks: Sequence[QueuedTask], by: Actor, now: datetime) -> list[Line]:
    """Returns the lines of these tasks in their order; the number of statements does not grow with them."""
    made: dict[object, Line] = {}
    for kind, lines in OF_KIND.items():
        if of_kind := [task for task in tasks if task.kind == kind]:
            made |= {line.task: line for line in lines(of_kind, by, now)}
    return [made[task.pk] for task in tasks if task.pk in made]
