"""The conditions under which a start fits a person's wishes (R10, R23), each written once with its three readings.

`met` compares one start with one person's wishes in Python. `earliest`, `until` and `clause` are SQL for a search: the
wishes are known, the starts are not. `stored` is SQL for the ranking of the waitlist: the start is known, the wishes
are columns of a row. A test holds the three against one another.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar, NamedTuple, Protocol
from uuid import UUID

from foundation.clock import EAST, WEST, WallTime, day_anywhere, day_bounds, on_wall
from patients.ages import age_on, latest_birth
from scheduling.choices import Misfit
from scheduling.wishes import HasWishes, TimeWishes


class AgesSeen(Protocol):
    """A doctor, with the ages of the patients they see."""

    @property
    def pk(self) -> UUID: ...
    @property
    def min_age(self) -> int: ...
    @property
    def max_age(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A moment at which a doctor could begin a visit, seen from `now`."""

    starts_at: datetime
    doctor: AgesSeen
    now: datetime
    wall: WallTime
    """The start in the wall time of its location."""
    minutes: int = 0
    """The length of the visit: the service's, whatever slots it takes; 0 while no service is chosen."""

    @classmethod
    def of(cls, starts_at: datetime, *, doctor: AgesSeen, now: datetime, minutes: int = 0, zone: str = "") -> "Start":
        return cls(starts_at=starts_at, doctor=doctor, now=now, wall=on_wall(starts_at, zone), minutes=minutes)

    @property
    def day(self) -> date:
        return self.wall.date()

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def over_by(self) -> time:
        """The hour on the wall at which the visit ends; the very end of the day when it ends after midnight."""
        end = self.ends_at.astimezone(self.wall.tzinfo)
        return end.time() if end.date() == self.day else time.max

    def values(self) -> dict[str, object]:
        """Returns the values of the parameters in `stored` conditions."""
        return {
            "starts_at": self.starts_at,
            "day": self.day,
            "at": self.wall.time(),
            "over_by": self.over_by,
            "weekday_bit": weekday_bit(self.wall.isoweekday()),
            "doctor": self.doctor.pk,
            "notice": (self.starts_at - self.now) // timedelta(minutes=1),
            "oldest_born": latest_birth(self.day, self.doctor.min_age),
            "youngest_born": latest_birth(self.day, self.doctor.max_age + 1),
        }


def weekday_bit(weekday: int) -> int:
    """Returns the bit of an ISO weekday (1 is Monday): a row keeps its weekdays as bits, compared in one step."""
    return 1 << weekday


class Clause(NamedTuple):
    """A condition in SQL over `slot`, `doctor` and `service`, with its values."""

    sql: str
    values: dict[str, object]


# Where all locations are in the clinic's zone no location is read for a slot: the index alone answers.
ZONE_OF_CLINIC = "%(zone)s::text"
ZONE_OF_LOCATION = """(
    SELECT location.timezone::text FROM scheduling_shift shift JOIN scheduling_room room ON room.id = shift.room_id
    JOIN scheduling_location location ON location.id = room.location_id WHERE shift.id = slot.shift_id
)"""


def wall_of(zone: str) -> str:
    """Returns SQL for the wall time of a slot in this zone, one of the two above."""
    return f"(slot.starts_at AT TIME ZONE {zone})"


def end_of(zone: str) -> str:
    """Returns SQL for the wall time in this zone at which a visit that begins with the slot ends."""
    return f"((slot.starts_at + make_interval(mins => service.minutes)) AT TIME ZONE {zone})"


class Condition(ABC):
    misfit: ClassVar[Misfit]

    @abstractmethod
    def met(self, wishes: HasWishes, start: Start) -> bool:
        """Tells whether this one start fits."""

    def earliest(self, wishes: TimeWishes, now: datetime, *, elsewhere: bool = False) -> datetime | None:
        """Returns the first moment at which a start fits, or could fit in a zone `elsewhere`; None when any does."""
        return None

    def until(self, wishes: TimeWishes, *, elsewhere: bool = False) -> datetime | None:
        """Returns the moment from which on no start fits, or could `elsewhere`; None when there is none."""
        return None

    def clause(self, wishes: TimeWishes, zone: str = ZONE_OF_CLINIC) -> Clause | None:
        """Returns the part of the condition that is no span of time; None when nothing is wished."""
        return None

    @abstractmethod
    def stored(self, row: str) -> str:
        """Returns SQL over the columns of `row`.

        The names of its values end in `_{number}`, the number of the start.
        """


