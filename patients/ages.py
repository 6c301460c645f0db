"""Ages are whole years on a given day: the law speaks of birthdays (domain §3.1), reached as the day begins."""

from datetime import date

MAJORITY = 18
OWN_PASSPORT = 14


def age_on(birth_date: date, day: date) -> int:
    """Returns the age in whole years; a person born on 29 February has the birthday on 1 March in a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def is_minor(birth_date: date, day: date) -> bool:
    return age_on(birth_date, day) < MAJORITY


def latest_birth(day: date, age: int) -> date:
    """Returns the last birth date of people who are at least `age` years old on `day`."""
    year = max(day.year - age, 1)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)
