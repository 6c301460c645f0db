"""How each verb that makes a visit is called for the same visit, and what it is excused from.

A way is prepared while every rule is kept; what it returns makes the visit after one has been broken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from patients.choices import Channel
from scheduling.choices import CancelReason
from scheduling.errors import HoldLapsed, SlotBlocked, TooYoungForSite
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from tests.booking.t91.world import DAY, World
from waitlist import matching
from waitlist.actions import requests
from waitlist.models import SlotOffer

Making = Callable[[], Appointment]


def agreed(world: World) -> dict:
    return {"slot": world.slot.pk, "service": world.service, "patient": world.patient, "representative": world.who}


def at_desk(world: World) -> Making:
    return lambda: booking.at_desk(**agreed(world), seen=world.seen, follow_up_of=world.earlier, by=world.registrar)


def by_phone(world: World) -> Making:
    return lambda: booking.by_phone(**agreed(world), follow_up_of=world.earlier, by=world.operator)


def by_doctor(world: World) -> Making:
    world._earlier = world._earlier or world.completed()
    return lambda: booking.by_doctor(
        slot=world.slot.pk, service=world.service, follow_up_of=world.earlier, by=make.TEST
    )


def overbook(world: World) -> Making:
    return lambda: booking.overbook(
        patient=world.patient,
        service=world.service,
        doctor=world.doctor,
        room=world.doctor.room,
        starts_at=world.slot.starts_at,
        reason="острая боль",
        channel=world.channel,
        by=world.registrar,
        seen=world.seen,
        representative=world.who,
        follow_up_of=world.earlier,
    )


def move(world: World) -> Making:
    visit = world.booked(days=DAY - 3)
    return partial(booking.move, appointment=visit.pk, to_slot=world.slot.pk, by=world.registrar)


def reinstate(world: World) -> Making:
    visit = make.appointment(
        world.slot,
        service=world.service,
        of=world.patient,
        representative=world.who,
        seen=world.seen,
        follow_up_of=world.earlier,
    )
    booking.cancel(appointment=visit.pk, reason=CancelReason.CLINIC, by=make.TEST)
    return partial(booking.reinstate, appointment=visit.pk, by=world.registrar)


def from_offer(world: World) -> Making:
    make.entry(world.service.specialty, who=world.patient)
    matching.offer_slot(slot=world.slot.pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=world.operator)
    return lambda: booking.from_offer(offer=offer.pk, representative=world.who, by=world.operator)


def from_entry(world: World) -> Making:
    entry = make.entry(world.service.specialty, who=world.patient)
    return lambda: booking.from_entry(
        entry=entry.pk, slot=world.slot.pk, service=world.service, representative=world.who, by=world.operator
    )


def from_request(world: World) -> Making:
    """The visitor's hold has lapsed, so that every rule can be broken."""
    row = requests.hand_over(
        person=world.person,
        representative=make.representative(world.who.relation) if world.who else None,
        wishes=make.wishes(world.service.specialty, service=world.service),
        channel=Channel.SITE,
        by=site_visitor(session="t", ip="203.0.113.7"),
        consent_text="Согласен",
        slot=world.slot.pk,
        held_until=timezone.now(),
    )
    return partial(booking.from_request, request=row.pk, by=world.operator)


def on_site(world: World) -> Making:
    return lambda: booking.on_site(
        slot=world.slot.pk,
        service=world.service.pk,
        person=world.person,
        representative=make.representative(world.who.relation) if world.who else None,
        by=site_visitor(session="t", ip="203.0.113.7"),
        consent_text="Согласен",
        key=uuid4().hex,
        code=None,
    )


WAYS: dict[str, Callable[[World], Making]] = {
    way.__name__: way
    for way in (at_desk, by_doctor, by_phone, from_entry, from_offer, from_request, move, on_site, overbook, reinstate)
}
"""The ways by the names of their verbs."""