class Days(Condition):
    misfit = Misfit.DAYS

    def met(self, wishes: HasWishes, start: Start) -> bool:
        first, last = wishes.date_from, wishes.date_until
        return (first is None or first <= start.day) and (last is None or start.day <= last)

    def earliest(self, wishes: TimeWishes, now: datetime, *, elsewhere: bool = False) -> datetime | None:
        bounds = day_anywhere if elsewhere else day_bounds
        return bounds(wishes.date_from)[0] if wishes.date_from else None

    def until(self, wishes: TimeWishes, *, elsewhere: bool = False) -> datetime | None:
        bounds = day_anywhere if elsewhere else day_bounds
        return bounds(wishes.date_until)[1] if wishes.date_until else None

    def clause(self, wishes: TimeWishes, zone: str = ZONE_OF_CLINIC) -> Clause | None:
        """Returns the days on the wall where a location may be elsewhere: the bounds are wide then."""
        signs = {"date_from": ">=", "date_until": "<="}
        wished = {name: day for name in signs if (day := getattr(wishes, name))}
        if zone == ZONE_OF_CLINIC or not wished:
            return None
        return Clause(" AND ".join(f"{wall_of(zone)}::date {signs[name]} %({name})s" for name in wished), wished)

    def stored(self, row: str) -> str:
        last = f"({row}.date_until IS NULL OR {row}.date_until >= %(day_{{number}})s)"
        return f"{row}.date_from <= %(day_{{number}})s AND {last}"


class Weekdays(Condition):
    misfit = Misfit.WEEKDAY

    def met(self, wishes: HasWishes, start: Start) -> bool:
        return not wishes.weekdays or start.wall.isoweekday() in wishes.weekdays

    def clause(self, wishes: TimeWishes, zone: str = ZONE_OF_CLINIC) -> Clause | None:
        if not wishes.weekdays:
            return None
        sql = f"extract(isodow FROM {wall_of(zone)}) = ANY(%(weekdays)s)"
        return Clause(sql, {"weekdays": list(wishes.weekdays)})

    def stored(self, row: str) -> str:
        return f"{row}.weekday_bits & %(weekday_bit_{{number}})s <> 0"


class Hours(Condition):
    """The condition on the hours of the whole visit: it begins no earlier than wished and is over by the last hour."""

    misfit = Misfit.HOURS

    def met(self, wishes: HasWishes, start: Start) -> bool:
        return wishes.time_from <= start.wall.time() and start.over_by <= wishes.time_until

    def clause(self, wishes: TimeWishes, zone: str = ZONE_OF_CLINIC) -> Clause | None:
        sql = []
        if wishes.time_from != time.min:
            sql.append(f"{wall_of(zone)}::time >= %(time_from)s")
        if wishes.time_until != time.max:
            sql.append(f"{end_of(zone)} <= {wall_of(zone)}::date + %(time_until)s::time")
        hours: dict[str, object] = {"time_from": wishes.time_from, "time_until": wishes.time_until}
        return Clause(" AND ".join(sql), hours) if sql else None

    def stored(self, row: str) -> str:
        return f"{row}.time_from <= %(at_{{number}})s AND {row}.time_until >= %(over_by_{{number}})s"


