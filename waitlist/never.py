"""Tells what no wait can bring: it is said at once, with the way that leads on, and nobody waits for it (W15)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from difflib import SequenceMatcher
from functools import cached_property
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
from waitlist.models import WaitlistEntry
from waitlist.wishes import WishData, of

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

    def is_valid_in(self, span: Span) -> bool:
        return self.first <= span.last and (self.last is None or self.last >= span.first)

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
    given = _given(wishes)
    unmet = _unmet(wishes, birth_date, given, Hours(given))
    if unmet is None:
        return None
    ways = _ways(wishes.specialty, _ages(birth_date, _span(wishes))) if unmet == Misfit.AGE else []
    return NeverFits(unmet, ways)


def among(entries: Iterable[WaitlistEntry]) -> dict[UUID, Misfit]:
    """Returns those of the entries that nothing can ever fit, with why: as many statements for one as for many."""
    wished = {entry.pk: (of(entry), entry.birth_date) for entry in entries}
    given = _given_to_each([wishes for wishes, _born in wished.values()])
    hours = Hours({doctor for doctors in given.values() for doctor in doctors})
    unmet = {
        entry: _unmet(wishes, born, given[wishes.specialty_id, wishes.service_id], hours)
        for entry, (wishes, born) in wished.items()
    }
    return {entry: misfit for entry, misfit in unmet.items() if misfit}


class Hours:
    """The ages that doctors see and the hours in which they work, each read once and only when it is asked for."""

    def __init__(self, doctors: Collection[UUID]) -> None:
        self._doctors = list(doctors)

    @cached_property
    def ages(self) -> Mapping[UUID, tuple[int, int]]:
        rows = Doctor.objects.filter(pk__in=self._doctors).values_list("pk", "min_age", "max_age")
        return {pk: (youngest, oldest) for pk, youngest, oldest in rows}

    @cached_property
    def by_rule(self) -> Mapping[UUID, Sequence[Work]]:
        rules = ShiftRule.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=day_of(clock.now())), doctor__in=self._doctors
        )
        return _by_doctor(
            Work(rule.doctor_id, rule.weekday, rule.starts, rule.ends, rule.valid_from, rule.valid_until)
            for rule in rules
        )

    @cached_property
    def published(self) -> Mapping[UUID, Sequence[Work]]:
        """The hours that are published for single days, whatever the rules say."""
        ahead = Shift.objects.filter(doctor__in=self._doctors, date__gte=day_of(clock.now()))
        return _by_doctor(_of_day(shift) for shift in ahead.select_related("room__location"))


def _by_doctor(works: Iterable[Work]) -> Mapping[UUID, Sequence[Work]]:
    found: dict[UUID, list[Work]] = {}
    for work in works:
        found.setdefault(work.doctor, []).append(work)
    return found


def _unmet(wishes: WishData, birth_date: date, given: Mapping[UUID, Service], hours: Hours) -> Misfit | None:
    """Returns the first wish that nothing can ever meet."""
    span = _span(wishes)
    if span.last < span.first:
        return Misfit.DAYS
    if not given:
        return Misfit.SERVICE if wishes.service else None
    wanted = (set(wishes.doctor_ids) or set(given)) - set(wishes.not_doctor_ids)
    if not (given := {key: service for key, service in given.items() if key in wanted}):
        return Misfit.DOCTOR
    youngest, oldest = age_on(birth_date, span.first), age_on(birth_date, span.last)
    sees = {key for key in given if hours.ages[key][0] <= oldest and hours.ages[key][1] >= youngest}
    if not sees:
        return Misfit.AGE
    return _misses({key: service for key, service in given.items() if key in sees}, wishes, span, hours)


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


def _given_to_each(wished: Iterable[WishData]) -> Mapping[tuple[UUID, UUID | None], Mapping[UUID, Service]]:
    """Returns by specialty and service what `_given` does, by a statement for services and one for specialties."""
    named = {wishes.service.pk: wishes.service for wishes in wished if wishes.service}
    first = first_appointments.by_doctor_of_each({each.specialty_id for each in wished if not each.service})
    givers = Doctor.objects.filter(active=True, services__in=named, services__active=True)
    found: dict[UUID, dict[UUID, Service]] = {service: {} for service in named}
    for doctor, service in givers.values_list("pk", "services"):
        found[service][doctor] = named[service]
    return {
        (each.specialty_id, each.service_id): found[each.service.pk] if each.service else first[each.specialty_id]
        for each in wished
    }


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


def _misses(given: Mapping[UUID, Service], wishes: WishData, span: Span, hours: Hours) -> Misfit | None:
    """Returns the wish by which all working hours differ; None where no doctor's weekly hours are kept."""
    rules = [work for doctor in given for work in hours.by_rule.get(doctor, ()) if work.is_valid_in(span)]
    if not rules:
        return None
    on_days = [work for work in rules if work.is_within(span, wishes.weekdays)]
    if not _any_long_enough(on_days, given, wishes):
        published = [work for doctor in given for work in hours.published.get(doctor, ())]
        on_days += [work for work in published if work.is_within(span, wishes.weekdays)]
    if _any_long_enough(on_days, given, wishes):
        return None
    return Misfit.HOURS if on_days else Misfit.WEEKDAY


def _any_long_enough(works: Iterable[Work], given: Mapping[UUID, Service], wishes: WishData) -> bool:
    return any(work.is_long_enough(wishes, given[work.doctor].minutes) for work in works)


def _of_day(shift: Shift) -> Work:
    zone = shift.room.location.timezone
    starts, ends = on_wall(shift.starts_at, zone), on_wall(shift.ends_at, zone)
    last = ends.time() if ends.date() == starts.date() else time.max
    return Work(shift.doctor_id, shift.date.isoweekday(), starts.time(), last, shift.date, shift.date)
