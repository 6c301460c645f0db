"""These presenters hold what the doctor's own pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from back_office.forms.doctor import WEEKS, FollowUpForm, MyDayForm
from foundation.clock import WallTime, on_wall, today_on
from foundation.drafts.errors import sentence_of
from foundation.wording import lasting_time, spoken_day
from patients.ages import age_on
from patients.instructions import VisitInstructions
from scheduling.choices import AppointmentStatus as Status
from scheduling.instructions import instructions_of
from scheduling.models import Appointment, Doctor
from scheduling.queries import replica_availability
from scheduling.queries.day import coming_visits, doctor_appointments
from scheduling.queries.read_models import FreeSlot
from scheduling.wishes import TimeWishes

NOT_SHOWN = (Status.CANCELLED, Status.ENTERED_IN_ERROR)
NEXT = (Status.CHECKED_IN, Status.ARRIVED, Status.BOOKED)
"""The patient in the room is next, then those who have arrived, then those who are expected."""


@dataclass(frozen=True, slots=True)
class VisitRow:
    pk: UUID
    patient_id: UUID
    patient: str
    last_name: str
    age: int
    """On the day of the visit."""
    note: str
    starts_at: WallTime
    service: str
    kind: str
    status: str

    @classmethod
    def of(cls, visit: Appointment) -> "VisitRow":
        local = visit.local_start
        return cls(
            pk=visit.pk,
            patient_id=visit.patient_id,
            patient=visit.patient.full_name,
            last_name=visit.patient.last_name,
            age=age_on(visit.patient.birth_date, local.date()),
            note=visit.patient.note,
            starts_at=local,
            service=visit.service.name,
            kind=visit.get_visit_kind_display(),
            status=visit.status,
        )


@dataclass(frozen=True, slots=True)
class MyDayPage:
    form: MyDayForm
    day: date
    is_today: bool
    may_conduct: bool
    rows: list[VisitRow]
    next: VisitRow | None
    done: int
    earlier: date
    later: date

    @classmethod
    def of(cls, doctor: Doctor, form: MyDayForm) -> "MyDayPage":
        """Shows the chosen day, else today: the calendar on the wall of the doctor's usual room says which it is."""
        today = on_wall(timezone.now(), doctor.room.location.timezone if doctor.room else "").date()
        day = form.day or today
        visits = doctor_appointments(doctor, day).exclude(status__in=NOT_SHOWN)
        rows = [VisitRow.of(visit) for visit in visits]
        return cls(
            form=form.as_shown(day),
            day=day,
            is_today=day == today,
            may_conduct=day <= today,
            rows=rows,
            next=_next(rows) if day == today else None,
            done=sum(row.status == Status.FULFILLED for row in rows),
            earlier=day - timedelta(days=1),
            later=day + timedelta(days=1),
        )


@dataclass(frozen=True, slots=True)
class VisitPage:
    """A past visit leads to a follow-up, a coming one shows the four facts to tell (R13)."""

    visit: Appointment
    age: int
    coming: bool
    date: str
    time: str
    told: VisitInstructions
    weeks: Sequence[int]
    follow_ups: Iterable[Appointment]
    others: list[Appointment]
    """The other visits that the patient has ahead, follow-ups of this one apart."""

    @classmethod
    def of(cls, visit: Appointment) -> "VisitPage":
        local = visit.local_start
        return cls(
            visit=visit,
            age=age_on(visit.patient.birth_date, local.date()),
            coming=visit.is_upcoming and visit.starts_at > timezone.now(),
            date=spoken_day(local.date(), today=today_on(local)),
            time=f"{local:%H:%M}",
            told=instructions_of(visit),
            weeks=WEEKS,
            follow_ups=visit.follow_ups.exclude(status__in=NOT_SHOWN).select_related("room__location"),
            others=list(coming_visits(visit.patient_id, but=visit.pk).exclude(follow_up_of=visit)),
        )


@dataclass(frozen=True, slots=True)
class FollowUpPage:
    visit: Appointment
    form: FollowUpForm
    times: list[tuple[FreeSlot, str]]
    """Free starts, each with its words."""
    weeks: Sequence[int]
    key: UUID
    error: str

    @classmethod
    def of(cls, visit: Appointment, form: FollowUpForm, error: object) -> "FollowUpPage":
        return cls(visit, form, _times(visit, form), WEEKS, uuid4(), sentence_of(error))


def _times(visit: Appointment, form: FollowUpForm) -> list[tuple[FreeSlot, str]]:
    """Returns the doctor's own times from so many weeks after the visit on."""
    if not form.is_valid() or not (service := form.cleaned_data["service"]):
        return []
    from_day = visit.local_start.date() + timedelta(weeks=form.cleaned_data["weeks"])
    wishes = TimeWishes(doctor_ids=[visit.doctor_id], date_from=from_day)
    return [
        (slot, lasting_time(slot.local_start)) for slot in replica_availability.nearest(service=service, wishes=wishes)
    ]


def _next(rows: list[VisitRow]) -> VisitRow | None:
    return next((row for status in NEXT for row in rows if row.status == status), None)
