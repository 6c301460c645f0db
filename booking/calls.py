"""The staff phones people, whatever the reason: one queue, one claim, one «Следующий» (R21–R25).

What a call has led to is said by verbs of its kind: here how a call about a free time ended; the patient's yes is
`from_offer` or `from_entry`, a visit that is rebooked `move`.
"""

from datetime import datetime
from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.database import clock
from waitlist import calling_hours
from waitlist.actions import calls
from waitlist.choices import CallOutcome, DeclineReason
from waitlist.models import CallAttempt
from worklist.actions import claims, tasks
from worklist.choices import WITHIN_HOURS
from worklist.errors import TaskClosed
from worklist.models import Task


@verb(Kind.BESIDE)
def claim_next_task(*, by: Actor) -> Task | None:
    """Claims the first call that is due for this person, whatever it is about («Следующий»); None when there is none.

    A person who has a call keeps it: one person, one call. Two people never get the same number (T09), and about the
    waitlist nobody is phoned outside of the calling hours.
    """
    closed = not calling_hours.may_begin(clock.now())
    while task := claims.claim_next(by=by, but=WITHIN_HOURS if closed else ()):
        if calls.begin(task):
            return task
        tasks.close(task=task.pk, by=by)  # its time went at this very moment
    return None


@verb(Kind.BESIDE)
def claim_task(*, task: UUID, by: Actor) -> Task:
    """Claims one call out of turn, with all others of its number.

    Raises TaskClosed, NotYourKind, FinishFirst, ClaimedByAnother.
    """
    claimed = claims.claim(task=task, by=by)
    if not calls.begin(claimed):
        raise TaskClosed
    return claimed


@verb(Kind.BESIDE)
def keep_task(*, task: UUID, by: Actor) -> bool:
    """Prolongs the claim while the page of the call is open; returns False when it is lost.

    A hold on a time is not prolonged: it ends when it was said to end.
    """
    return claims.keep_alive(task=task, by=by)


@verb(Kind.BESIDE)
def give_task_back(*, task: UUID, by: Actor) -> None:
    """Puts a call back into the queue when nobody dialled; nothing is logged. Raises NotClaimed."""
    claims.give_back(task=task, by=by)
    calls.put_back(task)


@verb(Kind.BESIDE)
def finish_call(
    *,
    offer: UUID,
    outcome: CallOutcome,
    by: Actor,
    note: str = "",
    call_back_at: datetime | None = None,
    reason: DeclineReason | None = None,
) -> CallAttempt:
    """Records how the call ended and does what follows from it; the `reason` of a no teaches the wishes.

    It is accepted whatever became of the claim. Raises OfferGone, OutcomeNeeded, CallBackTimeNeeded, NobodyPhonesThen.
    """
    return calls.finish(offer=offer, outcome=outcome, by=by, note=note, call_back_at=call_back_at, reason=reason)
