"""The head ends the call of somebody else for a reason: a browser was left open, or the person has gone."""

from datetime import datetime
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.audit import trail
from worklist.errors import CallOver, TakeReasonNeeded
from worklist.models import Claim, TakenCall, Task


def take(*, claim: UUID, reason: str, by: Actor) -> TakenCall:
    """Ends the claim, so that its tasks are due again; the same press again changes nothing.

    Raises TakeReasonNeeded, CallOver.
    """
    if not reason.strip():
        raise TakeReasonNeeded
    row = Claim.objects.select_for_update().filter(pk=claim).first()
    if before := TakenCall.objects.filter(pk=claim, by=by.ref).first():
        return before
    if row is None:
        raise CallOver
    taken = TakenCall.objects.create(
        pk=row.pk, key=row.key, taken_from=row.by, by=by.ref, by_name=by.name, reason=reason.strip()
    )
    row.delete()
    patient = Task.objects.filter(claim_key=taken.key, patient__isnull=False).values_list("patient", flat=True).last()
    trail.record(by=by, action="task.taken_over", patient=patient, object_ref=taken.taken_from, reason=taken.reason)
    return taken


def forget(*, before: datetime) -> int:
    """Forgets calls that were taken before this moment and returns how many."""
    return TakenCall.objects.filter(at__lt=before).delete()[0]
