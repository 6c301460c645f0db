"""`schedule.preview(...)`, `schedule.publish(...)`: from weekly rules to shifts and slots (R10)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.db_errors import translate_db_errors
from scheduling.errors import ShiftConflict, StepNotAllowed
from scheduling.models import Doctor, Room, ScheduleException, Shift, ShiftRule, Slot


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift that the rules give, before it is published. `clash` is the published shift in its way."""

    rule: ShiftRule
    date: date
    starts_at: datetime
    ends_at: datetime
    clash: Shift | None = None
    published: bool = False

    @property
    def slot_count(self) -> int:
        return sum(1 for _ in cells(self.starts_at, self.ends_at, self.rule.slot_minutes))


def preview(*, doctor: Doctor, first_day: date, last_day: date) -> list[PlannedShift]:
    """What publishing these days would make: new shifts, those published already, and those that clash."""
    rules = list(doctor.shift_rules.select_related("room__location").order_by("weekday", "starts"))
    away = list(ScheduleException.objects.filter(doctor=doctor, first_day__lte=last_day, last_day__gte=first_day))
    planned = [shift for day in _days(first_day, last_day) for shift in _on(day, rules, away)]
    if not planned:
        return []
    rooms = {shift.rule.room_id for shift in planned}
    around = Shift.objects.filter(Q(doctor=doctor) | Q(room__in=rooms)).filter(
        starts_at__lt=max(shift.ends_at for shift in planned),
        ends_at__gt=min(shift.starts_at for shift in planned),
        date__range=(first_day - timedelta(days=1), last_day),
    )
    existing = list(around.select_related("doctor", "room"))
    return [_compared(shift, existing, doctor) for shift in planned]


@translate_db_errors
@transaction.atomic
def publish(*, doctor: Doctor, first_day: date, last_day: date, by: Actor) -> list[Shift]:
    """Publishes what the rules give and is not there yet; its slots become free, and the waitlist hears of them.

    Raises ShiftConflict that names every clash; then nothing is published.
    """
    Doctor.objects.select_for_update(no_key=True).get(pk=doctor.pk)  # the same form sent twice publishes once
    planned = preview(doctor=doctor, first_day=first_day, last_day=last_day)
    if conflicts := [clash_in_words(shift) for shift in planned if shift.clash]:
        raise ShiftConflict(conflicts)
    now = timezone.now()
    shifts = [
        Shift(
            doctor=doctor,
            room=plan.rule.room,
            rule=plan.rule,
            date=plan.date,
            starts_at=plan.starts_at,
            ends_at=plan.ends_at,
            slot_minutes=plan.rule.slot_minutes,
            published_at=now,
            published_by=by.ref,
        )
        for plan in planned
        if not plan.published
    ]
    try:
        Shift.objects.bulk_create(shifts)
    except IntegrityError as error:  # somebody published into the same room meanwhile, or rules overlap each other
        raise ShiftConflict([]) from error
    made = Slot.objects.bulk_create(slot for shift in shifts for slot in _slots_of(shift))
    slots.announce(made, reason=ReleaseReason.PUBLISHED)
    trail.record(
        by=by,
        action="schedule.published",
        object_ref=str(doctor.pk),
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        shifts=len(shifts),
        slots=len(made),
    )
    return shifts


@translate_db_errors
@transaction.atomic
def block(*, slot_ids: Sequence, reason: str, by: Actor) -> int:
    """Closes free slots for booking («обучение»). Booked or held ones raise StepNotAllowed."""
    run = slots.lock(slot_ids)
    now = timezone.now()
    if any(slot.appointment_id or slot.held_against(None, now) for slot in run):
        raise StepNotAllowed
    changed = Slot.objects.filter(pk__in=[slot.pk for slot in run]).update(
        blocked=True, block_reason=reason[:100], **slots.NO_HOLD
    )
    trail.record(by=by, action="slots.blocked", slots=[str(slot.pk) for slot in run], reason=reason[:100])
    return changed


@translate_db_errors
@transaction.atomic
def unblock(*, slot_ids: Sequence, by: Actor) -> int:
    run = [slot for slot in slots.lock(slot_ids) if slot.blocked]
    Slot.objects.filter(pk__in=[slot.pk for slot in run]).update(blocked=False, block_reason="")
    slots.release(run, reason=ReleaseReason.UNBLOCKED)
    trail.record(by=by, action="slots.unblocked", slots=[str(slot.pk) for slot in run])
    return len(run)


def clash_in_words(plan: PlannedShift) -> str:
    clash = plan.clash
    assert clash is not None
    start, end = timezone.localtime(clash.starts_at), timezone.localtime(clash.ends_at)
    return f"{plan.date:%d.%m.%Y}: {clash.doctor.short_name}, {clash.room.name}, {start:%H:%M}–{end:%H:%M}"


def cells(starts_at: datetime, ends_at: datetime, minutes: int) -> Iterator[tuple[datetime, datetime]]:
    """Whole slots that fit; a remainder shorter than a slot stays out."""
    length = timedelta(minutes=minutes)
    while starts_at + length <= ends_at:
        yield starts_at, starts_at + length
        starts_at += length


def wall_time(day: date, at: time, room: Room) -> datetime:
    """09:00 by the clock on the clinic's wall, whatever the zone's offset is that day (T27)."""
    return datetime.combine(day, at, ZoneInfo(room.location.timezone)).astimezone(ZoneInfo("UTC"))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _on(day: date, rules: Sequence[ShiftRule], away: Sequence[ScheduleException]) -> Iterator[PlannedShift]:
    if any(exception.first_day <= day <= exception.last_day for exception in away):
        return
    for rule in rules:
        in_term = rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)
        if rule.weekday == day.isoweekday() and in_term:
            yield PlannedShift(rule, day, wall_time(day, rule.starts, rule.room), wall_time(day, rule.ends, rule.room))


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


def _slots_of(shift: Shift) -> Iterator[Slot]:
    for starts_at, ends_at in cells(shift.starts_at, shift.ends_at, shift.slot_minutes):
        yield Slot(shift=shift, doctor_id=shift.doctor_id, starts_at=starts_at, ends_at=ends_at)
