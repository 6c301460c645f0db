"""Ages are whole years on a day, and birth dates are found back from them."""

from datetime import date

import pytest

from patients.ages import age_on, is_minor, latest_birth


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2009, 3, 11), date(2027, 3, 10), 17),
        (date(2009, 3, 11), date(2027, 3, 11), 18),
        (date(2009, 3, 11), date(2027, 4, 1), 18),
        (date(2009, 3, 11), date(2027, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
    ],
)
def test_a_year_is_whole_on_the_birthday(born, day, age):
    assert age_on(born, day) == age
    assert is_minor(born, day) == (age < 18)


@pytest.mark.parametrize(
    ("day", "age", "born"),
    [
        (date(2027, 3, 11), 18, date(2009, 3, 11)),
        (date(2028, 2, 29), 4, date(2024, 2, 29)),
        (date(2028, 2, 29), 18, date(2010, 2, 28)),
        (date(2027, 3, 11), 0, date(2027, 3, 11)),
        (date(2027, 3, 11), 2026, date(1, 3, 11)),
        (date(2027, 3, 11), 2027, date(1, 3, 11)),
    ],
)
def test_the_last_birth_date_of_an_age(day, age, born):
    assert latest_birth(day, age) == born
