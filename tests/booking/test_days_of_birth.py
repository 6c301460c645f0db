"""T29: ages count on the day of the visit, to the day: at midnight, New Year and the end of February."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

import booking
from patients.errors import RepresentativeNeeded
from scheduling.errors import TooYoungForSite
from scheduling.models import Slot
from tests import factories as make
from tests.factories.timetable import MOSCOW

pytestmark = pytest.mark.django_db
TURNS = [
    ((12, 31), "2027-12-30 23:30", "2027-12-31 00:00"),
    ((1, 1), "2027-12-31 23:30", "2028-01-01 00:00"),
    ((3, 1), "2028-02-29 23:30", "2028-03-01 00:00"),
    ((3, 1), "2029-02-28 23:30", "2029-03-01 00:00"),
    ((6, 15), "2028-06-14 23:30", "2028-06-15 00:00"),
]
"""A birthday, the last time of the day before it and the first one of it."""
LEAP_BIRTHS = [(14, 2016, 2030), (18, 2012, 2030)]
"""Ages, years of birth and of the visit: a birthday on 29 February is on 1 March of a common year."""


@pytest.fixture
def now():
    with time_machine.travel(datetime(2027, 12, 1, 12, tzinfo=MOSCOW)):
        yield


def time_at(wall: str) -> Slot:
    starts_at = datetime.fromisoformat(wall).replace(tzinfo=MOSCOW)
    return make.slots_of(make.shift(make.doctor(), starts_at=starts_at, slots=1))[0]


def born(age: int, birthday: tuple[int, int], wall: str) -> date:
    """Returns the birth of whoever comes to this age on the birthday that is next to the visit."""
    day = datetime.fromisoformat(wall).date() + timedelta(days=1)
    return date(day.year - age, *birthday)


def cases(age: int) -> list[tuple[date, str, bool]]:
    """Returns births and visits, with whether the person is of this age by then."""
    found = []
    for birthday, before, on in TURNS:
        birth = born(age, birthday, before)
        found += [(birth, before, False), (birth, on, True)]
    for of_age, birth_year, year in LEAP_BIRTHS:
        if of_age == age:
            birth = date(birth_year, 2, 29)
            found += [(birth, f"{year}-02-28 23:30", False), (birth, f"{year}-03-01 00:00", True)]
    return found


@pytest.mark.parametrize(("birth", "wall", "of_age"), cases(14))
def test_t29_at_fourteen_a_person_comes_alone(now, birth, wall, of_age):
    slot, patient = time_at(wall), make.patient(birth_date=birth)
    case = {"slot": slot.pk, "service": slot.doctor.services.get(), "patient": patient, "by": make.TEST}
    if of_age:
        assert booking.by_phone(**case).starts_at == slot.starts_at
        return
    with pytest.raises(RepresentativeNeeded):
        booking.by_phone(**case)


@pytest.mark.parametrize(("birth", "wall", "of_age"), cases(18))
def test_t29_at_eighteen_a_person_books_alone_on_the_site(now, birth, wall, of_age):
    slot, person = time_at(wall), make.person(birth_date=birth)
    case = {"slot": slot.pk, "service": slot.doctor.services.get().pk, "person": person, "by": make.TEST}
    case |= {"consent_text": "Согласен", "key": "k", "code": None}
    if of_age:
        assert booking.on_site(**case).starts_at == slot.starts_at
        return
    with pytest.raises(TooYoungForSite):
        booking.on_site(**case)


@pytest.mark.parametrize(("birth", "wall", "of_age"), cases(18))
def test_t29_at_eighteen_whoever_acted_for_a_person_falls_away(now, birth, wall, of_age):
    slot, patient = time_at(wall), make.patient(birth_date=birth)
    mother = make.parent_of(patient)
    visit = booking.by_phone(
        slot=slot.pk,
        service=slot.doctor.services.get(),
        patient=patient,
        representative=mother,
        by=make.TEST,
    )
    assert visit.representation == (None if of_age else mother)
