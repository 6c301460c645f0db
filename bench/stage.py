"""A specialty of the bench's own, with doctors whose times are published by the product itself."""

from datetime import date, time, timedelta

from django.utils import timezone
from uuid_utils.compat import uuid7

import booking
from bench.waiting import BENCH
from scheduling.choices import ServiceKind
from scheduling.models import Doctor, Location, Room, Service, ShiftRule, Slot, Specialty


def service(*, minutes: int) -> Service:
    key = uuid7().hex[-12:]
    specialty = Specialty.objects.create(slug=f"bench-{key}", name="Замер", doctor_title="замер")
    return Service.objects.create(
        specialty=specialty, name="Приём", kind=ServiceKind.VISIT, minutes=minutes, price=1000
    )


def doctor(offered: Service, *, last_name: str) -> Doctor:
    key = uuid7().hex[-12:]
    room = Room.objects.create(location=Location.objects.all()[0], name=f"bench-{key}")
    made = Doctor.objects.create(slug=f"bench-{key}", last_name=last_name, first_name="Вера", room=room)
    made.specialties.add(offered.specialty)
    made.services.add(offered)
    return made


def publish(who: Doctor, *, minutes: int, first: date, days: int, hours: tuple[time, time]) -> list[Slot]:
    """Publishes every day of the week and returns the slots in order of time."""
    room = Room.objects.get(doctor=who)
    for weekday in range(1, 8):
        ShiftRule.objects.create(
            doctor=who,
            room=room,
            weekday=weekday,
            starts=hours[0],
            ends=hours[1],
            slot_minutes=minutes,
            valid_from=timezone.localdate(),
        )
    booking.publish(doctor=who, first_day=first, last_day=first + timedelta(days=days - 1), by=BENCH)
    return list(Slot.objects.filter(doctor=who).order_by("starts_at"))
