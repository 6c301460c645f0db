"""Wishes of those who took no time and did not want to wait: nobody is phoned about them, the head counts them."""

from foundation.accounts.actors import Actor
from foundation.audit import trail
from patients.choices import Channel
from patients.models import Patient
from waitlist.choices import UnmetReason
from waitlist.models import UnmetWish
from waitlist.wishes import WishData


def record(*, patient: Patient | None, wishes: WishData, reason: UnmetReason, channel: Channel, by: Actor) -> UnmetWish:
    """Writes down that nothing suited, whatever is free now: it is the person's word."""
    wish = UnmetWish.objects.create(
        patient=patient,
        reason=reason,
        channel=channel,
        created_by=by.ref,
        created_by_name=by.name,
        **wishes.columns(),
    )
    who = patient.pk if patient else None
    trail.record(by=by, action="waitlist.unmet", patient=who, object_ref=str(wish.pk), reason=reason)
    return wish
