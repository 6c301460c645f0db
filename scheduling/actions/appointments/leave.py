"""Frees the time that an appointment leaves: at once, or after the grace in which the step can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from foundation.accounts.actors import Actor
from scheduling.actions import messages, slots
from scheduling.choices import ReleaseReason
from scheduling.models import Appointment, Slot
from scheduling.way_back import Back


def leave(
    visit: Appointment,
    run: Sequence[Slot],
    *,
    reason: ReleaseReason,
    by: Actor,
    back: Back | None,
    stays_on: Sequence[UUID] = (),
) -> Back | None:
    """Takes the locked slots from the visit; call it before the messages about the visit are withdrawn.

    Returns the way back with the slots that are held for it, with those that a moved visit `stays_on`, and with those
    messages.
    """
    hold = slots.leave(run, reason=reason, by=by, until=back.until if back else None)
    if back is None:
        return None
    was_on = [*stays_on, *(slot.pk for slot in run)]
    return replace(back, slots=was_on, hold=hold, withdrawn=messages.not_delivered(visit))
