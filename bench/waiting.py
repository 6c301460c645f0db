"""Visits whose cancellation is waited for: each slot has one patient in it and one who wants just that doctor."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone

import booking
from bench.bookable import Chance
from foundation.accounts.actors import system
from patients.actions import register
from patients.data import PersonData
from patients.models import Patient
from scheduling.models import Slot
from waitlist.wishes import WishData
from worklist.choices import Priority

BENCH = system("bench")
ANY_HOURS = {"CALL_HOURS": "00:00-24:00,00:00-24:00", "UNDO_SECONDS": "0", "PROPOSALS_AT_LEAST": "100000"}
"""The clinic phones at any time and steps have no grace: neither the night nor that wait is what is measured.

Nobody makes the calls either, and yet each next one is proposed.
"""


def booked_and_wanted(chances: Sequence[Chance]) -> list[UUID]:
    """Makes the appointments to be cancelled and returns their ids."""
    slots = Slot.objects.in_bulk([chance.slot for chance in chances])
    return [_one(chance, slots[chance.slot]) for chance in chances]


def _one(chance: Chance, slot: Slot) -> UUID:
    made = booking.by_phone(
        slot=chance.slot, patient=Patient.objects.get(pk=chance.patient), service=chance.service, by=BENCH
    )
    person = PersonData(last_name="Ждунова", first_name="Лука", birth_date=date(1990, 5, 17), phone="+79990000000")
    wishes = WishData(
        specialty=chance.service.specialty,
        doctor_ids=(slot.doctor_id,),
        date_from=timezone.localdate(),
        notice_minutes=0,
        priority=Priority.URGENT,
    )
    waits = register.add(person=person, by=BENCH, allow_namesake=True)
    booking.join_waitlist(patient=waits, wishes=wishes, by=BENCH, none_suits=True)
    return made.pk
