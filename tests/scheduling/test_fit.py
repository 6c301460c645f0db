"""The three readings of every condition of a fit, held against one another: Python, SQL over slots, SQL over wishes."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from foundation.clock import wall_time
from scheduling.choices import Misfit
from scheduling.queries import fit
from scheduling.queries.fit import CONDITIONS, Age, Condition, Days, Doctors, Hours, Notice, PutOff, Start, Weekdays
from scheduling.wishes import ANY_TIME, TimeWishes
from tests.examples import few, is_noticed

pytestmark = pytest.mark.django_db

ANNA, BORIS = UUID(int=1), UUID(int=2)
NOW = datetime(2028, 2, 27, 9, tzinfo=UTC)
"""Two days before a 29 February."""

DATES = st.dates(date(2028, 2, 26), date(2028, 3, 4))
MOMENTS = st.datetimes(datetime(2028, 2, 27, 10), datetime(2028, 3, 3)).map(
    lambda moment: moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0, tzinfo=UTC)
)
CLOCK = st.sampled_from([time(8), time(9, 30), time(12), time(15), time(20)])
BIRTHS = st.builds(
    lambda year, day: day.replace(year=year) if (day.month, day.day) != (2, 29) else date(year - year % 4, 2, 29),
    st.sampled_from([2008, 2009, 2010, 2011, 2012, 2024]),
    st.dates(date(2028, 2, 26), date(2028, 3, 3)),
)
WISHES = st.builds(
    TimeWishes,
    doctor_ids=st.sampled_from([(), (ANNA,), (BORIS,), (ANNA, BORIS)]),
    not_doctor_ids=st.sampled_from([(), (), (ANNA,)]),
    date_from=DATES,
    date_until=st.none() | DATES,
    weekdays=st.lists(st.integers(1, 7), max_size=4, unique=True),
    time_from=st.just(time.min) | CLOCK,
    time_until=st.just(time.max) | CLOCK,
    notice_minutes=st.sampled_from([0, 60, 24 * 60]),
    not_before=st.none() | MOMENTS,
    birth_date=BIRTHS,
)
AGES = st.sampled_from([(0, 150), (0, 17), (18, 150), (16, 19), (3, 3)])
MINUTES = st.sampled_from([15, 30, 60, 480])
"""The longest visit begins in the evening and passes midnight."""
STARTS = st.builds(
    lambda starts_at, ages, minutes: start_at(starts_at, ages=ages, minutes=minutes),
    MOMENTS,
    AGES,
    MINUTES,
)


def start_at(
    starts_at: datetime,
    *,
    ages: tuple[int, int] = (0, 150),
    doctor: UUID = ANNA,
    minutes: int = 30,
    zone: str = settings.TIME_ZONE,
) -> Start:
    seen = SimpleNamespace(pk=doctor, min_age=ages[0], max_age=ages[1])
    return Start.of(starts_at, doctor=seen, now=NOW, minutes=minutes, zone=zone)


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """Returns a moment of March 2028 in the clinic's wall time, which is three hours ahead."""
    return datetime(2028, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=3)


def of_slots(condition: Condition, wishes: TimeWishes, start: Start) -> bool:
    """Tells whether the search for these wishes finds the start."""
    earliest, until = condition.earliest(wishes, NOW), condition.until(wishes)
    if (earliest and start.starts_at < earliest) or (until and start.starts_at >= until):
        return False
    clause = condition.clause(wishes)
    if clause is None:
        return True
    sql = f"""SELECT {clause.sql} FROM (SELECT %(starts_at)s::timestamptz AS starts_at, NULL::uuid AS shift_id) slot,
        (SELECT %(min_age)s::smallint AS min_age, %(max_age)s::smallint AS max_age) doctor,
        (SELECT %(minutes)s::smallint AS minutes) service"""
    doctor = {"min_age": start.doctor.min_age, "max_age": start.doctor.max_age}
    beside = {"starts_at": start.starts_at, "minutes": start.minutes, "zone": start.wall.tzinfo.key}
    return answer(sql, clause.values | doctor | beside)


