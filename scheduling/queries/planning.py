"""Previews what publishing would make of the weekly rules: shifts and their slots (R10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from foundation.clock import WallTime, day_bounds, on_wall, wall_time
from scheduling.models import Absence, Doctor, Shift, ShiftRule
from scheduling.queries.schedule import absences_of

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift that the rules give, before it is published; `clash` is the published shift in its way."""

    rule: ShiftRule
    date: date
    starts_at: datetime
    ends_at: datetime
    clash: Shift | None = None
    published: bool = False

    @property
    def local_start(self) -> WallTime:
        return on_wall(self.starts_at, self.rule.room.location.timezone)

    @property
    def local_end(self) -> WallTime:
        return on_wall(self.ends_at, self.rule.room.location.timezone)

    @property
    def slot_count(self) -> int:
        return sum(1 for _ in cells(self.starts_at, self.ends_at, self.rule.slot_minutes))


def preview(*, doctor: Doctor, first_day: date, last_day: date) -> list[PlannedShift]:
    """Returns the shifts that publishing these days would make, those published already, and those that clash."""
    rules = list(doctor.shift_rules.select_related("room__location").order_by("weekday", "starts"))
    away = absences_of(doctor, *day_bounds(first_day - DAY, last_day + DAY))
    in_term = (shift for day in _days(first_day, last_day) for shift in _on(day, rules))
    planned = [shift for shift in in_term if not any(_covers(absence, shift) for absence in away)]
    if not planned:
        return []
    rooms = {shift.rule.room_id for shift in planned}
    around = Shift.objects.filter(Q(doctor=doctor) | Q(room__in=rooms)).filter(
        starts_at__lt=max(shift.ends_at for shift in planned),
        ends_at__gt=min(shift.starts_at for shift in planned),
        date__range=(first_day - timedelta(days=1), last_day),
    )
    existing = list(around.select_related("doctor", "room__location"))
    return [_compared(shift, existing, doctor) for shift in planned]


def cells(starts_at: datetime, ends_at: datetime, minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """Returns the whole slots that fit; a remainder shorter than a slot stays out."""
    length = timedelta(minutes=minutes)
    while starts_at + length <= ends_at:
        yield starts_at, starts_at + length
        starts_at += length


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _covers(absence: Absence, shift: PlannedShift) -> bool:
    """Whether nothing of the shift is left: then it is not published. Of another the touched times are closed."""
    room = shift.rule.room
    whose = absence.room_id in (None, room.pk) and absence.location_id in (None, room.location_id)
    return whose and absence.starts_at <= shift.starts_at and shift.ends_at <= absence.ends_at


def _on(day: date, rules: Sequence[ShiftRule]) -> Iterator[PlannedShift]:
    for rule in rules:
        in_term = rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)
        if rule.weekday == day.isoweekday() and in_term:
            zone = rule.room.location.timezone
            yield PlannedShift(rule, day, wall_time(day, rule.starts, zone=zone), wall_time(day, rule.ends, zone=zone))


def _compared(plan: PlannedShift, existing: Sequence[Shift], doctor: Doctor) -> PlannedShift:
    for shift in existing:
        if shift.starts_at < plan.ends_at and plan.starts_at < shift.ends_at:
            same = (
                shift.doctor_id == doctor.pk
                and shift.room_id == plan.rule.room_id
                and (shift.starts_at, shift.ends_at) == (plan.starts_at, plan.ends_at)
            )
            if same:
                return PlannedShift(plan.rule, plan.date, plan.starts_at, plan.ends_at, published=True)
            if shift.doctor_id == doctor.pk or shift.room_id == plan.rule.room_id:
                return PlannedShift(plan.rule, plan.date, plan.starts_at, plan.ends_at, clash=shift)
    return plan
