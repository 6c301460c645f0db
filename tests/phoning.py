"""What an operator does with the queue, in the tests: a call about a free time is named by its offer."""

from uuid import UUID

import booking
from foundation.accounts.actors import Actor
from waitlist.models import SlotOffer
from worklist.models import Task


def claim_next(*, by: Actor) -> SlotOffer | None:
    task = booking.claim_next_task(by=by)
    return offer_of(task) if task else None


def claim(*, offer: UUID, by: Actor) -> SlotOffer:
    return offer_of(booking.claim_task(task=_task(offer), by=by))


def keep_alive(*, offer: UUID, by: Actor) -> bool:
    return booking.keep_task(task=_task(offer), by=by)


def give_back(*, offer: UUID, by: Actor) -> None:
    booking.give_task_back(task=_task(offer), by=by)


def offer_of(task: Task) -> SlotOffer:
    return SlotOffer.objects.select_related("task", "slot", "entry", "patient").get(task=task)


def task_of(subject: UUID) -> UUID:
    """Returns the open task about this subject: a request without a code, a wait that ends."""
    return Task.objects.values_list("pk", flat=True).get(subject=subject, state="open")


def _task(offer: UUID) -> UUID:
    return SlotOffer.objects.values_list("task", flat=True).get(pk=offer)
