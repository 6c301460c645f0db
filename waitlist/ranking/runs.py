"""Finds what can begin around a freed slot: runs of free slots that contain it."""

from datetime import datetime, timedelta
from uuid import UUID

from scheduling.choices import HoldReason
from scheduling.models import Slot
from waitlist.ranking.freed import FreedSlot
from waitlist.ranking.services import GivenService, Runs


def runs_with(around: FreedSlot, *, now: datetime) -> list[Runs]:
    """Returns the services that fit at each start whose run of free slots contains the freed one, with their slots.

    A service longer than a slot may begin before the freed slot, when what precedes it is free as well.
    """
    freed, stretch = around.freed, _free_stretch(around, now)
    found: list[Runs] = []
    for first, start in enumerate(stretch):
        if start.starts_at > freed.starts_at:
            break
        fitting: Runs = {service: run for service in around.services if (run := _run(stretch[first:], service, freed))}
        if fitting:
            found.append(fitting)
    return found


def _free_stretch(around: FreedSlot, now: datetime) -> list[Slot]:
    """Returns the unbroken row of free slots around the freed one."""
    stretch: list[Slot] = []
    for slot in around.near:
        free = slot.starts_at > now and is_free(slot, now, kept_for=around.freed.hold_token)
        free = free and slot.pk not in around.offered
        joined = not stretch or stretch[-1].ends_at == slot.starts_at
        if not free or not joined:
            if around.freed in stretch:
                break
            stretch = []
        if free:
            stretch.append(slot)
    return stretch


def _run(stretch: list[Slot], service: GivenService, freed: Slot) -> list[Slot]:
    """Returns the slots that `service` takes from the first on; empty when it is too long or misses the freed one."""
    until = stretch[0].starts_at + timedelta(minutes=service.minutes)
    run = [slot for slot in stretch if slot.starts_at < until]
    return run if run[-1].ends_at >= until and freed in run else []


def is_free(slot: Slot, now: datetime, *, kept_for: UUID | None = None) -> bool:
    """Tells whether the slot can be offered; the first refusal of the waitlist keeps it for the waitlist.

    `kept_for` is the token of that refusal: the slots of a visit that was given back are kept together.
    """
    own = kept_for if slot.hold_reason == HoldReason.REFUSAL else None
    return slot.appointment_id is None and slot.absence_id is None and not slot.held_against(own, now)