WITHOUT_ENTRY = {
    "by_doctor": "nothing is said or shown anew",
    "move": "the visit has its entry",
    "on_site": "nobody of the registry has a part in it",
    "reinstate": "the visit has its entry",
}
"""The ways that write no registry entry (R8), and why."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """A verb does not refuse as the desk would: why, and what becomes of it instead."""

    why: str
    error: type[Exception] | None = None
    """The refusal instead of the desk's; None when the visit is made."""
    possible: bool = True
    """False when the rule cannot be broken before this verb."""


def cannot(why: str) -> Excuse:
    return Excuse(why, possible=False)


NO_PAPERS = Excuse("no papers are shown there; they are seen on the day (R16)")
OWN_CHANNEL = cannot("the channel is the verb's own")
FIRST_ALONE = cannot("it has no earlier visit to name: it books first visits")
IN_THE_ROOM = Excuse("the doctor has the patient in the room: gate.SKIPPED_FOR_FOLLOW_UPS")
KEPT = cannot("the offer keeps the time")

EXCUSED: dict[tuple[str, str], Excuse] = {
    ("at_desk", "channel"): OWN_CHANNEL,
    ("by_phone", "channel"): OWN_CHANNEL,
    ("by_phone", "papers"): NO_PAPERS,
    ("by_phone", "power of attorney"): NO_PAPERS,
    ("by_doctor", "channel"): OWN_CHANNEL,
    ("by_doctor", "papers"): NO_PAPERS,
    ("by_doctor", "power of attorney"): IN_THE_ROOM,
    ("by_doctor", "child alone"): IN_THE_ROOM,
    ("by_doctor", "representation"): IN_THE_ROOM,
    ("overbook", "taken"): Excuse("that somebody has the time is what overbooking excuses"),
    ("overbook", "unpublished"): Excuse("it names a time and no slot, and says that it is closed", SlotBlocked),
    ("move", "channel"): cannot("a visit stays what it was booked as: gate.SKIPPED_FOR_MOVES"),
    ("move", "papers"): Excuse("they were shown when the visit was booked"),
    ("reinstate", "channel"): cannot("a visit stays what it was booked as: gate.SKIPPED_FOR_MOVES"),
    ("reinstate", "papers"): Excuse("they were shown when the visit was booked"),
    ("from_offer", "channel"): OWN_CHANNEL,
    ("from_offer", "papers"): NO_PAPERS,
    ("from_offer", "power of attorney"): NO_PAPERS,
    ("from_offer", "earlier visit"): FIRST_ALONE,
    ("from_offer", "taken"): KEPT,
    ("from_offer", "closed by hand"): KEPT,
    ("from_offer", "unpublished"): KEPT,
    ("from_entry", "channel"): OWN_CHANNEL,
    ("from_entry", "papers"): NO_PAPERS,
    ("from_entry", "power of attorney"): NO_PAPERS,
    ("from_entry", "earlier visit"): FIRST_ALONE,
    ("from_request", "channel"): OWN_CHANNEL,
    ("from_request", "papers"): NO_PAPERS,
    ("from_request", "power of attorney"): NO_PAPERS,
    ("from_request", "representation"): Excuse("who acts was typed, by word of mouth"),
    ("from_request", "child alone"): cannot("the birth date stays as it was typed"),
    ("from_request", "earlier visit"): FIRST_ALONE,
    ("from_request", "taken"): Excuse("the time had been kept for the visitor", HoldLapsed),
    ("on_site", "channel"): OWN_CHANNEL,
    ("on_site", "papers"): NO_PAPERS,
    ("on_site", "power of attorney"): NO_PAPERS,
    ("on_site", "representation"): Excuse("who acts is typed anew, by word of mouth"),
    ("on_site", "child alone"): Excuse("the site tells them to phone before it asks who acts", TooYoungForSite),
    ("on_site", "earlier visit"): FIRST_ALONE,
}
