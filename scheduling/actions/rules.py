"""`rules.add(...)`, `rules.add_exception(...)`: the weekly hours of a doctor and the days away from them.

Rules change what will be published. A day away also closes the free times that are published already; booked visits
stay as they are, and the person who keeps the schedule is shown them.
"""

from collections.abc import Sequence
from datetime import date, time
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone, translation

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.actions import schedule, slots
from scheduling.choices import ExceptionKind
from scheduling.db_errors import translate_db_errors
from scheduling.errors import RuleOverlaps, ShiftHasVisits
from scheduling.models import Doctor, Room, ScheduleException, Shift, ShiftRule, Slot


@transaction.atomic
def add(
    *,
    doctor: Doctor,
    weekdays: Sequence[int],
    starts: time,
    ends: time,
    room: Room,
    slot_minutes: int,
    valid_from: date,
    valid_until: date | None = None,
    by: Actor,
) -> list[ShiftRule]:
    """The same hours on each of these weekdays. Raises RuleOverlaps; then nothing is added."""
    return [
        _saved(
            ShiftRule(
                doctor=_locked(doctor),
                weekday=weekday,
                starts=starts,
                ends=ends,
                room=room,
                slot_minutes=slot_minutes,
                valid_from=valid_from,
                valid_until=valid_until,
            ),
            action="schedule.rule_added",
            by=by,
        )
        for weekday in weekdays
    ]


@transaction.atomic
def change(*, rule: UUID, by: Actor, **columns: object) -> ShiftRule:
    """New hours, room or term. What is published stays. Raises RuleOverlaps."""
    row = ShiftRule.objects.select_related("doctor").get(pk=rule)
    _locked(row.doctor)
    for name, value in columns.items():
        setattr(row, name, value)
    return _saved(row, action="schedule.rule_changed", by=by)


@transaction.atomic
def end(*, rule: UUID, last_day: date, by: Actor) -> None:
    """The rule holds for the last time on `last_day`; one that has not begun by then goes altogether."""
    row = ShiftRule.objects.select_for_update(of=["self"]).get(pk=rule)
    if last_day < row.valid_from:
        row.delete()
    else:
        row.valid_until = last_day
        row.save(update_fields=["valid_until"])
    trail.record(by=by, action="schedule.rule_ended", object_ref=str(rule), last_day=last_day.isoformat())


@translate_db_errors
@transaction.atomic
def add_exception(
    *, doctor: Doctor, kind: ExceptionKind, first_day: date, last_day: date, note: str = "", by: Actor
) -> ScheduleException:
    """Days away. Published times that nobody has booked are closed, holds on them included."""
    made = ScheduleException.objects.create(doctor=doctor, kind=kind, first_day=first_day, last_day=last_day, note=note)
    closed = slots.lock(_of_days(doctor.pk, first_day, last_day).filter(blocked=False).values_list("pk", flat=True))
    ids = [slot.pk for slot in closed if slot.appointment_id is None and not slot.blocked]
    Slot.objects.filter(pk__in=ids).update(blocked=True, block_reason=reason_of(made), **slots.NO_HOLD)
    trail.record(
        by=by,
        action="schedule.exception_added",
        object_ref=str(made.pk),
        doctor=str(doctor.pk),
        kind=kind,
        first_day=first_day.isoformat(),
        last_day=last_day.isoformat(),
        closed=len(ids),
    )
    return made


@translate_db_errors
@transaction.atomic
def remove_exception(*, exception: ScheduleException, by: Actor) -> None:
    """The doctor works after all: the times this exception closed are free again."""
    closed = _of_days(exception.doctor_id, exception.first_day, exception.last_day).filter(
        blocked=True, block_reason=reason_of(exception)
    )
    if ids := list(closed.values_list("pk", flat=True)):
        schedule.unblock(slot_ids=ids, by=by)
    trail.record(by=by, action="schedule.exception_removed", object_ref=str(exception.pk), opened=len(ids))
    exception.delete()


@translate_db_errors
@transaction.atomic
def withdraw(*, shift: Shift, by: Actor) -> None:
    """Takes a published shift back. Raises ShiftHasVisits when a time is booked, held or was ever offered."""
    run = slots.lock(shift.slots.values_list("pk", flat=True))
    now = timezone.now()
    if any(slot.appointment_id or slot.held_against(None, now) for slot in run):
        raise ShiftHasVisits
    trail.record(by=by, action="schedule.withdrawn", object_ref=str(shift.pk), date=shift.date.isoformat())
    try:
        shift.slots.all().delete()
        shift.delete()
    except models.ProtectedError as error:
        raise ShiftHasVisits from error


def reason_of(exception: ScheduleException) -> str:
    """What stands on the times it closed: «отпуск 23.11–29.11»; also how they are found again."""
    with translation.override(settings.LANGUAGE_CODE):
        label = str(ExceptionKind(exception.kind).label)
    return f"{label} {exception.first_day:%d.%m}–{exception.last_day:%d.%m}"


def _of_days(doctor: UUID, first_day: date, last_day: date) -> models.QuerySet[Slot]:
    return Slot.objects.filter(
        doctor=doctor,
        shift__date__gte=first_day,
        shift__date__lte=last_day,
        appointment=None,
        starts_at__gt=timezone.now(),
    )


def _locked(doctor: Doctor) -> Doctor:
    """One change of a doctor's rules at a time: two that overlap cannot pass each other."""
    return Doctor.objects.select_for_update(no_key=True).get(pk=doctor.pk)


def _saved(rule: ShiftRule, *, action: str, by: Actor) -> ShiftRule:
    others = ShiftRule.objects.filter(
        doctor=rule.doctor_id, weekday=rule.weekday, starts__lt=rule.ends, ends__gt=rule.starts
    ).exclude(pk=rule.pk)
    others = others.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=rule.valid_from))
    if rule.valid_until:
        others = others.filter(valid_from__lte=rule.valid_until)
    if others.exists():
        raise RuleOverlaps
    rule.save()
    trail.record(
        by=by,
        action=action,
        object_ref=str(rule.pk),
        doctor=str(rule.doctor_id),
        weekday=rule.weekday,
        hours=f"{rule.starts:%H:%M}-{rule.ends:%H:%M}",
        room=str(rule.room_id),
    )
    return rule
