"""A person who declines a time says why, and their wishes learn what is sure of it, and nothing else (W17)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

from foundation.database import clock
from scheduling.models import Doctor, Service, Slot
from scheduling.queries.fit import Start
from waitlist import never, wishes
from waitlist.choices import DeclineReason
from waitlist.models import WaitlistEntry
from waitlist.wishes import WishData

LEARNED = ("doctor_ids", "not_doctor_ids", "weekdays", "time_from", "time_until")
"""The wishes that a reason can narrow."""
MINUTE = timedelta(minutes=1)


def taught(wished: WishData, declined: Start, reason: DeclineReason) -> WishData:
    """Returns the wishes that the declined start does not meet any more for this reason.

    They stay as they are where the reason says nothing of other times, and where nothing would be left. Who would take
    any doctor means any but this one from then on, also of those who join the clinic later.
    """
    narrowed = _narrowed(wished, declined, reason)
    is_left = all(getattr(narrowed, name) or not getattr(wished, name) for name in ("weekdays", "doctor_ids"))
    return narrowed if is_left and narrowed.time_from < narrowed.time_until else wished


def _narrowed(wished: WishData, declined: Start, reason: DeclineReason) -> WishData:
    """Returns what is wished instead; days or doctors that were named and are empty now leave nothing."""
    match reason:
        case DeclineReason.TOO_EARLY:
            return replace(wished, time_from=max(wished.time_from, _after(declined.wall.time())))
        case DeclineReason.TOO_LATE:
            return replace(wished, time_until=min(wished.time_until, _before(declined.over_by)))
        case DeclineReason.WEEKDAY:
            named = wished.weekdays or range(1, 8)
            return replace(wished, weekdays=tuple(day for day in named if day != declined.wall.isoweekday()))
        case DeclineReason.DOCTOR if wished.doctor_ids:
            return replace(wished, doctor_ids=tuple(each for each in wished.doctor_ids if each != declined.doctor.pk))
        case DeclineReason.DOCTOR:
            return replace(wished, not_doctor_ids=tuple(dict.fromkeys((*wished.not_doctor_ids, declined.doctor.pk))))
    return wished


class Declined(Protocol):
    """A time that a person was asked about: in a call, or by message."""

    @property
    def slot(self) -> Slot: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def doctor(self) -> Doctor: ...
    @property
    def service(self) -> Service: ...


def lesson(offer: Declined, entry: WaitlistEntry, reason: DeclineReason) -> WishData | None:
    """Returns the wishes of an entry as this reason changes them; None where it changes nothing.

    So does one after which nothing could ever fit: then the person is asked what they wish.
    """
    wished = wishes.of(entry)
    zone = offer.slot.shift.room.location.timezone
    start = Start.of(offer.starts_at, doctor=offer.doctor, now=clock.now(), minutes=offer.service.minutes, zone=zone)
    new = taught(wished, start, reason)
    return None if new == wished or never.why(new, birth_date=entry.birth_date) else new


def _after(at: time) -> time:
    """Returns the next minute of the day; its very end after the last one."""
    following = datetime.combine(date.min, at) + MINUTE
    return following.time().replace(second=0, microsecond=0) if following.date() == date.min else time.max


def _before(at: time) -> time:
    """Returns the minute before; the last one of the day before its very end."""
    if at == time.max:
        return time(23, 59)
    return (datetime.combine(date.max, at) - MINUTE).time()
