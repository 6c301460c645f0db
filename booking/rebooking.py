"""The desk and the contact centre phone patients whose visits an absence strands, and move or cancel these (S04).

What was agreed is `move` or `cancel`, which end the task as well.
"""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from booking.choices import PAUSES, RebookOutcome
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from waitlist.errors import CallBackTimeNeeded
from worklist.actions import claims, tasks
from worklist.choices import TaskKind
from worklist.models import Task


@verb(Kind.BESIDE)
def claim_rebooking(*, task: UUID, by: Actor) -> Task:
    """Claims the number of a stranded visit. Raises TaskClosed, NotYourKind, FinishFirst, ClaimedByAnother."""
    return claims.claim(task=task, by=by)


@verb(Kind.BESIDE)
def claim_next_rebooking(*, by: Actor) -> Task | None:
    """Claims the next stranded visit that is due; returns None when there is none. Raises FinishFirst."""
    return claims.claim_next(kinds=[TaskKind.REBOOK], by=by)


@verb(Kind.BESIDE)
def keep_rebooking(*, task: UUID, by: Actor) -> bool:
    """Prolongs the claim while the page is open; returns False when it is lost."""
    return claims.keep_alive(task=task, by=by)


@verb(Kind.BESIDE)
def give_rebooking_back(*, task: UUID, by: Actor) -> None:
    """Gives the task back when nobody was phoned. Raises NotClaimed."""
    claims.give_back(task=task, by=by)


@verb(Kind.BESIDE)
def finish_rebooking_call(
    *, task: UUID, outcome: RebookOutcome, by: Actor, call_back_at: datetime | None = None
) -> None:
    """Records a call in which nothing was agreed: the task rests and comes again.

    Raises CallBackTimeNeeded, NotClaimed.
    """
    now = timezone.now()
    if outcome == RebookOutcome.CALL_BACK and (call_back_at is None or call_back_at <= now):
        raise CallBackTimeNeeded
    tasks.retry(task=task, outcome=outcome, not_before=call_back_at or now + PAUSES[outcome], by=by)
