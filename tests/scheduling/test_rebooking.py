"""The times that are offered instead of a visit inside an absence: three ideas, three different places."""

from datetime import timedelta

import pytest

from scheduling.choices import Alternative
from scheduling.queries import day
from scheduling.queries.rebooking import proposals
from tests import factories as make

pytestmark = pytest.mark.django_db

SAME_DOCTOR, SAME_DAY, SOONEST = Alternative


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def doctor(service):
    return make.doctor(service)


@pytest.fixture
def visit(doctor):
    """A visit at ten on the day after tomorrow; its doctor is away on that day and the next."""
    booked = make.appointment(make.slots_of(make.shift(doctor, days=2, starts="10:00"))[0])
    make.shift(doctor, days=3)
    make.away(doctor, 2, 3)
    return booked


def times(visit):
    return [(found.idea, found.slot.pk) for found in proposals(visit)]


def first(of, **plan):
    return make.slots_of(make.shift(of, **plan))[0].pk


def test_each_idea_finds_its_best_start(service, doctor, visit):
    first(doctor, days=1)
    later = first(doctor, days=4)
    beside = make.slots_of(make.shift(make.doctor(service), days=2, starts="08:00", slots=8))
    soonest = first(make.doctor(service), days=1, starts="08:00")
    assert times(visit) == [(SAME_DOCTOR, later), (SAME_DAY, beside[4].pk), (SOONEST, soonest)]


def test_the_closest_hour_may_be_before_the_old_one(service, visit):
    first(make.doctor(service), days=2, starts="12:00")
    before = make.slots_of(make.shift(make.doctor(service), days=2, starts="08:00", slots=3))[2].pk
    assert times(visit)[0] == (SAME_DAY, before)


def test_no_two_are_of_one_doctor_on_one_half_of_a_day(doctor, visit):
    morning = first(doctor, days=4, slots=2)
    evening = first(doctor, days=4, starts="15:00", slots=2)
    assert times(visit) == [(SAME_DOCTOR, morning), (SOONEST, evening)]


def test_an_idea_that_finds_nothing_leaves_its_place_to_the_soonest(service, visit):
    colleague = make.doctor(service)
    soonest = [first(colleague, days=days) for days in (4, 5, 6, 7)]
    assert times(visit) == [(SOONEST, slot) for slot in soonest[:3]]


def test_nothing_is_proposed_where_nothing_is_free(visit):
    assert times(visit) == []


def test_an_absence_of_a_part_of_the_day_leaves_the_rest_of_it(doctor):
    slots = make.slots_of(make.shift(doctor, days=2, starts="10:00"))
    visit = make.appointment(slots[1])
    make.absence(doctor, slots[1].starts_at, slots[1].ends_at)
    assert times(visit) == [(SAME_DOCTOR, slots[2].pk)]


def test_a_doctor_who_does_not_see_the_age_is_not_proposed(service, doctor):
    visit = make.appointment(make.slots_of(make.shift(doctor, days=2))[0], of=make.child())
    make.away(doctor, 2, 2)
    first(make.doctor(service, min_age=18), days=2)
    assert times(visit) == []


def test_another_visit_of_the_patient_is_not_overlapped(service, doctor, visit):
    other = make.slots_of(make.shift(make.doctor(), days=2, starts="10:30"))[0]
    make.appointment(other, of=visit.patient)
    beside = make.slots_of(make.shift(make.doctor(service), days=2, starts="10:30", slots=2))
    assert times(visit) == [(SAME_DAY, beside[1].pk)]


def test_a_doctor_of_another_service_is_not_proposed(visit):
    first(make.doctor(), days=2)
    assert times(visit) == []


def test_nothing_that_has_begun_is_proposed(visit, service):
    late = make.slots_of(make.shift(make.doctor(service), days=2, starts="09:00", slots=4))
    now = late[1].starts_at + timedelta(minutes=20)
    assert [found.slot.pk for found in proposals(visit, now=now)] == [late[2].pk]


def test_proposals_cost_the_same_for_few_and_for_many(service, doctor, visit, django_assert_num_queries):
    """Three searches; each asks for the zones of the locations as well, which a running clinic remembers."""
    for count in (1, 12):
        for days in range(4, 4 + count):
            first(make.doctor(service), days=days % 3 + 1)
        visit = day.with_facts(visit.pk)
        with django_assert_num_queries(7):
            proposals(visit)
