"""Visits at the desk, by phone and from the doctor's room, through every step and status."""

from datetime import timedelta
from functools import partial
from itertools import cycle

import time_machine

import booking
from foundation.clock import day_of
from patients.actions import representations
from patients.choices import (
    BIRTH_CERTIFICATES,
    IDENTITY_DOCUMENTS,
    Channel,
    DocumentKind,
    OfferedPaper,
    Relation,
    SeenAs,
)
from patients.data import OtherAdult, RepresentativeData, Seen
from patients.demandable import Demandable
from patients.models import Patient, Representation
from patients.queries.papers import missing
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from tests.upgrade.life.clinic import FRIDAY, SATURDAY, THURSDAY, TUESDAY, WEDNESDAY, Clinic, first_service

FIRST_KIND = {
    Demandable.IDENTITY: DocumentKind.RF_PASSPORT,
    Demandable.BIRTH_CERTIFICATE: DocumentKind.BIRTH_CERTIFICATE,
}
KINDS = cycle(IDENTITY_DOCUMENTS)
CERTIFICATES = cycle(BIRTH_CERTIFICATES)
SEEN_AS = cycle(SeenAs)
NUMBERS = iter(range(1, 1000))


def fill_the_book(clinic: Clinic) -> None:
    """Books a third of the days that will be over, and all that is left of one doctor's second week."""
    for slug in ("belova", "kim"):
        for number, slot in enumerate(clinic.free(slug, 0, TUESDAY, after="12:00")[::3]):
            if number % 2:
                clinic.book(slot)
            else:
                clinic.book(slot, channel=Channel.REGISTRY, seen=[identity()])
    for slot in clinic.free("zorin", WEDNESDAY, SATURDAY, after="12:00"):
        clinic.book(slot)
    clinic.book(clinic.free("belova", WEDNESDAY, WEDNESDAY)[0])


def identity(kind: DocumentKind | None = None) -> Seen:
    """Returns a document whose series is zeros; one of seven has no number at all."""
    number = next(NUMBERS)
    text = f"0000 {number:06d}" if number % 7 else ""
    return Seen(document=Demandable.IDENTITY, kind=kind or next(KINDS), seen_as=next(SEEN_AS), number=text)


def bring_children(clinic: Clinic) -> None:
    """Books children, each with a representative: papers at the desk, none by phone."""
    slots = iter(clinic.free("zhuravleva", THURSDAY, FRIDAY)[::2])
    *acting, last = sorted(clinic.people.representations.values(), key=lambda one: one.relation == Relation.PARENT)[:17]
    for number, one in enumerate(acting):
        if number % 4 == 3:
            clinic.book(next(slots), patient=one.patient, representative=one)
        else:
            desk = {"channel": Channel.REGISTRY, "seen": _papers_of(one)}
            clinic.book(next(slots), patient=one.patient, representative=one, **desk)
    for relation in (Relation.ADOPTER, Relation.TRUSTEE):
        clinic.book(next(slots), patient=last.patient, representative=_also_acts(clinic, last.patient, relation))
    _for_another_adult(clinic)


def _papers_of(acting: Representation) -> list[Seen]:
    birth = Seen(document=Demandable.BIRTH_CERTIFICATE, kind=next(CERTIFICATES), number=f"I-АА {next(NUMBERS):06d}")
    shown = [identity(DocumentKind.RF_PASSPORT), birth]
    if acting.relation == Relation.ATTORNEY:
        shown.append(Seen(document=Demandable.POWER_OF_ATTORNEY, seen_as=SeenAs.CERTIFIED_COPY))
    return shown


def _also_acts(clinic: Clinic, child: Patient, relation: Relation) -> Representation:
    name = {"last_name": "Доверова", "first_name": "Вера", "patronymic": "Львовна", "phone": "+79000009901"}
    who = RepresentativeData(relation=relation, **name)
    return representations.record(patient=child, who=who, by=clinic.by["operator"])


def _for_another_adult(clinic: Clinic) -> None:
    """Books for another adult, where no papers may be asked for; the second document of a kind replaces the first."""
    slots = clinic.free("kim", FRIDAY, FRIDAY)
    for slot, paper in zip(slots[0:6:2], OfferedPaper, strict=True):
        daughter = OtherAdult(name="Доверова Вера Львовна", acts_as="дочь", paper=paper)
        clinic.book(slot, channel=Channel.REGISTRY, for_other=daughter)
    patient = next(clinic.adults)
    for slot, number in zip(slots[6:10:2], ("0000 900001", "0000 900002"), strict=True):
        seen = Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number=number)
        clinic.book(slot, patient=patient, channel=Channel.REGISTRY, seen=[seen])


