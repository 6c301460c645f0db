"""Even wishes: each time fits each person of its specialty by a throw of its own, as in the model.

No wish says that. Whom a time does not fit has declined it before, so that the product passes them over itself.
"""

from collections.abc import Collection
from random import Random

from back_office.simulation.clinic import VISITOR
from back_office.simulation.people import EVEN, Waiting
from foundation.database import clock
from scheduling.models import Slot
from waitlist.choices import OfferState
from waitlist.models import SlotOffer, WaitlistEntry
from worklist.choices import TaskKind, TaskState
from worklist.models import Task


class EvenWishes:
    """Throws for each pair of a person and a freed time."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance

    def throw(self, people: Collection[Waiting], slots: Collection[Slot]) -> None:
        """Writes whom which of these times does not fit."""
        pairs = [(person, slot) for person in people for slot in slots if self._chance.random() >= EVEN]
        asked = [self._declined(person, slot) for person, slot in pairs]
        Task.objects.bulk_create([offer.task for offer in asked])
        SlotOffer.objects.bulk_create(asked)

    def _declined(self, person: Waiting, slot: Slot) -> SlotOffer:
        now = clock.now()
        entry = WaitlistEntry(pk=person.entry, patient_id=person.patient)
        task = Task(
            kind=TaskKind.FREED_TIME,
            subject=person.entry,
            patient_id=person.patient,
            waiting_since=now,
            due_at=slot.starts_at,
            state=TaskState.DROPPED,
            closed_at=now,
            closed_by=VISITOR.ref,
        )
        return SlotOffer(
            entry=entry,
            patient_id=person.patient,
            slot=slot,
            doctor_id=slot.doctor_id,
            service=person.rows.service,
            task=task,
            starts_at=slot.starts_at,
            state=OfferState.DECLINED,
            expires_at=now,
            ended_at=now,
        )
