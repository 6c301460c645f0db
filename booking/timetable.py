"""Use cases of the timetable: weekly hours, published shifts, absences, times closed by hand."""

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
    """Adds the same hours on each of these weekdays, to be published. Raises RuleOverlaps; then nothing is added."""
    return rules.add(doctor=doctor, weekdays=weekdays, hours=hours, by=by)


@verb(Kind.BESIDE)
def change_hours(*, rule: UUID, weekday: int, hours: HoursData, by: Actor) -> ShiftRule:
    """Changes weekly hours and leaves what is published as it is. Raises RuleOverlaps."""
    return rules.change(rule=rule, weekday=weekday, hours=hours, by=by)


@verb(Kind.BESIDE)
def end_hours(*, rule: UUID, last_day: date, by: Actor) -> None:
    """Ends weekly hours after `last_day` and leaves what is published as it is."""
    rules.end(rule=rule, last_day=last_day, by=by)


@verb(Kind.BESIDE)
def publish(*, doctor: Doctor, first_day: date, last_day: date, by: Actor) -> list[Shift]:
    """Publishes the weekly hours of these days, so that they can be booked (R10).

    Raises ShiftConflict that names every clash.
    """
    return schedule.publish(doctor=doctor, first_day=first_day, last_day=last_day, by=by)


@verb(Kind.CORRECT)
def withdraw(*, shift: Shift, by: Actor) -> None:
    """Withdraws a published shift. Raises ShiftHasVisits when a time of it is booked, held or was ever offered."""
    gate.check()
    schedule.withdraw(shift=shift, by=by)


@verb(Kind.CORRECT)
def add_absence(
    *, doctor: Doctor, kind: ExceptionKind, first_day: date, last_day: date, by: Actor, note: str = ""
) -> ScheduleException:
    """Records days on which a doctor is away and closes the free times on them, held ones included.

    Booked visits stay.
    """
    gate.check()
    return absences.add(doctor=doctor, kind=kind, first_day=first_day, last_day=last_day, note=note, by=by)


@verb(Kind.CORRECT)
def remove_absence(*, absence: ScheduleException, by: Actor) -> None:
    """Removes an absence and frees the times that were closed because of it."""
    gate.check()
    absences.remove(exception=absence, by=by)


@verb(Kind.CORRECT)
def block(*, slots: Collection[UUID], reason: str, by: Actor) -> int:
    """Closes free times («обучение») and returns how many. Raises StepNotAllowed when one is booked or held."""
    gate.check()
    return schedule.block(slot_ids=slots, reason=reason, by=by)


@verb(Kind.CORRECT)
def unblock(*, slots: Collection[UUID], by: Actor) -> int:
    """Opens times that were closed and returns how many."""
    gate.check()
    return schedule.unblock(slot_ids=slots, by=by)