def of_wishes(condition: Condition, wishes: TimeWishes, start: Start) -> bool:
    """Tells whether the ranking for this start finds the wishes."""
    bits = sum(map(fit.weekday_bit, wishes.weekdays or range(1, 8)))
    several = {name: list(getattr(wishes, name)) for name in ("doctor_ids", "not_doctor_ids")}
    kept = asdict(wishes) | several | {"weekday_bits": bits}
    sql = f"""SELECT {condition.stored("entry").format(number=0)} FROM (SELECT
        %(doctor_ids)s::uuid[] AS doctor_ids, %(not_doctor_ids)s::uuid[] AS not_doctor_ids,
        %(date_from)s::date AS date_from, %(date_until)s::date AS date_until,
        %(weekday_bits)s::int AS weekday_bits, %(time_from)s::time AS time_from, %(time_until)s::time AS time_until,
        %(notice_minutes)s::int AS notice_minutes, %(not_before)s::timestamptz AS not_before,
        %(birth_date)s::date AS birth_date) entry"""
    return answer(sql, kept | {f"{name}_0": value for name, value in start.values().items()})


def answer(sql: str, values: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.misfit)
@few(60)
@given(WISHES, STARTS)
def test_all_readings_say_the_same(condition, wishes, start):
    met = condition.met(wishes, start)
    assert of_wishes(condition, wishes, start) == met
    if not isinstance(condition, Doctors):  # a search is told whose times it reads
        assert of_slots(condition, wishes, start) == met


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: condition.misfit)
def test_a_reading_that_forgets_its_condition_is_noticed(condition):
    pairs = st.tuples(WISHES, STARTS)
    assert is_noticed(pairs, lambda pair: not condition.met(*pair))
    assert is_noticed(pairs, lambda pair: not of_wishes(condition, *pair))
    if not isinstance(condition, Doctors):
        assert is_noticed(pairs, lambda pair: not of_slots(condition, *pair))


def test_whoever_wishes_nothing_takes_any_start():
    start = start_at(wall(1, 10))
    assert [condition.met(ANY_TIME, start) for condition in CONDITIONS] == [True] * len(CONDITIONS)
    assert [condition.clause(ANY_TIME) for condition in CONDITIONS] == [None] * len(CONDITIONS)
    assert [condition.earliest(ANY_TIME, NOW) for condition in CONDITIONS] == [None] * len(CONDITIONS)
    assert [condition.until(ANY_TIME) for condition in CONDITIONS] == [None] * len(CONDITIONS)


def test_every_wish_has_a_condition_and_every_condition_a_reason_of_its_own():
    reasons = [condition.misfit for condition in CONDITIONS]
    assert len(set(reasons)) == len(reasons)
    of_people = {Misfit.NO_EARLIER, Misfit.BUSY, Misfit.ASKED, Misfit.OFFERED, Misfit.RESTING}
    of_people |= {Misfit.WRITES, Misfit.SILENT, Misfit.NO_NUMBER, Misfit.DECLINES, Misfit.CONTACTED}
    assert set(Misfit) - set(reasons) == of_people | {Misfit.SERVICE}


MONDAY, TUESDAY = wall(6, 10), wall(7, 10)


@pytest.mark.parametrize(
    ("condition", "wishes", "fits", "misses"),
    [
        (Days(), {"date_from": date(2028, 3, 6)}, wall(6, 0), wall(5, 23, 45)),
        (Days(), {"date_until": date(2028, 3, 6)}, wall(6, 23, 45), wall(7, 0)),
        (Weekdays(), {"weekdays": [1]}, MONDAY, TUESDAY),
        (Weekdays(), {"weekdays": [2, 7]}, TUESDAY, MONDAY),
        (Hours(), {"time_from": time(16)}, wall(1, 16), wall(1, 15, 59)),
        (Hours(), {"time_until": time(16)}, wall(1, 15, 30), wall(1, 15, 31)),
        (Hours(), {"time_from": time(23), "time_until": time(23, 59)}, wall(1, 23, 29), wall(1, 23, 30)),
        (Notice(), {"notice_minutes": 60}, NOW + timedelta(minutes=60), NOW + timedelta(minutes=59)),
        (PutOff(), {"not_before": wall(1, 16)}, wall(1, 16, 1), wall(1, 16)),
    ],
)
def test_the_border_of_a_wish(condition, wishes, fits, misses):
    wished = replace(TimeWishes(date_from=date(2028, 1, 1), birth_date=date(1990, 5, 5)), **wishes)
    for moment, expected in ((fits, True), (misses, False)):
        start = start_at(moment)
        assert condition.met(wished, start) is expected
        assert of_slots(condition, wished, start) is expected
        assert of_wishes(condition, wished, start) is expected


