"""Patients are told what they were not told, or what went to a number that is not theirs (D43)."""

from uuid import UUID

from booking import gate, tell_tasks
from booking.choices import RebookOutcome
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import visits
from scheduling.models import Appointment
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import TaskKind
from worklist.errors import NotClaimed
from worklist.models import Task


@verb(Kind.CORRECT)
def send_again(*, appointment: UUID, by: Actor) -> Appointment:
    """Sends the message about a visit again («Отправить снова»), with a new link; the old one is dead.

    Raises StepNotAllowed, NoNumber.
    """
    gate.check()
    visit = visits.send_again(appointment=appointment, by=by)
    tell_tasks.settle(appointment, outcome=RebookOutcome.SENT_AGAIN, by=by)
    return visit


@verb(Kind.BESIDE)
def tell(*, task: UUID, by: Actor) -> None:
    """Ends a call in which the patient was told what no message has told them («Сообщено», R13).

    The same step again by the same person changes nothing. Raises NotClaimed, StepNotAllowed.
    """
    if Task.objects.filter(pk=task, outcome=RebookOutcome.TOLD, closed_by=by.ref).exists():
        return
    claimed = worklist.claimed_tasks(by=by).filter(pk=task, kind=TaskKind.UNTOLD).first()
    if claimed is None:
        raise NotClaimed
    visits.tell(appointment=claimed.subject, by=by)
    tasks.finish(task=task, outcome=RebookOutcome.TOLD, by=by)


@verb(Kind.BESIDE)
def renew_untold() -> int:
    """Opens tasks for messages about visits that were not delivered, and drops needless ones. Returns how many."""
    return tell_tasks.renew()
