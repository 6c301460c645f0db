"""The desk and the contact centre phone patients whose visits an absence strands (S04) or that no longer hold.

What was agreed is `move` or `cancel`, which end the task as well; a visit that no absence strands may also stay.
"""

from datetime import datetime
from uuid import UUID

from booking import holding
from booking.choices import PAUSES, RebookOutcome
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.database import clock
from scheduling.actions import visits
from scheduling.errors import TimeHasAbsence
from scheduling.models import Appointment
from scheduling.queries import openness
from waitlist import call_backs
from waitlist.actions import calls
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import TaskKind
from worklist.errors import NotClaimed
from worklist.models import Task


@verb(Kind.BESIDE)
def finish_rebooking_call(
    *, task: UUID, outcome: RebookOutcome, by: Actor, call_back_at: datetime | None = None
) -> None:
    """Records a call in which nothing was agreed: the task rests and comes again.

    Raises CallBackTimeNeeded, NobodyPhonesThen, NotClaimed.
    """
    now, promised = clock.now(), outcome == RebookOutcome.CALL_BACK
    if promised:
        call_backs.check(call_back_at, now=now)
    again_at = call_back_at or now + PAUSES[outcome]
    calls.put_off(task=task, outcome=outcome, not_before=again_at, promised=promised, by=by)


@verb(Kind.BESIDE)
def leave_as_is(*, task: UUID, note: str, by: Actor) -> None:
    """Ends a call after which the visit stays as it is although the rules refuse it today; the note says why.

    It is no task again until another rule refuses it. The same step again by the same person changes nothing. Raises
    TimeHasAbsence where an absence strands the visit, KeepReasonNeeded, StepNotAllowed, NotClaimed.
    """
    if Task.objects.filter(pk=task, outcome=RebookOutcome.KEPT, closed_by=by.ref).exists():
        return
    subject = worklist.claimed_tasks(by=by).filter(pk=task, kind=TaskKind.REBOOK).values("subject")
    visit = Appointment.objects.filter(pk__in=subject).first()
    if visit is None:
        raise NotClaimed
    if openness.is_stranded(visit):
        raise TimeHasAbsence
    refused = holding.broken(Appointment.objects.filter(pk=visit.pk))
    codes = [why.code for each in refused for why in each.refusals]
    visits.keep(appointment=visit.pk, in_spite_of=codes, note=note, by=by)
    tasks.finish(task=task, outcome=RebookOutcome.KEPT, by=by)
