"""Small tables of the load, in a schema of their own: every session reads them, the end drops them."""

from collections.abc import Iterable
from datetime import time, timedelta
from math import gcd
from uuid import UUID

from django.db import connection

from foundation.clock import wall_time
from standalone.seeding.people import Register
from standalone.seeding.reference import Clinic
from standalone.seeding.sizes import Plan

SCHEMA = "seed_scale"
MORNING, AFTERNOON = time(9), time(14)
AFTERNOON_CELL = 10
CELLS_A_DAY = 22
"""Half hours from nine in the morning to eight in the evening; an afternoon begins at the eleventh."""
FOLLOW_UP_DAYS = 10
"""Working days from a visit to its follow-up: two weeks."""
PUBLISHED_WEEKS_BEFORE = 10
TABLES = """
    CREATE UNLOGGED TABLE seed_scale.day (
        no int PRIMARY KEY, date date, morning timestamptz, afternoon timestamptz,
        earlier_morning timestamptz, earlier_afternoon timestamptz, published_at timestamptz
    );
    CREATE UNLOGGED TABLE seed_scale.doctor (
        no int PRIMARY KEY, id uuid, room_id uuid, name text, first_day int, last_day int, children boolean,
        pool_no int, pool_size int, pool_step int, services uuid[], prices numeric[]
    );
    CREATE UNLOGGED TABLE seed_scale.specialty (no int PRIMARY KEY, id uuid, services uuid[], doctors uuid[]);
"""


class TooFewPatients(Exception):
    """There are too few patients: one of them would have to be with two doctors at once."""


def exists() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [SCHEMA])
        return cursor.fetchone()[0]


def make() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        cursor.execute(TABLES)


def drop() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def fill(clinic: Clinic, register: Register) -> None:
    _copy("day", _days(clinic.plan))
    _copy("doctor", _doctors(clinic, register))
    _copy("specialty", _specialties(clinic))
    with connection.cursor() as cursor:
        for table in ("day", "doctor", "specialty"):
            cursor.execute(f"ANALYZE {SCHEMA}.{table}")


def check_patients(plan: Plan, register: Register) -> None:
    """Checks that nobody has to be with two doctors at once. Raises TooFewPatients."""
    children = sum(place.children for place in plan.places)
    step_through(size=register.adults, doctors=len(plan.places) - children)
    if children:
        step_through(size=register.children, doctors=children)


def step_through(*, size: int, doctors: int) -> int:
    """Returns how far doctors move through the pool each half hour, so that no patient is in two rooms.

    At the half hour `t` doctor number `d` sees patient `t × step + d` of the pool. Two half hours may meet in one
    visit: a long visit reaches into the next, a follow-up repeats the patient of two weeks before. Those must be
    `doctors` apart at least.
    """
    later = FOLLOW_UP_DAYS * CELLS_A_DAY
    meeting = (1, later - 1, later, later + 1)
    for step in range(size * 618 // 1000, size):
        apart = all(doctors <= step * cells % size <= size - doctors for cells in meeting)
        if apart and gcd(step, size) == 1:
            return step
    raise TooFewPatients


def _days(plan: Plan) -> Iterable[tuple]:
    for no, day in enumerate(plan.days):
        earlier = plan.days[no - FOLLOW_UP_DAYS] if no >= FOLLOW_UP_DAYS else day
        monday = day - timedelta(days=day.weekday(), weeks=PUBLISHED_WEEKS_BEFORE)
        yield (
            no,
            day,
            *(wall_time(day, MORNING), wall_time(day, AFTERNOON)),
            *(wall_time(earlier, MORNING), wall_time(earlier, AFTERNOON)),
            wall_time(monday, time(12)),
        )


def _doctors(clinic: Clinic, register: Register) -> Iterable[tuple]:
    places = clinic.plan.places
    children = sum(place.children for place in places)
    numbers = {True: iter(range(len(places))), False: iter(range(len(places)))}
    sizes = {True: register.children, False: register.adults}
    steps = {False: step_through(size=register.adults, doctors=len(places) - children)}
    if children:
        steps[True] = step_through(size=register.children, doctors=children)
    for place in places:
        doctor, services = clinic.doctors[place.no], clinic.services[place.specialty]
        pool = place.children
        yield (
            *(place.no, doctor.pk, doctor.room_id, doctor.full_name, place.first, place.last, pool),
            *(next(numbers[pool]), sizes[pool], steps[pool]),
            [service.pk for service in services],
            [service.price for service in services],
        )


def _specialties(clinic: Clinic) -> Iterable[tuple[int, UUID, list[UUID], list[UUID]]]:
    for no, specialty in enumerate(clinic.specialties):
        services = [service.pk for service in clinic.services[no]]
        yield no, specialty.pk, services, [doctor.pk for doctor in clinic.doctors_of(no)]


def _copy(table: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {SCHEMA}.{table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
