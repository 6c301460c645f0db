"""What is free (R10, R11, R15): the only place that decides which starts may be offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import DurationField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractIsoWeekDay, TruncTime
from django.utils import timezone

from scheduling.models import Service, Slot

NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWishes:
    """Doctors, days and hours that suit a person, in the clinic's wall time. Empty means any (R10)."""

    doctor_ids: Sequence[UUID] = ()
    date_from: date | None = None
    date_until: date | None = None
    weekdays: Sequence[int] = ()
    time_from: time | None = None
    time_until: time | None = None
    age: int | None = None
    """The patient's, in whole years: doctors who do not see it are left out."""


ANY_TIME = TimeWishes()


def earliest_start(now: datetime) -> datetime:
    """R11: only what has already begun is hidden; there is no lead time."""
    return now - timedelta(minutes=settings.SLOT_GRACE_MINUTES)


def free_starts(
    *,
    service: Service,
    wishes: TimeWishes = ANY_TIME,
    now: datetime | None = None,
    own_hold: UUID | None = None,
) -> QuerySet[Slot]:
    """Slots at which `service` can begin, in order of time: it and what follows it in the shift are free long enough.

    The holder of `own_hold` sees the slots he holds himself as free.
    """
    now = now or timezone.now()
    free = Slot.objects.free(now)
    if own_hold:
        free |= Slot.objects.filter(hold_token=own_hold)
    starts: QuerySet[Slot] = free.filter(
        starts_at__gte=earliest_start(now), doctor__services=service, doctor__active=True
    )
    starts = _suiting(starts, wishes)
    return _long_enough(starts, free, timedelta(minutes=service.minutes)).order_by("starts_at", "doctor_id")


def nearest(
    *, service: Service, wishes: TimeWishes = ANY_TIME, limit: int = NEAREST, now: datetime | None = None
) -> list[Slot]:
    """The nearest starts that suit, with doctor and place ready to be read out."""
    starts = free_starts(service=service, wishes=wishes, now=now)
    return list(starts.select_related("doctor", "shift__room__location")[:limit])


def _long_enough(starts: QuerySet[Slot], free: QuerySet[Slot], needed: timedelta) -> QuerySet[Slot]:
    """Slots of a shift are equally long and never overlap: free time that adds up to `needed` leaves no gap."""
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    same_shift = free.filter(
        shift=OuterRef("shift"),
        starts_at__gte=OuterRef("starts_at"),
        starts_at__lt=OuterRef("starts_at") + needed,
    )
    total = same_shift.order_by().values("shift").annotate(total=Sum(length)).values("total")
    return starts.alias(free_time=Coalesce(Subquery(total), timedelta())).filter(free_time__gte=needed)


def _suiting(starts: QuerySet[Slot], wishes: TimeWishes) -> QuerySet[Slot]:
    if wishes.age is not None:
        starts = starts.filter(doctor__min_age__lte=wishes.age, doctor__max_age__gte=wishes.age)
    if wishes.doctor_ids:
        starts = starts.filter(doctor__in=wishes.doctor_ids)
    if wishes.date_from:
        starts = starts.filter(starts_at__gte=day_start(wishes.date_from))
    if wishes.date_until:
        starts = starts.filter(starts_at__lt=day_start(wishes.date_until + timedelta(days=1)))
    if wishes.weekdays:
        starts = starts.alias(weekday=ExtractIsoWeekDay("starts_at")).filter(weekday__in=list(wishes.weekdays))
    if wishes.time_from:
        starts = starts.alias(wall_from=TruncTime("starts_at")).filter(wall_from__gte=wishes.time_from)
    if wishes.time_until:
        starts = starts.alias(wall_until=TruncTime("starts_at")).filter(wall_until__lt=wishes.time_until)
    return starts


def day_start(day: date) -> datetime:
    """Midnight of the clinic's wall time."""
    return datetime.combine(day, time.min, ZoneInfo(settings.TIME_ZONE))
