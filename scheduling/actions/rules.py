"""Rules are a doctor's weekly hours, from which shifts are published."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import models

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes
from scheduling.data import HoursData
from scheduling.errors import RuleOverlaps
from scheduling.models import Doctor, ShiftRule


def add(*, doctor: Doctor, weekdays: Iterable[int], hours: HoursData, by: Actor) -> list[ShiftRule]:
    """Adds the same hours on each of these weekdays. Raises RuleOverlaps; then nothing is added."""
    rows = [_saved(ShiftRule(doctor=_locked(doctor), weekday=weekday, **hours.columns())) for weekday in weekdays]
    for row in rows:
        trail.record(
            by=by,
            action="schedule.rule_added",
            object_ref=str(row.pk),
            doctor=str(row.doctor_id),
            weekday=row.weekday,
            hours=_hours(row),
            room=str(row.room_id),
        )
    return rows


def change(*, rule: UUID, changes: Changes, by: Actor) -> ShiftRule:
    """Changes weekday, hours, room or term of a rule and leaves what is published as it is.

    Raises RuleOverlaps, ChangedMeanwhile.
    """
    _locked(ShiftRule.objects.select_related("doctor").get(pk=rule).doctor)
    row = ShiftRule.objects.select_for_update(of=["self"]).get(pk=rule)
    edited = changes.apply(row)
    if edited:
        _saved(row)
        trail.record(
            by=by,
            action="schedule.rule_changed",
            object_ref=str(rule),
            doctor=str(row.doctor_id),
            hours=_hours(row),
            changed=before_and_after(edited),
        )
    return row


def end(*, rule: UUID, last_day: date, by: Actor) -> None:
    """Ends a rule after `last_day`; a rule that has not begun by then is deleted."""
    row = ShiftRule.objects.select_for_update(of=["self"]).get(pk=rule)
    if last_day < row.valid_from:
        row.delete()
    else:
        row.valid_until = last_day
        row.save(update_fields=["valid_until"])
    trail.record(by=by, action="schedule.rule_ended", object_ref=str(rule), last_day=last_day.isoformat())


def _locked(doctor: Doctor) -> Doctor:
    """Locks the doctor's row, so that two changes that overlap cannot pass each other."""
    return Doctor.objects.select_for_update(no_key=True).get(pk=doctor.pk)


def _saved(rule: ShiftRule) -> ShiftRule:
    others = ShiftRule.objects.filter(
        doctor=rule.doctor_id, weekday=rule.weekday, starts__lt=rule.ends, ends__gt=rule.starts
    ).exclude(pk=rule.pk)
    others = others.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=rule.valid_from))
    if rule.valid_until:
        others = others.filter(valid_from__lte=rule.valid_until)
    if others.exists():
        raise RuleOverlaps
    rule.save()
    return rule


def _hours(rule: ShiftRule) -> str:
    return f"{rule.starts:%H:%M}-{rule.ends:%H:%M}"
