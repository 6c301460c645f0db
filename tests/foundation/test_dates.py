"""Any spelling of a date is one date, whichever field reads it."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation.text.date_fields import BirthDateField, TypedDateField
from foundation.text.dates import Sense, parse
from tests.examples import is_noticed

TODAY = date(2026, 11, 28)
THE_FIFTH_OF_MARCH = [
    "05.03.1985", " 05.03.1985", "05.03.1985 ", "5.3.1985", "5.03.1985", "05-03-1985", "5-3-85", "5/3/85", "05/03/1985",
    "050385", "05031985", "05.03.85", "05,03,1985", "05 03 1985", "05 03 85", "5 3 1985", "05. 03. 1985",
    "05 . 03 . 1985", "05..03.1985", "05_03_1985", "05\\03\\1985", "5 марта 1985", "5 марта 85", "5 мар 85",
    "5 мар. 1985", "5 Марта 1985", "5 МАРТА 1985 Г.", "5марта1985", "5 март 1985", "05 марта 1985 года",
    "5-го марта 1985", "5-е марта 1985",
    "5.марта.1985", "5-мар-85", "5 марта, 1985", "5 mar 1985", "5 March 1985", "5.III.1985", "5.III.85", "5/iii/1985",
    "1985-03-05", "1985.03.05", "1985/3/5", "1985 03 05", "19850305", "05.03.1985 г.", "05.03.1985г", "05.03.1985 г.р.",
    "05.03.1985 года", "05.03.1985.", "05.03.'85", "05–03–1985", "05—03—1985", "05−03−1985", "05‑03‑1985", "O5.O3.1985",
    "О5.О3.1985", "05.03.l985", "０５．０３．１９８５", "٠٥.٠٣.١٩٨٥", "05\u00a003\u00a01985",
    "05.03.1985\u200b", "\u202a05.03.1985\u202c",
    "05\t03\t1985", "5 мaртa 1985",
]  # fmt: skip
WRONG = {
    "": "invalid",
    "нет": "invalid",
    "1985": "invalid",
    "5": "invalid",
    "05.03.198": "invalid",
    "05.03.19855": "invalid",
    "005.03.1985": "invalid",
    "5031985": "invalid",
    "5 ию 1985": "invalid",
    "5 ма 1985": "invalid",
    "05.03.1985 10:30": "invalid",
    "05.03.1985 06.03.1985": "invalid",
    "около 05.03.1985": "invalid",
    "1" * 500: "invalid",
    "31.02.1985": "no_day",
    "29.02.1985": "no_day",
    "29.02.85": "no_day",
    "13.13.1985": "no_day",
    "00.03.1985": "no_day",
    "05.03.0000": "no_day",
    "310485": "no_day",
    "5.3": "no_year",
    "5 марта": "no_year",
    "0503": "no_year",
}


@pytest.mark.parametrize("typed", THE_FIFTH_OF_MARCH)
def test_d28_a_birth_date_is_one_date(typed):
    assert parse(typed, today=TODAY, sense=Sense.BIRTH) == date(1985, 3, 5)


@pytest.mark.parametrize("typed", WRONG)
def test_what_is_no_date_says_why(typed):
    with pytest.raises(ValidationError) as refused:
        parse(typed, today=TODAY, sense=Sense.BIRTH)
    assert refused.value.code == WRONG[typed]


@pytest.mark.parametrize(
    ("typed", "sense", "day"),
    [
        ("28.11.26", Sense.BIRTH, date(2026, 11, 28)),
        ("29.11.26", Sense.BIRTH, date(1926, 11, 29)),
        ("29.02.00", Sense.BIRTH, date(2000, 2, 29)),
        ("01.01.27", Sense.BIRTH, date(1927, 1, 1)),
        ("17.05.2090", Sense.BIRTH, date(2090, 5, 17)),
        ("20051112", Sense.BIRTH, date(2005, 11, 12)),
        ("20111985", Sense.BIRTH, date(1985, 11, 20)),
        ("3.12", Sense.AHEAD, date(2026, 12, 3)),
        ("3.12.", Sense.AHEAD, date(2026, 12, 3)),
        ("3 дек", Sense.AHEAD, date(2026, 12, 3)),
        ("3 авг", Sense.AHEAD, date(2027, 8, 3)),
        ("0312", Sense.AHEAD, date(2026, 12, 3)),
        ("28.11", Sense.AHEAD, date(2026, 11, 28)),
        ("27.11", Sense.AHEAD, date(2027, 11, 27)),
        ("29.02", Sense.AHEAD, date(2028, 2, 29)),
        ("27.11.26", Sense.AHEAD, date(2026, 11, 27)),
        ("3.12", Sense.PAST, date(2025, 12, 3)),
        ("28.11", Sense.PAST, date(2026, 11, 28)),
        ("3.12.26", Sense.PAST, date(2026, 12, 3)),
        ("5.3.19", Sense.PAST, date(2019, 3, 5)),
        ("25.11", Sense.NEAREST, date(2026, 11, 25)),
        ("2.01", Sense.NEAREST, date(2027, 1, 2)),
        ("2.01.27", Sense.NEAREST, date(2027, 1, 2)),
    ],
)
def test_a_year_that_is_short_or_left_out_is_the_sensible_one(typed, sense, day):
    assert parse(typed, today=TODAY, sense=sense) == day


SPELLINGS = st.sampled_from(
    ["{0:%d.%m.%Y}", "{0:%d%m%Y}", "{0:%Y-%m-%d}", "{0.day}/{0.month}/{0.year}", " {0:%d-%m-%Y} г.", "{0:%d %m %Y}"]
)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), SPELLINGS, st.sampled_from(Sense), st.dates())
def test_a_date_with_its_year_is_read_back_whatever_the_day(day, spelling, sense, today):
    assert parse(spelling.format(day), today=today, sense=sense) == day


def test_a_month_before_its_day_would_be_noticed():
    def differs(day: date) -> bool:
        return day.day <= 12 and parse(f"{day:%m.%d.%Y}", today=TODAY, sense=Sense.AHEAD) != day

    assert is_noticed(st.dates(date(1900, 1, 1), date(2199, 12, 31)), differs)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 99 * 365))
def test_two_digits_of_the_year_of_birth_are_the_latest_that_has_passed(today, days):
    born = today - timedelta(days=days)
    assert parse(f"{born:%d.%m.%y}", today=today, sense=Sense.BIRTH) == born


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(0, 364))
def test_a_day_without_a_year_is_today_or_the_nearest_ahead(today, days):
    day = today + timedelta(days=days)
    assert parse(f"{day:%d.%m}", today=today, sense=Sense.AHEAD) == day


@given(st.text(max_size=50))
def test_anything_else_is_a_date_or_a_sentence(text):
    with suppress(ValidationError):
        day = parse(text, today=TODAY, sense=Sense.NEAREST)
        assert parse(f"{day:%Y-%m-%d}", today=TODAY, sense=Sense.NEAREST) == day


@pytest.mark.parametrize("hour", ["00:05", "03:30", "23:59"])
def test_today_is_the_day_of_the_clinic(hour):
    moment = datetime.fromisoformat(f"2026-11-28T{hour}").replace(tzinfo=timezone.get_default_timezone())
    with time_machine.travel(moment, tick=False):
        assert TypedDateField(sense=Sense.AHEAD).clean("28.11") == TODAY
        assert BirthDateField().clean("28.11.26") == TODAY
        assert BirthDateField().clean("29.11.26") == date(1926, 11, 29)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (TypedDateField(), "когда-нибудь", "Напишите дату так: 17.05.1990."),
        (TypedDateField(), "31.02.2027", "Такого дня нет. Проверьте дату."),
        (TypedDateField(), "31.12.9998", "Проверьте год."),
        (BirthDateField(), "3.12", "Напишите и год: 17.05.1990."),
        (BirthDateField(), "31.12.9998", "Дата рождения в будущем. Проверьте год."),
        (BirthDateField(), "31.12.1899", "Дата рождения раньше 1900 года. Проверьте год."),
    ],
)
def test_a_field_says_what_to_put_right(field, typed, sentence):
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [sentence]


def test_a_field_shows_a_date_as_people_write_it_and_cuts_nothing():
    field = TypedDateField(required=False)
    assert (field.widget.format_value(TODAY), field.clean("  "), field.clean(TODAY)) == ("28.11.2026", None, TODAY)
    assert "maxlength" not in field.widget.attrs
