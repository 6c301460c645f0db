"""The timetable: weekly hours, shifts published and withdrawn, absences, times closed by hand."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from scheduling.actions import absences, rules, schedule
from scheduling.choices import ExceptionKind
from scheduling.data import HoursData
from scheduling.models import Doctor, ScheduleException, Shift, ShiftRule


@verb(Kind.BESIDE)
def add_hours(*, doctor: Doctor, weekdays: Iterable[int], hours: HoursData, by: Actor) -> list[ShiftRule]:
    """The same hours on each of these weekdays, to be published. Raises RuleOverlaps; then nothing is added."""
    return rules.add(doctor=doctor, weekdays=weekdays, hours=hours, by=by)


@verb(Kind.BESIDE)
def change_hours(*, rule: UUID, weekday: int, hours: HoursData, by: Actor) -> ShiftRule:
    """What is published stays. Raises RuleOverlaps."""
    return rules.change(rule=rule, weekday=weekday, hours=hours, by=by)


@verb(Kind.BESIDE)
def end_hours(*, rule: UUID, last_day: date, by: Actor) -> None:
    """They hold for the last time on `last_day`; what is published stays."""
    rules.end(rule=rule, last_day=last_day, by=by)


@verb(Kind.BESIDE)
def publish(*, doctor: Doctor, first_day: date, last_day: date, by: Actor) -> list[Shift]:
    """What the weekly hours give on these days can be booked (R10). Raises ShiftConflict that names every clash."""
    return schedule.publish(doctor=doctor, first_day=first_day, last_day=last_day, by=by)


@verb(Kind.CORRECT)
def withdraw(*, shift: Shift, by: Actor) -> None:
    """Takes a published shift back. Raises ShiftHasVisits when a time is booked, held or was ever offered."""
    gate.ask()
    schedule.withdraw(shift=shift, by=by)


@verb(Kind.CORRECT)
def add_absence(
    *, doctor: Doctor, kind: ExceptionKind, first_day: date, last_day: date, by: Actor, note: str = ""
) -> ScheduleException:
    """Days away. Free times are closed, holds on them included; booked visits stay."""
    gate.ask()
    return absences.add(doctor=doctor, kind=kind, first_day=first_day, last_day=last_day, note=note, by=by)


@verb(Kind.CORRECT)
def remove_absence(*, absence: ScheduleException, by: Actor) -> None:
    """The doctor works after all: the times that were closed because of it are free again."""
    gate.ask()
    absences.remove(exception=absence, by=by)


@verb(Kind.CORRECT)
def block(*, slots: Collection[UUID], reason: str, by: Actor) -> int:
    """Closes free times («обучение»). Raises StepNotAllowed when one is booked or held. Returns how many."""
    gate.ask()
    return schedule.block(slot_ids=slots, reason=reason, by=by)


@verb(Kind.CORRECT)
def unblock(*, slots: Collection[UUID], by: Actor) -> int:
    """Opens times that were closed. Returns how many."""
    gate.ask()
    return schedule.unblock(slot_ids=slots, by=by)
