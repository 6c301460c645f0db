"""Reads of the day's screens."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Coalesce

from foundation.clock import WallTime, on_wall
from foundation.database import clock
from scheduling.choices import UPCOMING, AppointmentStatus
from scheduling.models import Appointment, Doctor, Service, Shift, Slot
from scheduling.queries import openness
from scheduling.queries.local_days import ZONE, within

NOBODY = Value(False, output_field=BooleanField())
SHORTEST = Coalesce(
    Subquery(
        Service.objects.filter(doctors=OuterRef("doctor"), active=True)
        .order_by()
        .values("doctors")
        .annotate(shortest=Min("minutes"))
        .values("shortest")
    ),
    0,
)
STRANDED = RawSQL(openness.strands("scheduling_appointment"), [], output_field=BooleanField())


class DayShift(NamedTuple):
    starts_at: WallTime
    ends_at: WallTime
    room: str


class DaySlot(NamedTuple):
    doctor_id: UUID
    shift_id: UUID
    pk: UUID
    starts_at: WallTime
    ends_at: WallTime
    absence_kind: str | None
    """Why the time is closed, with what was noted; None when it is open."""
    absence_note: str | None
    hold_owner: str
    hold_reason: str
    held_until: WallTime | None


class DayVisit(NamedTuple):
    doctor_id: UUID
    pk: UUID
    starts_at: WallTime
    ends_at: WallTime
    status: str
    visit_kind: str
    overbooked: bool
    confirmed_at: datetime | None
    patient: UUID
    stranded: bool
    """True when an absence touches the visit, whose patient is to be told."""
    refused: bool
    """True when the rules no longer allow the visit, as whoever asks for the day knows."""
    last_name: str
    first_name: str


@dataclass(slots=True)
class DoctorDay:
    """One column of the day grid; rows and not models, because a full screen is drawn every few seconds."""

    doctor: Doctor
    shortest: int
    """Minutes of the shortest service that the doctor gives; zero when none is on the price list."""
    shifts: list[DayShift] = field(default_factory=list)
    slots: list[DaySlot] = field(default_factory=list)
    visits: list[DayVisit] = field(default_factory=list)


def appointments_of_day(day: date) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(within(day))
        .select_related("patient", "service", "doctor", "room__location", "representation")
        .order_by("starts_at")
    )


def doctor_days(
    day: date,
    *,
    filled: int,
    specialty: UUID | None = None,
    doctors: list[UUID] | None = None,
    refused: Combinable = NOBODY,
) -> list[DoctorDay]:
    """Returns the doctors who work that day with their shifts, in three queries whatever their number.

    The first `filled` doctors also have their visits and the slots left beside them. `refused` is the condition of a
    visit that the rules no longer allow, which stands above this room.
    """
    shifts = Shift.objects.filter(date=day).select_related("doctor", "room__location").annotate(shortest=SHORTEST)
    shifts = shifts.order_by("doctor__search_name", "doctor_id", "starts_at")
    if specialty:
        shifts = shifts.filter(doctor__specialties=specialty)
    if doctors:
        shifts = shifts.filter(doctor__in=doctors)
    columns: dict[UUID, DoctorDay] = {}
    worked: dict[UUID, str] = {}
    """The zones of the shifts."""
    for shift in shifts:
        column = columns.setdefault(shift.doctor_id, DoctorDay(shift.doctor, shift.shortest))
        column.shifts.append(DayShift(shift.local_start, shift.local_end, shift.room.name))
        if len(columns) <= filled:
            worked[shift.pk] = shift.room.location.timezone
    if not columns:
        return []
    slots = Slot.objects.filter(appointment=None, shift__in=worked)
    why_closed = {"absence_kind": F("absence__kind"), "absence_note": F("absence__note")}
    named = [name for name in DaySlot._fields if name not in why_closed]
    for slot in slots.order_by("starts_at").values(*named, **why_closed):
        columns[slot["doctor_id"]].slots.append(DaySlot(**_on_wall(slot, worked[slot["shift_id"]])))
    visits = Appointment.objects.filter(within(day), doctor__in=list(columns)[:filled]).order_by(
        "starts_at", "overbooked", "pk"
    )
    names = {"last_name": F("patient__last_name"), "first_name": F("patient__first_name")}
    for visit in visits.values(*DayVisit._fields[:-4], **names, stranded=STRANDED, refused=refused, zone=ZONE):
        columns[visit["doctor_id"]].visits.append(DayVisit(**_on_wall(visit, visit.pop("zone"))))
    return list(columns.values())


def free_by_day(
    first: date, last: date, *, specialty: UUID | None = None, doctors: list[UUID] | None = None
) -> dict[date, int]:
    """Returns how many times are free on each day from the first to the last; a day without one is left out."""
    now = clock.now()
    free = Slot.objects.free(now).filter(starts_at__gte=now, shift__date__range=(first, last))
    if specialty:
        free = free.filter(doctor__specialties=specialty)
    if doctors:
        free = free.filter(doctor__in=doctors)
    return dict(free.order_by().values_list("shift__date").annotate(times=Count("pk")))


def _on_wall(row: dict[str, Any], zone: str) -> dict[str, Any]:
    moments = ("starts_at", "ends_at", "held_until")
    return row | {name: on_wall(row[name], zone) for name in moments if row.get(name)}


def doctor_appointments(doctor: Doctor, day: date) -> QuerySet[Appointment]:
    """Returns the doctor's own list of a day."""
    return appointments_of_day(day).filter(doctor=doctor)


def with_facts(appointment_id: UUID) -> Appointment | None:
    """Returns one appointment with everything a confirmation tells (R13)."""
    return (
        Appointment.objects.select_related(
            "patient", "representation", "doctor", "service__specialty", "room__location", "follow_up_of"
        )
        .filter(pk=appointment_id)
        .first()
    )


def visits_with_people(ids: Iterable[UUID]) -> QuerySet[Appointment]:
    """Returns these visits with who comes, to whom and for what."""
    related = ("patient", "representation", "doctor", "service", "room__location")
    return Appointment.objects.filter(pk__in=list(ids)).select_related(*related)


def history_of(patient_id: UUID) -> QuerySet[Appointment]:
    return (
        Appointment.objects.filter(patient=patient_id)
        .select_related("doctor", "service", "room__location")
        .order_by("-starts_at")
    )


def coming_visits(patient_id: UUID, *, but: UUID | None = None) -> QuerySet[Appointment]:
    """Returns the visits that the patient has ahead, the nearest first, without the one that is looked at."""
    ahead = history_of(patient_id).filter(status__in=UPCOMING, starts_at__gt=clock.now()).order_by("starts_at")
    return ahead.exclude(pk=but) if but else ahead


def done_since(patient_id: UUID, moment: datetime) -> QuerySet[Appointment]:
    """Returns the visits that took place since then, the last first: a follow-up may name them."""
    return history_of(patient_id).filter(
        status=AppointmentStatus.FULFILLED, starts_at__gte=moment, starts_at__lt=clock.now()
    )


def visits_beside_a_booking(patient_id: UUID, specialties: Iterable[UUID]) -> QuerySet[Appointment]:
    """Returns the visits ahead and those that a follow-up may name, in one statement."""
    ahead = Q(status__in=UPCOMING, starts_at__gt=clock.now())
    done = Q(status=AppointmentStatus.FULFILLED, starts_at__lt=clock.now(), service__specialty__in=list(specialties))
    return history_of(patient_id).filter(ahead | done)
