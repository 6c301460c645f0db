"""T29, T80, T81 on any birthday and any day: the age, and whose documents may be demanded."""

from calendar import isleap
from datetime import date, timedelta
from itertools import product

from hypothesis import example, given
from hypothesis import strategies as st

from patients.ages import age_on, is_minor
from patients.choices import Applicant, Channel, Relation
from patients.demandable import Demandable, applicant_for, demandable, to_bring
from patients.errors import NotForAdult, RepresentativeNeeded
from tests.examples import is_noticed

ID, BIRTH, POWER = Demandable.IDENTITY, Demandable.BIRTH_CERTIFICATE, Demandable.POWER_OF_ATTORNEY
BY_LAW = {Relation.PARENT, Relation.ADOPTER, Relation.GUARDIAN, Relation.TRUSTEE}
CLOSE = st.integers(-2, 2)
"""Days around a birthday: this is where the law changes its mind."""


@st.composite
def births_and_days(draw) -> tuple[date, date]:
    """Draws a birth and a later day, every second time near a birthday."""
    birth = draw(
        st.dates(date(1920, 1, 1), date(2027, 12, 31)) | st.sampled_from([date(2008, 2, 29), date(2012, 2, 29)])
    )
    if draw(st.booleans()):
        return birth, draw(st.dates(birth, date(2040, 12, 31)))
    day = birthday(birth, birth.year + draw(st.sampled_from([0, 1, 14, 15, 18, 100]))) + timedelta(draw(CLOSE))
    return birth, max(birth, day)


def birthday(birth: date, year: int) -> date:
    """Returns the birthday in a year: 1 March for those born on 29 February, in a common year."""
    if (birth.month, birth.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def counted(birth: date, day: date) -> int:
    """Counts the slow way how many birthdays have come since the birth."""
    return sum(birthday(birth, year) <= day for year in range(birth.year + 1, day.year + 1))


@given(births_and_days())
@example((date(2008, 2, 29), date(2026, 2, 28)))
@example((date(2008, 2, 29), date(2026, 3, 1)))
def test_the_age_is_the_number_of_birthdays(case):
    birth, day = case
    assert age_on(birth, day) == counted(birth, day)
    assert is_minor(birth, day) == (counted(birth, day) < 18)


def test_a_year_of_365_days_and_a_quarter_is_noticed():
    assert is_noticed(births_and_days(), lambda case: int((case[1] - case[0]).days / 365.25) != counted(*case))


def expected(birth: date, day: date, relation: Relation | None, for_other: bool) -> Applicant | type[Exception]:
    """Returns the rules as the clinic tells them: one line for each age and applicant (domain §3.3)."""
    age = counted(birth, day)
    if age >= 18 and relation:
        return NotForAdult
    if age >= 18:
        return Applicant.ADULT_FOR_ADULT if for_other else Applicant.PATIENT
    if relation:
        return Applicant.LEGAL_REPRESENTATIVE if relation in BY_LAW else Applicant.OTHER_PERSON
    return Applicant.PATIENT if age >= 14 else RepresentativeNeeded


def found(birth: date, day: date, relation: Relation | None, for_other: bool) -> Applicant | type[Exception]:
    try:
        return applicant_for(birth_date=birth, day=day, relation=relation, for_other=for_other)
    except (NotForAdult, RepresentativeNeeded) as refusal:
        return type(refusal)


CASES = st.tuples(births_and_days(), st.none() | st.sampled_from(Relation), st.booleans())


@given(CASES)
def test_t81_the_case_follows_from_the_day_and_from_who_stands_there(case):
    (birth, day), relation, for_other = case
    assert found(birth, day, relation, for_other) == expected(birth, day, relation, for_other)


def test_the_age_on_the_day_of_booking_is_noticed():
    """A case booked a month ahead would be decided for a younger person."""

    def differs(case):
        (birth, day), relation, for_other = case
        booked_on = max(birth, day - timedelta(30))
        return found(birth, booked_on, relation, for_other) != expected(birth, day, relation, for_other)

    assert is_noticed(CASES, differs)


def test_t80_nothing_but_the_matrix_is_demanded_of_anybody():
    asked = {
        Applicant.PATIENT: (ID,),
        Applicant.LEGAL_REPRESENTATIVE: (ID, BIRTH),
        Applicant.OTHER_PERSON: (ID, BIRTH, POWER),
        Applicant.ADULT_FOR_ADULT: (),
    }
    for channel, applicant in product(Channel, Applicant):
        assert demandable(channel=channel, applicant=applicant) == (asked[applicant] if channel == "registry" else ())
        assert set(demandable(channel=channel, applicant=applicant)) <= set(to_bring(applicant))
