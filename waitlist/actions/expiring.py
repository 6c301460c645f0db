"""Waits that end: the staff asks before, and an entry about which nobody answered is closed with a reason (W18)."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor, system
from foundation.audit import trail
from foundation.clock import day_bounds
from foundation.database import clock
from waitlist import lasting
from waitlist.actions import calls, entries
from waitlist.choices import OPEN, EntryState
from waitlist.models import WaitlistEntry
from waitlist.numbers import number_of
from worklist import queries as worklist
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind, TaskState
from worklist.models import Task

EXPIRY = system("expiry")
SWEEP = "waitlist.expire"
A_DAY = timedelta(days=1)
BATCH = 500
"""How many entries one run asks about, and how many it closes."""


def ask() -> int:
    """Opens a task for each wait that ends soon, or has ended unasked; returns how many."""
    asked = Task.objects.filter(kind=TaskKind.EXPIRING, state=TaskState.OPEN, subject=OuterRef("pk"))
    ending = WaitlistEntry.objects.filter(state__in=OPEN, waits_until__lte=lasting.last_day_to_ask())
    found = list(ending.exclude(Exists(asked)).select_related("patient", "representation").order_by("pk")[:BATCH])
    for entry in found:
        _open_task(entry)
    return len(found)


def close_over() -> int:
    """Closes entries whose wait has ended and about which nobody answered; returns how many.

    One that was asked about late has as many days to answer as any other; a person on the phone is not cut off, and
    whoever has been offered a time answers that first.
    """
    return sum(_close_over(entry) for entry in _over()[:BATCH])


def not_reached(*, entry: UUID, by: Actor) -> None:
    """Puts the question off: nobody answered, or nobody knows another number yet. Raises NotClaimed."""
    now = clock.now()
    if asked := worklist.open_about(kind=TaskKind.EXPIRING, subject=entry):
        again = now + timedelta(minutes=settings.CALL_RETRY_MINUTES)
        calls.put_off(task=asked.pk, outcome="no_answer", not_before=again, by=by)
        return
    unknown = worklist.open_about(kind=TaskKind.FIND_NUMBER, subject=entry)
    calls.put_off(task=unknown.pk if unknown else entry, outcome="not_found", not_before=now + A_DAY, by=by)


def wait_on(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Lets a patient wait on who has said so, without a last wished day. Raises EntryClosed.

    What was said is taken from whoever heard it: no claim is needed.
    """
    row = entries.locked(entry)
    row.state = EntryState.WAITING if row.state == EntryState.UNREACHABLE else row.state
    row.date_until, row.attempts = None, 0
    row.save(update_fields=["state", "date_until", "attempts"])
    entries.wait_from_now(row, by=by)
    trail.record(by=by, action="waitlist.waits_on", patient=row.patient_id, object_ref=str(entry))
    return row


def _open_task(entry: WaitlistEntry) -> None:
    if entry.waits_until is None:
        return
    tasks.open(
        kind=TaskKind.EXPIRING,
        subject=entry.pk,
        patient=entry.patient_id,
        phone=number_of(entry),
        priority=Priority(entry.priority),
        waiting_since=entry.arrived_at,
        due_at=day_bounds(entry.waits_until)[1],
        unless_open=True,
    )


def _over() -> list[UUID]:
    since = clock.now() - timedelta(days=settings.WAITLIST_ASK_DAYS)
    asked = worklist.queue(kinds=[TaskKind.EXPIRING]).filter(created_at__lte=since, claimed_by=None)
    over = WaitlistEntry.objects.filter(state__in=(EntryState.WAITING, EntryState.UNREACHABLE))
    return list(
        over.filter(waits_until__lt=lasting.today(), pk__in=asked.order_by().values("subject")).values_list(
            "pk", flat=True
        )
    )


@transaction.atomic
def _close_over(entry: UUID) -> bool:
    row = WaitlistEntry.objects.select_for_update(skip_locked=True).filter(pk=entry).first()
    if row is None or row.waits_until is None or row.waits_until >= lasting.today():
        return False
    if row.state not in (EntryState.WAITING, EntryState.UNREACHABLE):
        return False
    entries.close_removed(row, reason=_("The wait was over, and nobody answered whether it goes on."), by=EXPIRY)
    return True
