"""T27, T28: hours on the clinic's wall and the slots of a shift, on any day in any zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from foundation.clock import wall_time
from scheduling.queries.planning import cells
from tests.examples import is_noticed

ZONES = [
    "Europe/Moscow",  # no summer time since 2014-10-26
    "Asia/Vladivostok",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # summer time of half an hour
    "Asia/Kathmandu",  # 5:45 from Greenwich
]
LENGTHS = st.sampled_from([5, 7, 10, 15, 20, 30, 45, 60])
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2014, 10, 26)]
DAYS = st.dates(date(2013, 1, 1), date(2040, 12, 31)) | st.sampled_from(CHANGES)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from(range(0, 60, 5)))


def wall(zone: str, day: date, at: time) -> datetime:
    return wall_time(day, at, zone=zone)


def is_on_the_clock(zone: str, day: date, at: time) -> bool:
    """Tells whether the clock shows this hour: once in spring it leaves one out."""
    there = datetime.combine(day, at, ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).time() == at


@given(st.sampled_from(ZONES), DAYS, TIMES)
@example("Europe/Moscow", date(2014, 10, 26), time(9))
@example("Europe/Berlin", date(2026, 3, 29), time(9))
def test_t27_nine_stays_nine_on_the_wall(zone, day, at):
    assume(is_on_the_clock(zone, day, at))
    moment = wall(zone, day, at)
    assert moment.utcoffset() == timedelta(0), "times are reckoned in UTC"
    there = moment.astimezone(ZoneInfo(zone))
    assert (there.date(), there.time()) == (day, at)


def test_an_offset_that_is_that_of_another_season_is_noticed():
    def differs(case):
        zone, day, at = case
        january = wall(zone, day.replace(month=1, day=1), at)
        return january + (day - day.replace(month=1, day=1)) != wall(zone, day, at)

    assert is_noticed(st.tuples(st.sampled_from(ZONES), DAYS, TIMES), differs)


def by_the_minute(starts_at: datetime, ends_at: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """Walks every minute that really passes and closes a slot when it is full: the slow way."""
    made, opened, passed = [], starts_at, 0
    while starts_at + timedelta(minutes=passed) < ends_at:
        passed += 1
        if passed % minutes == 0:
            made.append((opened, opened := starts_at + timedelta(minutes=passed)))
    return made


@st.composite
def shifts(draw) -> tuple[datetime, datetime, int]:
    """Draws from and until in wall time, over the hours in which the clock may be changed."""
    zone, day = draw(st.sampled_from(ZONES)), draw(DAYS)
    first, last = sorted(draw(st.tuples(TIMES, TIMES)))
    return wall(zone, day, first), wall(zone, day, last), draw(LENGTHS)


@given(shifts())
@example((wall("Europe/Berlin", date(2026, 3, 29), time(0)), wall("Europe/Berlin", date(2026, 3, 29), time(6)), 30))
@example((wall("Europe/Berlin", date(2026, 10, 25), time(0)), wall("Europe/Berlin", date(2026, 10, 25), time(6)), 30))
def test_t28_slots_are_whole_follow_each_other_and_fill_the_shift(shift):
    assert list(cells(*shift)) == by_the_minute(*shift)


def test_t28_a_day_of_23_hours_has_two_slots_less_and_one_of_25_two_more():
    counts = [
        len(list(cells(wall("Europe/Berlin", day, time(0)), wall("Europe/Berlin", day, time(6)), 30)))
        for day in (date(2026, 3, 29), date(2026, 6, 1), date(2026, 10, 25))
    ]
    assert counts == [10, 12, 14]


def test_slots_counted_on_the_wall_are_noticed():
    """Arithmetic in the zone of the clinic loses, or doubles, the hour in which the clock is changed."""

    def differs(case):
        zone, day = case
        first, last = wall(zone, day, time(0)), wall(zone, day, time(6))
        there = first.astimezone(ZoneInfo(zone)), last.astimezone(ZoneInfo(zone))
        return len(list(cells(*there, 30))) != len(by_the_minute(first, last, 30))

    assert is_noticed(st.tuples(st.sampled_from(ZONES), DAYS), differs)
