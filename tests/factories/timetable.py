"""Factories of services, doctors and times."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

import booking
from scheduling.choices import AbsenceKind, ServiceKind
from scheduling.data import AbsenceData
from scheduling.models import Absence, Doctor, Location, Room, Service, Shift, Slot, Specialty
from scheduling.models.absence import Whose
from scheduling.queries.planning import cells
from tests.factories.actors import TEST

MOSCOW = ZoneInfo("Europe/Moscow")


class LocationFactory(DjangoModelFactory[Location]):
    """The one location."""

    class Meta:
        model = Location
        django_get_or_create = ("name",)

    name, address = "Медилуна", "Санкт-Петербург, ул. Лунная, д. 7"
    timezone = "Europe/Moscow"


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    location = factory.LazyFunction(lambda: location())
    name = factory.Sequence(lambda number: f"каб. {number + 1}")


class SpecialtyFactory(DjangoModelFactory[Specialty]):
    class Meta:
        model = Specialty

    slug = factory.Sequence(lambda number: f"specialty-{number}")
    name, doctor_title = "Дерматология", "дерматолог"


class ServiceFactory(DjangoModelFactory[Service]):
    class Meta:
        model = Service

    specialty = factory.SubFactory(SpecialtyFactory)
    name, kind = "Приём дерматолога", ServiceKind.VISIT
    minutes, price = 30, 2400


class DoctorFactory(DjangoModelFactory[Doctor]):
    class Meta:
        model = Doctor
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda number: f"doctor-{number}")
    room = factory.SubFactory(RoomFactory)
    last_name, first_name, patronymic = "Белова", "Анна", "Сергеевна"

    @factory.post_generation
    def gives(self: Doctor, create: bool, services: Sequence[Service] | None) -> None:
        given = services or [service()]
        self.services.set(given)
        self.specialties.set({each.specialty for each in given})


class ShiftFactory(DjangoModelFactory[Shift]):
    """A published shift with its free slots; nothing is announced to the waitlist."""

    class Meta:
        model = Shift
        skip_postgeneration_save = True

    class Params:
        days = 1
        starts = "09:00"
        slots = 4

    doctor = factory.SubFactory(DoctorFactory)
    room = factory.SelfAttribute("doctor.room")
    slot_minutes = 30
    starts_at = factory.LazyAttribute(lambda made: moment(made.days, made.starts))
    ends_at = factory.LazyAttribute(lambda made: made.starts_at + timedelta(minutes=made.slot_minutes * made.slots))
    date = factory.LazyAttribute(lambda made: made.starts_at.date())
    published_at = factory.LazyFunction(timezone.now)
    published_by = TEST.ref

    @factory.post_generation
    def cells(self: Shift, create: bool, _extracted: None) -> None:
        Slot.objects.bulk_create(
            Slot(shift=self, doctor=self.doctor, starts_at=starts_at, ends_at=ends_at)
            for starts_at, ends_at in cells(self.starts_at, self.ends_at, self.slot_minutes)
        )


def location() -> Location:
    return Location.objects.first() or LocationFactory()


def room(name: str = "") -> Room:
    return RoomFactory(name=name) if name else RoomFactory()


def specialty(name: str = "Дерматология", doctor_title: str = "дерматолог") -> Specialty:
    return SpecialtyFactory(name=name, doctor_title=doctor_title)


def service(of: Specialty | None = None, **columns: object) -> Service:
    return ServiceFactory(**({"specialty": of} if of else {}), **columns)


def doctor(*services: Service, **columns: object) -> Doctor:
    return DoctorFactory(gives=services, **columns)


def moment(days: int = 1, at: str = "10:00") -> datetime:
    """Returns a wall-clock time in Moscow, `days` from today."""
    day = timezone.localdate() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(at), MOSCOW)


def shift(of: Doctor, *, minutes: int = 30, in_room: Room | None = None, **plan: object) -> Shift:
    """Makes a shift `days` from today from `starts` on the wall, of so many `slots` of so many `minutes`."""
    return ShiftFactory(doctor=of, slot_minutes=minutes, room=in_room or of.room, **plan)


def slots_of(of: Shift) -> list[Slot]:
    return list(of.slots.order_by("starts_at"))


def away(
    of: Doctor | None = None, first: int = 1, last: int = 3, *, kind: AbsenceKind = AbsenceKind.LEAVE, **more: object
) -> Absence:
    """Whole days, counted from today. Without a doctor and a `room` or `location` of its own it is everybody's."""
    return absence(of, moment(first, "00:00"), moment(last + 1, "00:00"), kind=kind, **more)


def absence(
    of: Doctor | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    kind: AbsenceKind = AbsenceKind.SICK,
    note: str = "",
    **place: object,
) -> Absence:
    data = AbsenceData(whose=Whose(of, **place), kind=kind, starts_at=starts_at, ends_at=ends_at, note=note)
    return booking.add_absence(data=data, by=TEST)


def close(*slots: Slot, reason: str = "обучение") -> None:
    """By hand."""
    booking.block(slots=[slot.pk for slot in slots], reason=reason, by=TEST)