class Doctors(Condition):
    """The condition on the doctor; it has no clause, because a search reads only the times of the wished doctors."""

    misfit = Misfit.DOCTOR

    def met(self, wishes: HasWishes, start: Start) -> bool:
        wanted = not wishes.doctor_ids or start.doctor.pk in wishes.doctor_ids
        return wanted and start.doctor.pk not in wishes.not_doctor_ids

    def anybody(self, row: str) -> str:
        """Returns the half of `stored` for rows that name no doctor, which have an index of their own."""
        return f"{row}.doctor_ids = ARRAY[]::uuid[]"

    def named(self, row: str) -> str:
        """Returns the half of `stored` for rows that name doctors."""
        by_index = f"{row}.doctor_ids @> ARRAY[%(doctor_{{number}})s]::uuid[]"
        return f"{row}.doctor_ids <> ARRAY[]::uuid[] AND {by_index}"

    def stored(self, row: str) -> str:
        return f"({self.anybody(row)} OR {self.named(row)}) AND NOT {self.unwanted(row)}"

    def unwanted(self, row: str) -> str:
        """Returns SQL that tells whether the row leaves this doctor out."""
        return f"%(doctor_{{number}})s = ANY({row}.not_doctor_ids)"


class Notice(Condition):
    misfit = Misfit.NOTICE

    def met(self, wishes: HasWishes, start: Start) -> bool:
        return start.starts_at - start.now >= timedelta(minutes=wishes.notice_minutes)

    def earliest(self, wishes: TimeWishes, now: datetime, *, elsewhere: bool = False) -> datetime | None:
        return now + timedelta(minutes=wishes.notice_minutes) if wishes.notice_minutes else None

    def stored(self, row: str) -> str:
        return f"{row}.notice_minutes <= %(notice_{{number}})s"


class PutOff(Condition):
    misfit = Misfit.PUT_OFF

    def met(self, wishes: HasWishes, start: Start) -> bool:
        return wishes.not_before is None or wishes.not_before < start.starts_at

    def earliest(self, wishes: TimeWishes, now: datetime, *, elsewhere: bool = False) -> datetime | None:
        return wishes.not_before + datetime.resolution if wishes.not_before else None

    def stored(self, row: str) -> str:
        return f"({row}.not_before IS NULL OR {row}.not_before < %(starts_at_{{number}})s)"


class Age(Condition):
    """The condition on the patient's age, counted on the day of the visit."""

    misfit = Misfit.AGE

    def met(self, wishes: HasWishes, start: Start) -> bool:
        if wishes.birth_date is None:
            return True
        return start.doctor.min_age <= age_on(wishes.birth_date, start.day) <= start.doctor.max_age

    def clause(self, wishes: TimeWishes, zone: str = ZONE_OF_CLINIC) -> Clause | None:
        """Returns the span from one birthday to another, which holds no start when an adult asks a children's doctor.

        Postgres moves 29 February to the 28th of a common year, we to 1 March: a day later than a birth on the 28th.
        """
        if wishes.birth_date is None:
            return None
        leap = (wishes.birth_date.month, wishes.birth_date.day) == (2, 29)
        born = wishes.birth_date - timedelta(days=1) if leap else wishes.birth_date
        first, after = _birthday("doctor.min_age"), _birthday("doctor.max_age + 1")
        earliest, until = f"{_in_utc(first)} - %(east)s::interval", f"{_in_utc(after)} + %(west)s::interval"
        bounds = f"slot.starts_at >= {earliest} AND slot.starts_at < {until}"
        sql = f"{bounds} AND {wall_of(zone)} >= {first} AND {wall_of(zone)} < {after}"
        spans = {"east": EAST, "west": WEST}
        return Clause(sql, {"born": born, "days_later": int(leap)} | spans)

    def stored(self, row: str) -> str:
        return f"{row}.birth_date <= %(oldest_born_{{number}})s AND {row}.birth_date > %(youngest_born_{{number}})s"


def _birthday(years: str) -> str:
    """Returns SQL for the midnight, on every wall, from which a person who is `born` then is so many years old."""
    return f"((%(born)s::date + make_interval(years => {years}))::date + %(days_later)s::integer)::timestamp"


def _in_utc(wall: str) -> str:
    return f"({wall} AT TIME ZONE 'UTC')"


CONDITIONS = (Days(), Weekdays(), Hours(), Doctors(), Notice(), PutOff(), Age())
