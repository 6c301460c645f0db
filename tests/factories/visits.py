"""Factories of visits, as the registry books them."""

from collections.abc import Sequence
from datetime import date, timedelta

import factory
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Role
from patients.ages import OWN_PASSPORT, age_on
from patients.choices import Channel, DocumentKind, Relation
from patients.data import RepresentativeData, Seen
from patients.demandable import Demandable, applicant_for, demandable
from patients.models import Patient, Representation
from scheduling.models import Appointment, Slot
from tests.factories.actors import TEST, actor
from tests.factories.people import PatientFactory, RepresentativeFactory
from tests.factories.timetable import doctor, shift, slots_of

PASSPORT = Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT)
BIRTH_CERTIFICATE = Seen(document=Demandable.BIRTH_CERTIFICATE, kind=DocumentKind.BIRTH_CERTIFICATE)
PAPERS = {
    Demandable.IDENTITY: PASSPORT,
    Demandable.BIRTH_CERTIFICATE: BIRTH_CERTIFICATE,
    Demandable.POWER_OF_ATTORNEY: Seen(document=Demandable.POWER_OF_ATTORNEY),
}


class AppointmentFactory(factory.Factory[Appointment]):
    """A visit booked at the desk, where a child comes with the mother and all show what the matrix asks for."""

    class Meta:
        model = Appointment

    class Params:
        day = factory.LazyAttribute(lambda made: timezone.localtime(made.slot.starts_at).date())

    slot = factory.LazyFunction(lambda: slots_of(shift(doctor()))[0])
    service = factory.LazyAttribute(lambda made: made.slot.doctor.services.first())
    patient = factory.SubFactory(PatientFactory)
    representative = factory.LazyAttribute(lambda made: mother_of_small(made.patient, made.day))
    seen = factory.LazyAttribute(lambda made: papers_of(made.patient, made.representative, made.day))
    by = TEST

    @classmethod
    def _create(cls, model: type[Appointment], *, slot: Slot, **agreed: object) -> Appointment:
        return booking.at_desk(slot=slot.pk, **agreed)


def mother_of_small(patient: Patient, day: date) -> RepresentativeData | None:
    return RepresentativeFactory() if age_on(patient.birth_date, day) < OWN_PASSPORT else None


def papers_of(patient: Patient, who: Representation | RepresentativeData | None, day: date) -> Sequence[Seen]:
    relation = Relation(who.relation) if who else None
    applicant = applicant_for(birth_date=patient.birth_date, day=day, relation=relation)
    return [PAPERS[document] for document in demandable(channel=Channel.REGISTRY, applicant=applicant)]


def appointment(slot: Slot | None = None, *, of: Patient | None = None, **agreed: object) -> Appointment:
    """Makes a booked visit; without a slot, on the first of a new doctor's shift tomorrow."""
    given = {"slot": slot, "patient": of}
    return AppointmentFactory(**{name: value for name, value in given.items() if value}, **agreed)


def overbooked(busy: Appointment, *, minutes: int = 0, **agreed: object) -> Appointment:
    """Books another patient by phone over a visit, so many minutes after its start."""
    case = {
        "patient": PatientFactory(),
        "service": busy.service,
        "doctor": busy.doctor,
        "room": busy.room,
        "starts_at": busy.starts_at + timedelta(minutes=minutes),
        "reason": "острая боль",
        "channel": Channel.PHONE,
        "by": actor(Role.REGISTRAR),
    }
    return booking.overbook(**case | agreed)


def seen(visit: Appointment, by: Actor = TEST) -> Appointment:
    """Takes a booked visit through its day: the patient has come and is seen."""
    with time_machine.travel(visit.starts_at):
        booking.check_in(appointment=visit.pk, by=by)
        return booking.finish(appointment=visit.pk, by=by)


def follow_up(slot: Slot, *, of: Appointment) -> Appointment:
    """Makes a follow-up booked by the doctor after the visit `of`."""
    return booking.by_doctor(slot=slot.pk, service=of.service, follow_up_of=of, by=TEST)
