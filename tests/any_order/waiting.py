"""Deeds about those who wait and those who are phoned, and what happens by itself."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

import booking
from booking.choices import RebookOutcome
from foundation.accounts.actors import Actor
from foundation.changes import Changes
from scheduling.actions import slots
from tests import factories as make
from tests.any_order.visits import person
from tests.any_order.world import World
from waitlist import at_once, matching
from waitlist.actions import offers
from waitlist.choices import DECLINED, CallOutcome, DeclineReason
from waitlist.wishes import WishData

OUTCOMES = [outcome for outcome in CallOutcome if outcome != CallOutcome.BOOKED]
REASONS = [None, *DeclineReason]
NOT_AGREED = [outcome for outcome in RebookOutcome if outcome not in ("moved", "cancelled", "kept")]


def wishes(world: World, number: int) -> WishData:
    """Wishes for anything, for one doctor, for a long service, for tomorrow."""
    doctors = (world.doctors[0].pk,) if number % 4 == 1 else ()
    tomorrow = timezone.localdate() + timedelta(days=1)
    chosen = {"date_from": tomorrow} if number % 4 == 3 else {}
    service = world.services[1] if number % 4 == 2 else None
    return make.wishes(world.services[0].specialty, service=service, doctor_ids=doctors, **chosen)


def join_waitlist(world: World, first: int, second: int) -> None:
    patient = world.patients[first % 4]
    booking.join_waitlist(
        patient=patient,
        wishes=wishes(world, second),
        representation=world.mother_of(patient),
        none_suits=first % 3 > 0,
        by=world.operators[0],
    )


def change_wishes(world: World, first: int, second: int) -> None:
    new = Changes(wishes(world, second).columns())
    booking.change_wishes(entry=world.entry(first).pk, changes=new, by=world.operators[0])


def wait_again(world: World, first: int, second: int) -> None:
    booking.wait_again(entry=world.entry(first).pk, by=world.operators[0])


def wait_for_earlier(world: World, first: int, second: int) -> None:
    booking.wait_for_earlier(appointment=world.visit(first).pk, by=[*world.operators, world.desk[0]][second % 3])


def remove_entry(world: World, first: int, second: int) -> None:
    booking.remove_entry(entry=world.entry(first).pk, reason="передумал", by=world.operators[second % 2])


def hand_over(world: World, first: int, second: int) -> None:
    patient = world.patients[first % 4]
    who = make.representative() if world.mother_of(patient) else None
    booking.hand_over(
        person=person(patient),
        wishes=wishes(world, second),
        channel="site",
        representative=who,
        by=world.visitors[0],
    )


def enter_request(world: World, first: int, second: int) -> None:
    booking.enter_request(request=world.request(first).pk, by=world.operators[0])


def close_request(world: World, first: int, second: int) -> None:
    booking.close_request(request=world.request(first).pk, by=world.operators[0])


def finish_call(world: World, first: int, second: int) -> None:
    """Every outcome but a yes, with a time to call back; a no with each reason, or without one."""
    offer, outcome = world.offer(first), OUTCOMES[second % len(OUTCOMES)]
    again = timezone.now() + timedelta(minutes=30)
    reason = REASONS[first % len(REASONS)] if outcome in DECLINED else None
    by = world.operators[second % 2]
    booking.finish_call(offer=offer.pk, outcome=outcome, call_back_at=again, reason=reason, by=by)


def from_offer(world: World, first: int, second: int) -> None:
    booking.from_offer(offer=world.offer(first).pk, by=world.operators[second % 2])


def from_entry(world: World, first: int, second: int) -> None:
    booking.from_entry(
        entry=world.entry(first).pk,
        slot=world.slot(second).pk,
        service=world.services[first % 2],
        by=world.operators[second % 2],
    )


def claim_next_task(world: World, first: int, second: int) -> None:
    booking.claim_next_task(by=_staff(world, first))


def claim_task(world: World, first: int, second: int) -> None:
    booking.claim_task(task=_call(world, first), by=_staff(world, second))


def keep_task(world: World, first: int, second: int) -> None:
    booking.keep_task(task=_call(world, first), by=_staff(world, second))


def give_task_back(world: World, first: int, second: int) -> None:
    booking.give_task_back(task=_call(world, first), by=_staff(world, second))


def _call(world: World, number: int) -> UUID:
    """A call about a free time, or about a visit."""
    return world.offer(number).task_id if number % 2 else world.task(number).pk


def _staff(world: World, number: int) -> Actor:
    return [*world.operators, world.desk[0]][number % 3]


def finish_rebooking_call(world: World, first: int, second: int) -> None:
    outcome, again = NOT_AGREED[second % len(NOT_AGREED)], timezone.now() + timedelta(minutes=30)
    by = world.desk[first % 2]
    booking.finish_rebooking_call(task=world.task(first).pk, outcome=outcome, call_back_at=again, by=by)


def leave_as_is(world: World, first: int, second: int) -> None:
    """Refused, as each of these visits has lost its time."""
    booking.leave_as_is(task=world.task(first).pk, note="придёт", by=world.desk[second % 2])


def match(world: World, first: int, second: int) -> None:
    """What was freed is offered, and what nobody announced is found."""
    if first % 2:
        at_once.reconcile()
    matching.match_freed()


def lapse(world: World, first: int, second: int) -> None:
    """The sweeps of every minute."""
    slots.release_lapsed()
    offers.return_lapsed()
