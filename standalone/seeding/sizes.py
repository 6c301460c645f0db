"""Plans how many doctors work on which days, so that together they have the slots that were asked for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

SPECIALTIES = 25
MAIN_DOCTORS = 20
SLOTS_A_DAY = 12
DAYS_AHEAD = 60
DAYS_BACK = 730
HISTORY_TIMES = 10
HISTORY_FROM_SLOTS = 1_000_000
CHILDREN_EVERY = 11
"""Beside the main specialty every eleventh doctor sees children only; 11 and 24 specialties have no common factor."""


class BadNumber(ValueError):
    """The text is not a number of things."""


def number(text: str) -> int:
    """Reads «10k» as ten thousand, «1m» as a million. Raises BadNumber."""
    parts = re.fullmatch(r"(\d+)([kmкм]?)", text.strip().lower().replace("_", ""))
    if not parts:
        raise BadNumber(text)
    times = {"": 1, "k": 1000, "к": 1000, "m": 1_000_000, "м": 1_000_000}
    return int(parts[1]) * times[parts[2]]


@dataclass(frozen=True, slots=True)
class Place:
    """One doctor's place in the plan. `first` and `last` are numbers of working days in the plan's calendar."""

    no: int
    first: int
    last: int
    history: bool = False

    @property
    def specialty(self) -> int:
        return 0 if self.no < MAIN_DOCTORS else 1 + (self.no - MAIN_DOCTORS) % (SPECIALTIES - 1)

    @property
    def children(self) -> bool:
        return self.no >= MAIN_DOCTORS and (self.no - MAIN_DOCTORS) % CHILDREN_EVERY == 5


@dataclass(frozen=True)
class Plan:
    """The working days from the first to the last, and who works on them."""

    today: date
    days: tuple[date, ...]
    places: tuple[Place, ...]

    @cached_property
    def slots(self) -> int:
        return sum(place.last - place.first + 1 for place in self.places) * SLOTS_A_DAY


def plan(*, slots: int, today: date) -> Plan:
    """Makes a plan: the main doctors' days ahead, then their history, then other doctors, the last part-time."""
    ahead = working_days(today, today + timedelta(days=DAYS_AHEAD))
    past = working_days(today - timedelta(days=DAYS_BACK), today)
    one_day = MAIN_DOCTORS * SLOTS_A_DAY
    if slots < 0.9 * len(ahead) * one_day:
        ahead = ahead[: max(1, round(slots / one_day))]
    history = min(len(past), max(0, round(slots / one_day) - len(ahead)))
    with_history = slots >= HISTORY_FROM_SLOTS
    long_past = _long_past(today, len(past)) if with_history else ()
    days = long_past + past + ahead
    first, today_no, last = len(long_past), len(long_past) + len(past), len(days) - 1
    places = [Place(no, today_no - history, last) for no in range(MAIN_DOCTORS)]
    left = slots - len(places) * (history + len(ahead)) * SLOTS_A_DAY
    if with_history:
        places.append(Place(MAIN_DOCTORS, 0, last, history=True))
        left -= len(days) * SLOTS_A_DAY
    while (working := min(left // SLOTS_A_DAY, last - first + 1)) >= len(ahead):
        places.append(Place(len(places), last - working + 1, last))
        left -= working * SLOTS_A_DAY
    return Plan(today, days, tuple(places))


def working_days(first: date, end: date) -> tuple[date, ...]:
    every = (first + timedelta(days=number) for number in range((end - first).days))
    return tuple(day for day in every if day.isoweekday() <= 5)


def _long_past(today: date, ordinary: int) -> tuple[date, ...]:
    """Returns the days before the ordinary history that make one doctor's past ten times as long."""
    end = today - timedelta(days=DAYS_BACK)
    wanted = ordinary * (HISTORY_TIMES - 1)
    return working_days(end - timedelta(days=wanted * 7 // 5 + 7), end)[-wanted:]
