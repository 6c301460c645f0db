"""The doctor whom everybody wants, a colleague, and people who can want a slot again in every round."""

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

import booking
from bench import bookable, people, stage
from bench.waiting import BENCH
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from patients.models import Patient
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, Slot
from standalone.speech import Refusal
from waitlist import matching
from waitlist.choices import OfferState
from waitlist.models import SlotOffer
from waitlist.wishes import WishData
from worklist.choices import Priority
from worklist.models import Claim

MINUTES = 15
DAYS_AHEAD, DAYS = 4, 60
"""Far enough for an offer whose calls begin tomorrow."""
HOURS = (time(8), time(20))
STAFF = 8
EARLY = 480
"""Slots of the wanted doctor for the visits that follow-ups follow; the races are about later ones."""


class Call(NamedTuple):
    offer: UUID
    session: str


class World:
    def __init__(self) -> None:
        self.service = stage.service(minutes=MINUTES)
        self.wanted = stage.doctor(self.service, last_name="Желанная")
        self.colleague = stage.doctor(self.service, last_name="Соседняя")
        first = timezone.localdate() + timedelta(days=DAYS_AHEAD)
        mine, theirs = (
            stage.publish(who, minutes=MINUTES, first=first, days=DAYS, hours=HOURS)
            for who in (self.wanted, self.colleague)
        )
        self.times = frozenset(str(slot.pk) for slot in (*mine, *theirs))
        self.doctor_session = people.signed_in_doctor(self.wanted)
        self._early, self._later, self._theirs = iter(mine[:EARLY]), iter(mine[EARLY:]), iter(theirs)
        self._idle = bookable.idle_patients()
        self._pools: dict[str, list] = {}
        self._operators = 0

    def next_slot(self) -> Slot:
        return _next(self._later)

    def patients(self, purpose: str, number: int) -> list[UUID]:
        """Returns the same patients again and again: a loser has lost nothing, a winner has a visit at another time."""
        return self._grown(f"patients {purpose}", number, lambda: _next(self._idle))

    def movers(self, purpose: str, number: int) -> list[UUID]:
        """Visits to the colleague, or wherever former rounds have moved them to."""
        return self._grown(f"movers {purpose}", number, lambda: self._booked(_next(self._theirs)).pk)

    def seen_before(self, number: int) -> list[UUID]:
        return self._grown("seen", number, self._seen)

    def staff(self, role: Role) -> list[str]:
        """Sessions of several people, who work side by side."""
        numbers = iter(range(STAFF))
        return self._grown(f"staff {role}", STAFF, lambda: people.signed_in(role, number=next(numbers)))

    def calls(self, number: int) -> list[Call]:
        """Returns calls of operators with a patient on the line, who was offered a time of the colleague."""
        open_offers = SlotOffer.objects.filter(
            state=OfferState.OPEN,
            expires_at__gt=timezone.now() + timedelta(minutes=3),
            task__claim_key__in=Claim.objects.values("key"),
        )
        still = set(open_offers.values_list("pk", flat=True))
        self._pools["calls"] = [call for call in self._pools.get("calls", []) if call.offer in still]
        return self._grown("calls", number, lambda: self.call_about(_next(self._theirs)))

    def call_about(self, slot: Slot) -> Call:
        """Puts a patient on the waitlist, offers them this time and rings them up."""
        wishes = WishData(specialty=self.service.specialty, date_from=timezone.localdate(), priority=Priority.URGENT)
        patient = Patient.objects.get(pk=_next(self._idle))
        entry = booking.join_waitlist(patient=patient, wishes=wishes, by=BENCH, none_suits=True)
        matching.offer_slot(slot=slot.pk)
        offer = SlotOffer.objects.get(slot=slot, state=OfferState.PROPOSED)
        if offer.entry_id != entry.pk:
            raise Refusal(f"Время предложено не тому: {offer}")
        self._operators += 1
        operator = people.member(Role.OPERATOR, number=1000 + self._operators)
        booking.claim_task(task=offer.task_id, by=staff(operator))
        return Call(offer.pk, people.session_of(operator))

    def _seen(self) -> UUID:
        booked = self._booked(_next(self._early))
        # It is ahead, so no verb completes it.
        Appointment.objects.filter(pk=booked.pk).update(status=AppointmentStatus.FULFILLED)
        return booked.pk

    def _booked(self, slot: Slot) -> Appointment:
        patient = Patient.objects.get(pk=_next(self._idle))
        return booking.by_phone(slot=slot.pk, patient=patient, service=self.service, by=BENCH)

    def _grown(self, name: str, number: int, make: Callable) -> list:
        pool = self._pools.setdefault(name, [])
        while len(pool) < number:
            pool.append(make())
        return pool[:number]


def _next(supply: Iterator[Any]) -> Any:
    found = next(supply, None)
    if found is None:
        raise Refusal("Времён или пациентов не хватает на столько гонок. Возьмите меньше: --rounds")
    return found
