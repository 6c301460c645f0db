"""Makes what tests need, through the same models the product uses. Every name is invented."""

from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone

import booking
from booking import gate, taking
from booking.taking import Agreed
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor, staff, system
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from patients.actions import register, representations
from patients.choices import Channel, DocumentKind, Relation
from patients.data import PersonData, PowerData, RepresentativeData, Seen
from patients.demandable import Demandable
from patients.models import Patient, Representation
from scheduling.choices import ServiceKind
from scheduling.models import Appointment, Doctor, Location, Room, Service, Shift, Slot, Specialty
from waitlist.models import SlotOffer, WaitlistEntry
from waitlist.wishes import WishData
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind
from worklist.models import Task

_number = count(1)
MOSCOW = ZoneInfo("Europe/Moscow")
TEST: Actor = system("test")
PASSPORT = Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT)


def user(role: str = Role.REGISTRAR, **columns) -> User:
    number = next(_number)
    columns = {"last_name": "Тестова", "first_name": "Вера", "patronymic": "Ильинична"} | columns
    return User.objects.create_user(username=f"{role}{number}", password="parol-12345", role=role, **columns)


def actor(role: str = Role.REGISTRAR) -> Actor:
    return staff(user(role))


def location() -> Location:
    return Location.objects.first() or Location.objects.create(
        name="Медилуна", address="Санкт-Петербург, ул. Лунная, д. 7", timezone="Europe/Moscow"
    )


def room(name: str = "") -> Room:
    return Room.objects.create(location=location(), name=name or f"каб. {next(_number)}")


def specialty(name: str = "Дерматология", doctor_title: str = "дерматолог") -> Specialty:
    return Specialty.objects.create(slug=f"specialty-{next(_number)}", name=name, doctor_title=doctor_title)


def service(of: Specialty | None = None, *, minutes: int = 30, name: str = "Приём дерматолога", **columns) -> Service:
    return Service.objects.create(
        specialty=of or specialty(), name=name, kind=ServiceKind.VISIT, minutes=minutes, price=2400, **columns
    )


def doctor(*services: Service, **columns) -> Doctor:
    number = next(_number)
    columns = {"last_name": "Белова", "first_name": "Анна", "patronymic": "Сергеевна"} | columns
    made = Doctor.objects.create(slug=f"doctor-{number}", room=room(), **columns)
    made.services.set(services or [service()])
    made.specialties.set({each.specialty for each in made.services.all()})
    return made


def moment(days: int = 1, at: str = "10:00") -> datetime:
    """A wall-clock time in Moscow, `days` from today."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(at), MOSCOW)


def shift(
    of: Doctor, *, days: int = 1, starts: str = "09:00", slots: int = 4, minutes: int = 30, in_room: Room | None = None
) -> Shift:
    """A published shift with its free slots; nothing is announced to the waitlist."""
    starts_at = moment(days, starts)
    made = Shift.objects.create(
        doctor=of,
        room=in_room or of.room,
        date=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes * slots),
        slot_minutes=minutes,
        published_at=timezone.now(),
        published_by=TEST.ref,
    )
    step = timedelta(minutes=minutes)
    Slot.objects.bulk_create(
        Slot(shift=made, doctor=of, starts_at=starts_at + step * n, ends_at=starts_at + step * (n + 1))
        for n in range(slots)
    )
    return made


def slots_of(of: Shift) -> list[Slot]:
    return list(of.slots.order_by("starts_at"))


def person(**columns) -> PersonData:
    columns = {
        "last_name": "Орлова",
        "first_name": "Мария",
        "patronymic": "Ивановна",
        "birth_date": date(1990, 5, 17),
        "phone": f"+7921{next(_number):07d}",
    } | columns
    return PersonData(**columns)


def patient(**columns) -> Patient:
    return register.add(person=person(**columns), by=TEST, allow_namesake=True)


def child(years: int = 6, **columns) -> Patient:
    today = timezone.localdate()
    columns = {"first_name": "Лев", "patronymic": "Петрович", "birth_date": date(today.year - years, 1, 1)} | columns
    return patient(**columns)


def representative(relation: Relation = Relation.PARENT, **columns) -> RepresentativeData:
    mother = {"last_name": "Орлова", "first_name": "Мария", "patronymic": "Ивановна", "phone": "+79210001122"}
    return RepresentativeData(relation=relation, **mother | columns)


def parent_of(
    of: Patient, relation: Relation = Relation.PARENT, power: PowerData | None = None, **columns
) -> Representation:
    return representations.record(patient=of, who=representative(relation, **columns), power=power, by=TEST)


def appointment(slot: Slot | None = None, *, of: Patient | None = None, by: Actor = TEST, **columns) -> Appointment:
    """A booked visit; without a slot, the first of a new doctor's shift tomorrow."""
    slot = slot or slots_of(shift(doctor()))[0]
    columns = {"service": slot.doctor.services.first(), "channel": Channel.REGISTRY} | columns
    return _booked(Agreed(slot=slot.pk, patient=of or patient(), by=by, **columns))


@verb(Kind.MAKE)
def _booked(agreed: Agreed) -> Appointment:
    """By any channel and without papers, which are not the matter of most tests."""
    return taking.without_entry(agreed, but=gate.OF_FOLLOW_UPS)


def wishes(of: Specialty, **columns) -> WishData:
    return WishData(**{"specialty": of, "date_from": timezone.localdate(), "notice_minutes": 0} | columns)


def entry(of: Specialty, *, who: Patient | None = None, **columns) -> WaitlistEntry:
    """A waiting patient, as an operator enters one when nothing suits."""
    return booking.join_waitlist(patient=who or patient(), wishes=wishes(of, **columns), by=TEST, none_suits=True)


def offer(of: WaitlistEntry, slot: Slot, **columns) -> SlotOffer:
    """A time kept for a waiting patient, as matching leaves it, but without the hold on the slot."""
    columns = {"service": slot.doctor.services.first(), "expires_at": slot.starts_at} | columns
    call = task(of=of.patient, subject=of.pk, due_at=slot.starts_at, expires_at=columns["expires_at"])
    return SlotOffer.objects.create(
        entry=of,
        patient=of.patient,
        slot=slot,
        doctor=slot.doctor,
        starts_at=slot.starts_at,
        task=call,
        **columns,
    )


def task(*, phone: str | None = None, of: Patient | None = None, **columns) -> Task:
    """An open task about a patient, due now, in the order in which it is made."""
    of = of or patient()
    now = timezone.now()
    columns = {
        "kind": TaskKind.FREED_TIME,
        "subject": uuid4(),
        "priority": Priority.NORMAL,
        "waiting_since": now,
        "due_at": now + timedelta(days=1),
    } | columns
    made = tasks.open(patient=of.pk, phone=of.phone.as_e164 if phone is None else phone, **columns)
    return Task.objects.get(pk=made.pk)
