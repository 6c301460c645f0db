"""Every rule of a new visit: how it is broken, and what the desk answers then."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

import booking
from foundation.changes import Changes
from patients.choices import Channel, EndReason, Relation
from patients.errors import DocumentsMissing, PowerOfAttorneyInvalid, RepresentativeNeeded
from scheduling.choices import AppointmentStatus
from scheduling.errors import (
    AgeNotServed,
    FirstVisitNotByDoctor,
    NoEarlierVisit,
    PatientBusy,
    ServiceNotOffered,
    SlotBlocked,
    SlotTaken,
)
from scheduling.models import Appointment, Doctor, Service
from tests import factories as make
from tests.booking.t91.world import DAY, World


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is broken after everything else is right."""

    broken_by: Callable[[World], object]
    error: type[Exception]
    comes: str = "adult"
    follows: bool = False


def doctor(**columns: object) -> Callable[[World], object]:
    return lambda world: Doctor.objects.filter(pk=world.doctor.pk).update(**columns)


def service_ends(world: World) -> None:
    Service.objects.filter(pk=world.service.pk).update(active=False)


def too_young(world: World) -> None:
    """The birth date is put right: the patient, who comes alone, is 13 on the day."""
    younger = Changes({"birth_date": make.born(13, on=world.day)})
    booking.correct_patient(patient=world.patient, changes=younger, by=make.TEST)


def nobody_acts(world: World) -> None:
    today = timezone.localdate()
    booking.end_representation(representation=world.who, last_day=today, reason=EndReason.RIGHTS_ENDED, by=make.TEST)


def shorter_power(world: World) -> None:
    nanny = make.representative(Relation.ATTORNEY)
    booking.represent(patient=world.patient, who=nanny, power=world.power(DAY - 1), by=make.TEST)


def shows_nothing(world: World) -> None:
    world.seen = []


def from_the_doctor(world: World) -> None:
    world.channel = Channel.DOCTOR


def busy_elsewhere(world: World) -> None:
    other = make.slots_of(make.shift(make.doctor(), days=DAY))[0]
    make.appointment(other, of=world.patient)


def never_came(world: World) -> None:
    Appointment.objects.filter(pk=world.earlier.pk).update(status=AppointmentStatus.NOSHOW)


RULES: dict[str, Rule] = {
    "doctor's ages": Rule(doctor(min_age=60), AgeNotServed),
    "age on the day": Rule(doctor(max_age=17), AgeNotServed, comes="of age soon"),
    "doctor's services": Rule(lambda world: world.doctor.services.clear(), ServiceNotOffered),
    "doctor at work": Rule(doctor(active=False), ServiceNotOffered),
    "service given": Rule(service_ends, ServiceNotOffered),
    "child alone": Rule(too_young, RepresentativeNeeded),
    "representation": Rule(nobody_acts, RepresentativeNeeded, comes="child"),
    "power of attorney": Rule(shorter_power, PowerOfAttorneyInvalid, comes="nannied"),
    "papers": Rule(shows_nothing, DocumentsMissing),
    "channel": Rule(from_the_doctor, FirstVisitNotByDoctor),
    "overlap": Rule(busy_elsewhere, PatientBusy),
    "earlier visit": Rule(never_came, NoEarlierVisit, follows=True),
    "taken": Rule(lambda world: make.appointment(world.slot), SlotTaken),
    "absence": Rule(lambda world: make.away(world.doctor, DAY, DAY), SlotBlocked),
    "closed by hand": Rule(lambda world: make.close(world.slot), SlotBlocked),
    "unpublished": Rule(lambda world: booking.withdraw(shift=world.slot.shift, by=make.TEST), SlotTaken),
}
