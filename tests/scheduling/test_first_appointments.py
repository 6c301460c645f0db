"""W16: what is meant by whoever names no service, told from one doctor's services and by one statement."""

import itertools

import pytest

from scheduling.choices import ServiceKind
from scheduling.queries import availability, first_appointments
from tests import factories as make

pytestmark = pytest.mark.django_db

VISIT, CONSULTATION, EXAMINATION = ServiceKind.VISIT, ServiceKind.CONSULTATION, ServiceKind.EXAMINATION


@pytest.fixture
def price_list():
    """A price list whose first line is an examination."""
    skin = make.specialty()
    lines = (("Дерматоскопия", EXAMINATION, 30), ("Приём", VISIT, 60), ("По анализам", CONSULTATION, 15))
    return [
        make.service(skin, name=name, kind=kind, minutes=minutes, order=order)
        for order, (name, kind, minutes) in enumerate(lines)
    ]


def test_the_first_appointment_is_no_examination_and_no_shorter_line_below(price_list):
    skin = price_list[0].specialty
    doctor = make.doctor(*price_list)
    assert first_appointments.by_doctor(skin) == {doctor.pk: price_list[1]}


def test_each_doctor_has_their_own(price_list):
    skin = price_list[0].specialty
    scope, visit, results = price_list
    by_results, by_scope = make.doctor(results, scope), make.doctor(scope)
    make.doctor(make.service(make.specialty("Трихология")))
    make.doctor(visit, active=False)
    assert first_appointments.by_doctor(skin) == {by_results.pk: results, by_scope.pk: scope}
    visit.doctors.add(by_scope)
    visit.active = False
    visit.save(update_fields=["active"])
    assert first_appointments.by_doctor(skin)[by_scope.pk] == scope


def test_one_doctors_services_tell_the_same_as_the_statement(price_list):
    skin = price_list[0].specialty
    chosen = [many for count in (1, 2, 3) for many in itertools.combinations(price_list, count)]
    doctors = {make.doctor(*many).pk: first_appointments.first_of(many)[skin.pk] for many in chosen}
    assert len(doctors) == 7
    assert first_appointments.by_doctor(skin) == doctors


def test_w16_only_first_appointments_are_read_out(price_list):
    """The quarter of an hour that is free is long enough for the results, and for no first appointment."""
    doctor = make.doctor(*price_list)
    make.shift(doctor, days=1, slots=1, minutes=15)
    hours = make.slots_of(make.shift(doctor, days=2, slots=2))
    given = first_appointments.by_doctor(price_list[0].specialty)
    [fit] = availability.nearest_of_each(given=given)
    assert (fit.slot.pk, fit.service) == (hours[0].pk, price_list[1])
    every = availability.nearest_of(services=price_list)
    assert {each.service.pk for each in every} != {price_list[1].pk}, "the control: each line of the list is asked for"


def test_where_nobody_gives_anything_nothing_is_free():
    assert availability.nearest_of_each(given=first_appointments.by_doctor(make.specialty())) == []
