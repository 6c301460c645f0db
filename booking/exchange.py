"""A telephone exchange tells of calls; whoever was answered by nobody is phoned back within a quarter of an hour."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from booking.choices import MissedOutcome
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor, system
from foundation.audit import trail
from foundation.changes import as_text
from foundation.database import clock
from foundation.database.locks import advisory_lock
from scheduling.models import Appointment
from telephony.actions import exchange_calls
from telephony.choices import Event
from telephony.data import Told
from telephony.models import ExchangeCall
from telephony.queries import calls
from waitlist import calling_hours
from waitlist.actions import calls as waitlist
from worklist import queries as worklist
from worklist.actions import claims, tasks
from worklist.choices import Priority, TaskKind, TaskState
from worklist.errors import NotClaimed
from worklist.models import Task

SWEEP = system("exchange")
WITHIN = timedelta(minutes=15)
"""Whoever was missed is phoned back so soon."""
AGAIN = timedelta(minutes=30)
KEPT = timedelta(days=2)
"""Whoever could not be phoned back for so long is let be."""


@verb(Kind.BESIDE)
def report_call(*, told: Told, by: Actor) -> UUID:
    """Writes what the exchange tells of a call and returns its key; the same told again changes nothing."""
    call = exchange_calls.write(told)
    number = as_text(call.number)
    if number and told.event in (Event.MISSED, Event.ANSWERED):
        advisory_lock(f"missed:{number}")
        if call.missed_at:
            _open(call, number)
        elif call.answered_at:
            _close(number, until=call.answered_at, by=by, outcome=MissedOutcome.CALLED_AGAIN)
    return call.pk


@verb(Kind.BESIDE)
def finish_missed_call(*, task: UUID, outcome: MissedOutcome, by: Actor) -> None:
    """Records how the call back ended; whoever did not answer is phoned again later.

    It is accepted whatever became of the claim, for a task that is still open. Raises NotClaimed where somebody else
    has the number.
    """
    row = Task.objects.filter(pk=task, kind=TaskKind.MISSED_CALL, state=TaskState.OPEN).first()
    if row is None:
        return
    if outcome == MissedOutcome.NO_ANSWER:
        again_at = calling_hours.next_call(clock.now() + AGAIN)
        waitlist.put_off(task=task, outcome=outcome, not_before=again_at, by=by)
        return
    if worklist.claimed_by_another(task=row, by=by):
        raise NotClaimed
    tasks.close(task=task, outcome=outcome, attempted=True, by=by)
    claims.end_if_done(task=task, by=by)


@verb(Kind.BESIDE)
def settle_missed_calls() -> int:
    """Closes calls back for which there is no reason any more and returns how many.

    The number has called again and was answered, a visit was booked for somebody at it, or it was too long ago.
    """
    now = clock.now()
    return sum(_settle(task, now) for task in Task.objects.filter(kind=TaskKind.MISSED_CALL, state=TaskState.OPEN))


@verb(Kind.BESIDE)
def open_recording(*, call: UUID, by: Actor) -> str:
    """Returns the link to the recording of a call and writes down who has asked for it; empty when there is none."""
    link = ExchangeCall.objects.filter(pk=call).values_list("recording_link", flat=True).first() or ""
    if link:
        trail.record(by=by, action="recording.opened", object_ref=str(call))
    return link


def _open(call: ExchangeCall, number: str) -> None:
    """Makes a task of the call unless there is one for the number, or somebody has answered it since."""
    missed_at = call.missed_at
    there = Task.objects.filter(kind=TaskKind.MISSED_CALL, phone=number, state=TaskState.OPEN)
    told_before = Task.objects.filter(kind=TaskKind.MISSED_CALL, subject=call.pk)
    if missed_at is None or there.exists() or told_before.exists():
        return
    if calls.answered_since(number=number, moment=missed_at):
        return
    begins = calling_hours.next_call(clock.now())
    tasks.open(
        kind=TaskKind.MISSED_CALL,
        subject=call.pk,
        patient=None,
        phone=number,
        priority=Priority.NORMAL,
        waiting_since=missed_at,
        due_at=begins + WITHIN,
        not_before=begins if begins > clock.now() else None,
        unless_open=True,
    )


def _settle(task: Task, now: datetime) -> int:
    number, since = as_text(task.phone), task.waiting_since
    if calls.answered_since(number=number, moment=since):
        return _close_one(task, MissedOutcome.CALLED_AGAIN)
    booked = Appointment.objects.filter(Q(patient__phone=number) | Q(representation__phone=number))
    if booked.filter(created_at__gt=since).exists():
        return _close_one(task, MissedOutcome.BOOKED)
    return _close_one(task, "") if since < now - KEPT else 0


def _close_one(task: Task, outcome: str) -> int:
    return tasks.close_about(kind=TaskKind.MISSED_CALL, subjects=[task.subject], by=SWEEP, outcome=outcome)


def _close(number: str, *, until: datetime, by: Actor, outcome: str) -> None:
    there = Task.objects.filter(kind=TaskKind.MISSED_CALL, phone=number, state=TaskState.OPEN, waiting_since__lt=until)
    subjects = list(there.values_list("subject", flat=True))
    tasks.close_about(kind=TaskKind.MISSED_CALL, subjects=subjects, by=by, outcome=outcome)
