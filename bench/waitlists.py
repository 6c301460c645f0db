"""A long waitlist beside the seeded one: as many as wait for one specialty, all alike in one respect."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from uuid_utils.compat import uuid7

from foundation.clock import day_start
from scheduling.choices import ServiceKind
from scheduling.models import Doctor, Location, Room, Service, Shift, Slot, Specialty
from waitlist.models import WaitlistEntry

DAYS_AHEAD = 7
"""Farther than anybody's notice."""


@dataclass(frozen=True)
class Case:
    """A waitlist of one kind. `columns`: what its entries want, as SQL; `ages`: whom the doctor sees."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    ages: tuple[int, int] = (0, 150)


OTHER_DOCTOR = f"ARRAY['{uuid7()}'::uuid]"
CASES = (
    Case("подходит многим"),
    Case("подходит троим последним", {"doctor_ids": f"CASE WHEN last > 3 THEN {OTHER_DOCTOR} ELSE '{{}}' END"}),
    Case("никому: часы", {"time_from": "'18:00'", "time_until": "'19:30'"}),
    Case("никому: дни недели", {"weekdays": "ARRAY[6, 7]"}),
    Case("никому: срок", {"date_from": "current_date + 300", "date_until": "NULL"}),
    Case("никому: врач", {"doctor_ids": OTHER_DOCTOR}),
    Case("никому: возраст", ages=(140, 150)),
)


def freed_slot(case: Case) -> UUID:
    """Makes a free slot of a new doctor, for which as many wait as for the longest of the seeded specialties."""
    key = uuid7().hex[-12:]
    specialty = Specialty.objects.create(slug=f"bench-{key}", name=case.name, doctor_title=case.name)
    service = Service.objects.create(
        specialty=specialty, name=case.name, kind=ServiceKind.VISIT, minutes=30, price=1000
    )
    room = Room.objects.create(location=Location.objects.all()[0], name=f"bench-{key}")
    doctor = Doctor.objects.create(
        slug=f"bench-{key}",
        last_name="Замерова",
        first_name="Вера",
        room=room,
        min_age=case.ages[0],
        max_age=case.ages[1],
    )
    doctor.specialties.add(specialty)
    doctor.services.add(service)
    copy_entries(specialty, case)
    return slot_of(doctor, room).pk


def slot_of(doctor: Doctor, room: Room) -> Slot:
    """Makes a slot on a weekday of next week at 10:00."""
    day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    starts_at = day_start(day) + timedelta(hours=10)
    times = {"doctor": doctor, "starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30)}
    shift = Shift.objects.create(
        room=room,
        date=day,
        slot_minutes=30,
        published_at=timezone.now(),
        published_by="system:bench",
        **times,
    )
    return Slot.objects.create(shift=shift, **times)


def copy_entries(specialty: Specialty, case: Case) -> None:
    """Copies the seeded entries of the longest waitlist; `last` numbers them from the last in line."""
    own = [str(one.column) for one in WaitlistEntry._meta.concrete_fields if not one.generated]
    columns = {name: f"entry.{name}" for name in own}
    columns |= {"id": "gen_random_uuid()", "specialty_id": "%(to)s", "service_id": "NULL", **case.columns}
    if "date_from" not in case.columns:
        columns |= {"date_from": "current_date", "date_until": "NULL"}
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO waitlist_waitlistentry ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
            "FROM (SELECT *, row_number() OVER (ORDER BY priority DESC, arrived_at DESC) AS last "
            "FROM waitlist_waitlistentry WHERE state = 'waiting' AND specialty_id = %(from)s) entry",
            {"to": specialty.pk, "from": longest()},
        )


def longest() -> UUID:
    """Returns the seeded specialty for which most people wait."""
    waiting = WaitlistEntry.objects.filter(state="waiting").exclude(specialty__slug__startswith="bench-")
    return waiting.order_by().values("specialty").annotate(n=Count("pk")).order_by("-n")[0]["specialty"]