def live_day(clinic: Clinic, number: int) -> None:
    """Lives a day: of ten visits one is cancelled the evening before, one patient does not come, the rest are seen."""
    booked = Appointment.objects.filter(status=AppointmentStatus.BOOKED, starts_at__date=clinic.day(number))
    for place, visit in enumerate(booked.order_by("starts_at")):
        if place % 10 == 4:
            _at(visit, hours=-15, do=clinic.cancel)
        elif place % 10 == 7:
            _step(visit, booking.mark_noshow, clinic, "registrar", minutes=20)
        else:
            _see(visit, clinic)


def _see(visit: Appointment, clinic: Clinic) -> None:
    _step(visit, booking.mark_informed, clinic, "operator", minutes=-18 * 60)
    _step(visit, booking.confirm, clinic, "operator", minutes=-17 * 60)
    _receive(visit, clinic)
    own = visit.doctor_id == clinic.doctors["belova"].pk  # the others leave it to the desk
    _step(visit, booking.start, clinic, "doctor" if own else "registrar", minutes=1)
    _step(visit, booking.finish, clinic, "doctor" if own else "registrar", minutes=25)


def _receive(visit: Appointment, clinic: Clinic) -> None:
    """The desk sees the papers that were not seen before; no power of attorney is missing in this story."""
    lacking = missing(day_of(visit.starts_at), patient=visit.patient, representation=visit.representation)
    seen = [Seen(document=document, kind=FIRST_KIND[document]) for document in lacking]
    check_in = partial(booking.check_in, seen=seen)
    _step(visit, check_in, clinic, "registrar", minutes=-6)


def _step(visit: Appointment, step, clinic: Clinic, who: str, *, minutes: int) -> None:
    _at(visit, minutes=minutes, do=lambda row: step(appointment=row.pk, by=clinic.by[who]))


def _at(visit: Appointment, *, do, **since_start: int) -> None:
    with time_machine.travel(visit.starts_at + timedelta(**since_start)):
        do(visit)


def come_again(clinic: Clinic) -> None:
    """Books follow-ups: from the doctor's room, and one by phone."""
    seen = Appointment.objects.filter(status=AppointmentStatus.FULFILLED, doctor=clinic.doctors["belova"])
    slots = clinic.free("belova", FRIDAY, FRIDAY)
    for slot, earlier in zip(slots[:4], seen.order_by("starts_at"), strict=False):
        booking.by_doctor(slot=slot.pk, service=earlier.service, follow_up_of=earlier, by=clinic.by["doctor"])
    last = seen.order_by("starts_at").last()
    clinic.book(slots[4], patient=last.patient, follow_up_of=last)


def change_minds(clinic: Clinic) -> None:
    """Moves visits, books one in error and one over a busy time."""
    wrong, *moved = (clinic.book(slot) for slot in clinic.free("belova", SATURDAY, SATURDAY)[:5])
    for visit, slot in zip(moved, clinic.free("belova", FRIDAY, FRIDAY)[-4:], strict=True):
        booking.move(appointment=visit.pk, to_slot=slot.pk, by=clinic.by["operator"], reason="Просьба пациента")
    booking.enter_in_error(appointment=wrong.pk, by=clinic.by["registrar"], note="Не тот пациент")
    zorin = clinic.doctors["zorin"]
    booking.overbook(
        patient=next(clinic.adults),
        service=first_service(zorin),
        doctor=zorin,
        room=zorin.room,
        starts_at=clinic.moment(THURSDAY, "12:00"),
        reason="Острая боль, согласовано с врачом",
        channel=Channel.REGISTRY,
        seen=[Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT)],
        by=clinic.by["registrar"],
    )


def undo_at_once(clinic: Clinic) -> None:
    """Takes a booking out again before anything has followed from it."""
    with clinic.at(TUESDAY, "16:00"):
        wrong = clinic.book(clinic.free("belova", SATURDAY, SATURDAY)[0])
        booking.undo(appointment=wrong.pk, step="booked", by=clinic.by["operator"])


def this_morning(clinic: Clinic) -> None:
    """Leaves visits of the dump's day: seen already, with the doctor, waiting in the corridor."""
    with clinic.at(TUESDAY, "17:00"):
        first, second, coming = (clinic.book(slot) for slot in clinic.free("zorin", WEDNESDAY, WEDNESDAY)[:3])
    _see(first, clinic)
    _receive(second, clinic)
    _step(second, booking.start, clinic, "registrar", minutes=1)
    with clinic.at(WEDNESDAY, "11:05"):
        shown = [Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT)]
        booking.check_in(appointment=coming.pk, by=clinic.by["registrar"], seen=shown)
