"""Use cases of the timetable: weekly hours, published shifts, absences, times closed by hand."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from booking import gate, rebook_tasks, recent, task_numbers
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.changes import Changes
from scheduling.actions import absences, openness, rules, schedule
from scheduling.actions.openness import Closed
from scheduling.data import AbsenceData, HoursData
from scheduling.models import Absence, Doctor, Shift, ShiftRule
from waitlist.actions import offers


@verb(Kind.BESIDE)
def add_hours(*, doctor: Doctor, weekdays: Iterable[int], hours: HoursData, by: Actor) -> list[ShiftRule]:
    """Adds the same hours on each of these weekdays, to be published. Raises RuleOverlaps; then nothing is added."""
    return rules.add(doctor=doctor, weekdays=weekdays, hours=hours, by=by)


@verb(Kind.BESIDE)
def change_hours(*, rule: UUID, changes: Changes, by: Actor) -> ShiftRule:
    """Changes weekly hours and leaves what is published as it is. Raises RuleOverlaps, ChangedMeanwhile."""
    return rules.change(rule=rule, changes=changes, by=by)


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
def add_absence(*, data: AbsenceData, by: Actor) -> Absence:
    """Closes a span of time. Booked visits stay and are to be moved; holds and offers inside end with it.

    The same absence again is the one that is there. Raises AbsenceOver, AbsenceTooLong.
    """
    gate.check()
    openness.lock_timetable()  # before the offers, as `reconcile_openness` takes them
    offers.lock_between(data.starts_at, data.ends_at)
    absence, closed = absences.add(data=data, by=by)
    _end_offers(closed)
    rebook_tasks.open_for_absences(absence)
    return absence


@verb(Kind.CORRECT)
def remove_absence(*, absence: Absence, by: Actor) -> int:
    """Takes an absence back: the times that no other one closes are open again. Returns how many of them are free."""
    gate.check()
    opened = absences.remove(absence=absence, by=by)
    rebook_tasks.drop_needless()
    return opened


@verb(Kind.CORRECT)
def reconcile_openness() -> None:
    """Finds what slipped: open times that an absence touches, offers on them, visits without a task to phone.

    New visits are judged again: one that was booked beside a correction has read what was there before it. Open tasks
    get the number of now.
    """
    gate.check()
    _end_offers(openness.close_missed())
    rebook_tasks.open_for_absences()
    rebook_tasks.renew_for(recent.written_lately())
    task_numbers.renew()


@verb(Kind.CORRECT)
def block(*, slots: Collection[UUID], reason: str, by: Actor) -> int:
    """Closes free times («обучение») and returns how many. Raises StepNotAllowed when one is booked or held.

    A visit that was booked over one of them, which is free since, is to be moved like any that an absence strands.
    """
    gate.check()
    closed = schedule.block(slot_ids=slots, reason=reason, by=by)
    rebook_tasks.open_for_absences()
    return closed


@verb(Kind.CORRECT)
def unblock(*, slots: Collection[UUID], by: Actor) -> int:
    """Opens times that were closed and returns how many."""
    gate.check()
    opened = schedule.unblock(slot_ids=slots, by=by)
    rebook_tasks.drop_needless()
    return opened


def _end_offers(closed: Closed) -> None:
    offers.end_closed(slots=[slot.pk for slot in closed.slots], holds=closed.holds)