@pytest.mark.parametrize(
    ("begins", "minutes", "until", "expected"),
    [
        ("16:30", 60, time(17), False),
        ("16:30", 30, time(17), True),
        ("16:00", 60, time(17), True),
        ("09:00", 480, time(17), True),
        ("09:01", 480, time(17), False),
        ("23:00", 60, time(23, 59), False),  # midnight is the next day's
        ("23:30", 60, time(1), False),  # so is half past midnight, though it is before one
        ("23:30", 60, time.max, True),
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Moscow", "Asia/Yekaterinburg", "America/New_York"])
def test_d52_the_visit_is_over_by_the_wished_hour(begins, minutes, until, expected, zone):
    start = start_at(wall_time(date(2028, 3, 1), time.fromisoformat(begins), zone=zone), minutes=minutes, zone=zone)
    assert readings(TimeWishes(date_from=date(2028, 1, 1), time_until=until), start) == [expected] * 3


@pytest.mark.parametrize(
    ("day", "until", "expected"),
    [
        (
            date(2028, 3, 26),
            time(3, 30),
            True,
        ),  # clocks go forward at two: half past one and an hour is half past three
        (date(2028, 3, 26), time(3, 15), False),
        (date(2028, 10, 29), time(2, 30), True),
        (date(2028, 10, 29), time(2, 15), False),
    ],
)
def test_an_hour_counts_as_the_clock_on_the_wall_shows_it(day, until, expected):
    start = start_at(wall_time(day, time(1, 30), zone="Europe/Berlin"), minutes=60, zone="Europe/Berlin")
    assert readings(TimeWishes(date_from=date(2028, 1, 1), time_until=until), start) == [expected] * 3


def readings(wishes: TimeWishes, start: Start) -> list[bool]:
    return [Hours().met(wishes, start), of_slots(Hours(), wishes, start), of_wishes(Hours(), wishes, start)]


@pytest.mark.parametrize(
    ("born", "day", "seen_by_children_doctor", "seen_by_adults_doctor"),
    [
        (date(2010, 3, 2), date(2028, 3, 1), True, False),
        (date(2010, 3, 2), date(2028, 3, 2), False, True),
        (date(2008, 2, 29), date(2026, 2, 28), True, False),  # a common year: the birthday is on 1 March
        (date(2008, 2, 29), date(2026, 3, 1), False, True),
        (date(2010, 3, 1), date(2028, 2, 29), True, False),
        (date(2010, 2, 28), date(2028, 2, 28), False, True),
    ],
)
def test_the_age_is_that_of_the_day_of_the_visit(born, day, seen_by_children_doctor, seen_by_adults_doctor):
    wishes = TimeWishes(date_from=date(2020, 1, 1), birth_date=born)
    for ages, expected in (((0, 17), seen_by_children_doctor), ((18, 150), seen_by_adults_doctor)):
        for clock in (time.min, time(23, 45)):
            start = start_at(datetime.combine(day, clock, UTC) - timedelta(hours=3), ages=ages)
            assert Age().met(wishes, start) is expected
            assert of_slots(Age(), wishes, start) is expected
            assert of_wishes(Age(), wishes, start) is expected


@pytest.mark.parametrize(("doctor", "met"), [(ANNA, True), (BORIS, False)])
def test_the_doctor_who_is_wished(doctor, met):
    wishes, start = TimeWishes(doctor_ids=(ANNA,), date_from=date(2028, 1, 1)), start_at(MONDAY, doctor=doctor)
    assert Doctors().met(wishes, start) is met
    assert of_wishes(Doctors(), wishes, start) is met


@pytest.mark.parametrize("named", [(), (ANNA, BORIS)])
@pytest.mark.parametrize(("doctor", "met"), [(ANNA, False), (BORIS, True)])
def test_the_doctor_who_is_not_wished(doctor, met, named):
    wishes = TimeWishes(doctor_ids=named, not_doctor_ids=(ANNA,), date_from=date(2028, 1, 1))
    start = start_at(MONDAY, doctor=doctor)
    assert Doctors().met(wishes, start) is met
    assert of_wishes(Doctors(), wishes, start) is met
