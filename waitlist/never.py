"""Tells what no wait can bring: it is said at once, with the way that leads on, and nobody waits for it (W15)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from foundation.clock import day_of, on_wall
from foundation.database import clock
from foundation.text.folding import fold
from patients.ages import age_on
from scheduling.choices import Misfit
from scheduling.models import Doctor, Service, Shift, ShiftRule, Specialty
from scheduling.queries import first_appointments
from waitlist.errors import NeverFits
from waitlist.wishes import WishData

WAYS = 3
"""How many specialties are named at most."""


class Span(NamedTuple):
    """The wished days."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Work:
    """A doctor works on such a weekday, from–until on the wall, from the first day to the last."""

    doctor: UUID
    weekday: int
    starts: time
    ends: time
    first: date
    last: date | None

    def is_within(self, span: Span, weekdays: Iterable[int]) -> bool:
        """Tells whether one of the wished days is one of these."""
        begin = max(self.first, span.first)
        day = begin + timedelta(days=(self.weekday - begin.isoweekday()) % 7)
        return day <= min(self.last or span.last, span.last) and (not weekdays or self.weekday in weekdays)

    def is_long_enough(self, wishes: WishData, minutes: int) -> bool:
        """Tells whether a visit of so many minutes lies in the wished hours."""
        starts, ends = max(self.starts, wishes.time_from), min(self.ends, wishes.time_until)
        return datetime.combine(self.first, starts) + timedelta(minutes=minutes) <= datetime.combine(self.first, ends)


def check(wishes: WishData, *, birth_date: date) -> None:
    """Refuses wishes that no free time can ever fit. Raises NeverFits."""
    if error := why(wishes, birth_date=birth_date):
        raise error


def why(wishes: WishData, *, birth_date: date) -> NeverFits | None:
    """Returns why nothing can ever fit; None when it can, and of a specialty of which nobody knows who works in it."""
    span = _span(wishes)
    if span.last < span.first:
        return NeverFits(Misfit.DAYS)
    given = _given(wishes)
    if not given:
        return NeverFits(Misfit.SERVICE) if wishes.service else None
    wanted = (set(wishes.doctor_ids) or set(given)) - set(wishes.not_doctor_ids)
    if not (given := {key: service for key, service in given.items() if key in wanted}):
        return NeverFits(Misfit.DOCTOR)
    ages = _ages(birth_date, span)
    sees = set(Doctor.objects.filter(ages, pk__in=given).values_list("pk", flat=True))
    if not sees:
        return NeverFits(Misfit.AGE, _ways(wishes.specialty, ages))
    missed = _misses({key: service for key, service in given.items() if key in sees}, wishes, span)
    return NeverFits(missed) if missed else None


def _span(wishes: WishData) -> Span:
    """Returns the wished days; whoever names no last day looks ahead no further than they wait unasked."""
    first = max(wishes.date_from, day_of(clock.now()))
    return Span(first, wishes.date_until or first + timedelta(days=settings.WAITLIST_EXPIRY_DAYS))


def _given(wishes: WishData) -> Mapping[UUID, Service]:
    """Returns by active doctor the service that is meant."""
    if wishes.service is None:
        return first_appointments.by_doctor(wishes.specialty)
    givers = Doctor.objects.filter(active=True, services=wishes.service, services__active=True)
    return dict.fromkeys(givers.values_list("pk", flat=True), wishes.service)


def _ages(birth_date: date, span: Span) -> Q:
    """Returns the condition on doctors who see this patient on one of the days at least."""
    return Q(min_age__lte=age_on(birth_date, span.last), max_age__gte=age_on(birth_date, span.first))


def _ways(specialty: Specialty, ages: Q) -> list[Specialty]:
    """Returns the specialties in which this age is seen, the one with the likest name first."""
    seen = Doctor.objects.filter(ages, active=True)
    found = Specialty.objects.filter(services__active=True, services__doctors__in=seen).exclude(pk=specialty.pk)
    name = fold(specialty.name)
    return sorted(
        found.distinct(), key=lambda other: SequenceMatcher(None, name, fold(other.name)).ratio(), reverse=True
    )[:WAYS]


def _misses(given: Mapping[UUID, Service], wishes: WishData, span: Span) -> Misfit | None:
    """Returns the wish by which all working hours differ; None where no doctor's weekly hours are kept."""
    rules = _by_rule(given, span)
    if not rules:
        return None
    on_days = [work for work in rules if work.is_within(span, wishes.weekdays)]
    if not _any_long_enough(on_days, given, wishes):
        on_days += [work for work in _published(given, span) if work.is_within(span, wishes.weekdays)]
    if _any_long_enough(on_days, given, wishes):
        return None
    return Misfit.HOURS if on_days else Misfit.WEEKDAY


def _any_long_enough(works: Iterable[Work], given: Mapping[UUID, Service], wishes: WishData) -> bool:
    return any(work.is_long_enough(wishes, given[work.doctor].minutes) for work in works)


def _by_rule(doctors: Iterable[UUID], span: Span) -> list[Work]:
    valid = Q(valid_from__lte=span.last) & (Q(valid_until=None) | Q(valid_until__gte=span.first))
    rules = ShiftRule.objects.filter(valid, doctor__in=list(doctors))
    return [
        Work(rule.doctor_id, rule.weekday, rule.starts, rule.ends, rule.valid_from, rule.valid_until) for rule in rules
    ]


def _published(doctors: Iterable[UUID], span: Span) -> list[Work]:
    """Returns the hours that are published for single days, whatever the rules say."""
    shifts = Shift.objects.filter(doctor__in=list(doctors), date__range=span).select_related("room__location")
    return [_of_day(shift) for shift in shifts]


def _of_day(shift: Shift) -> Work:
    zone = shift.room.location.timezone
    starts, ends = on_wall(shift.starts_at, zone), on_wall(shift.ends_at, zone)
    last = ends.time() if ends.date() == starts.date() else time.max
    return Work(shift.doctor_id, shift.date.isoweekday(), starts.time(), last, shift.date, shift.date)
