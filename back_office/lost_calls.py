"""A call that this person cannot go on with: why, and the page that says so and leads to the next one."""

from back_office.answers import status_of
from back_office.presenters.queue import LostPage
from back_office.staff_view import Page, StaffRequest
from foundation.accounts.actors import Actor
from foundation.database import clock
from foundation.errors import DomainError
from worklist import queries as worklist
from worklist import team
from worklist.choices import TaskState
from worklist.errors import ClaimedByAnother, NotClaimed, TaskClosed, WorklistError
from worklist.models import Task


def page(request: StaffRequest, task: Task, *, error: DomainError, note: str = "") -> Page:
    """Says why there is no call to go on with, and leads to the next one; what was typed of it is not lost."""
    content = LostPage.of(task, request.by, error=error, note=note)
    return Page("back_office/calls/over.html", content, shows=(), status=status_of(error))


def reason(task: Task, by: Actor) -> WorklistError | None:
    """Says why this person cannot go on with the call; None while it is theirs."""
    if task.state != TaskState.OPEN or (task.expires_at and task.expires_at <= clock.now()):
        return TaskClosed()
    if worklist.is_claimed(task=task, by=by):
        return None
    if taken := team.taken_from(task, by=by, now=clock.now()):
        return taken
    return ClaimedByAnother() if worklist.claimed_by_another(task=task, by=by) else NotClaimed()
