"""Absences: days on which a doctor is away.

An absence closes the free times that are published already. Booked visits stay as they are, and the person who keeps
the schedule is shown them.
"""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone, translation

from foundation.accounts.actors import Actor
from foundation.audit import trail
from scheduling.actions import schedule, slots
from scheduling.choices import ExceptionKind
from scheduling.models import Doctor, ScheduleException, Slot


def add(
    *, doctor: Doctor, kind: ExceptionKind, first_day: date, last_day: date, note: str = "", by: Actor
) -> ScheduleException:
    """Records days on which a doctor is away and closes the published times not booked, held ones included."""
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


def remove(*, exception: ScheduleException, by: Actor) -> None:
    """Removes an absence and frees the times that it closed."""
    closed = _of_days(exception.doctor_id, exception.first_day, exception.last_day).filter(
        blocked=True, block_reason=reason_of(exception)
    )
    if ids := list(closed.values_list("pk", flat=True)):
        schedule.unblock(slot_ids=ids, by=by)
    trail.record(by=by, action="schedule.exception_removed", object_ref=str(exception.pk), opened=len(ids))
    exception.delete()


def reason_of(exception: ScheduleException) -> str:
    """Returns the reason on the times it closed, by which they are found again: «отпуск 23.11–29.11»."""
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
