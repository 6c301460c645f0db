"""After a doctor or a service is corrected the visits that no longer hold are tasks to phone about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import booking
from foundation.audit.models import AuditEvent
from patients.choices import Channel
from patients.errors import RepresentativeNeeded
from scheduling.errors import (
    AgeNotServed,
    ServiceNotOffered,
    VisitTooShort,
)
from scheduling.models import Appointment, Service
from tests import factories as make
from tests.booking.corrections.deeds import change, end, open_tasks, told

pytestmark = pytest.mark.django_db


def test_a_doctor_who_sees_other_ages(doctor, slots):
    child, adult = make.appointment(slots[0], of=make.child()), make.appointment(slots[1])
    change(doctor, min_age=18)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(child, [AgeNotServed])]
    assert open_tasks() == [child.pk]
    change(doctor, min_age=0, max_age=17)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(adult, [AgeNotServed])]
    assert open_tasks() == [adult.pk]
    assert AuditEvent.objects.filter(action="doctor.rechecked").count() == 2


@pytest.mark.parametrize("loses", [lambda doctor: doctor.services.clear(), lambda doctor: change(doctor, active=False)])
def test_a_doctor_who_no_longer_gives_the_service(doctor, slots, loses):
    visit = make.appointment(slots[0])
    elsewhere = make.appointment()
    loses(doctor)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(visit, [ServiceNotOffered])]
    assert open_tasks() == [visit.pk]
    assert elsewhere.doctor != doctor


def test_a_service_that_takes_longer(doctor, slots):
    visits = [make.appointment(slot) for slot in slots[:2]]
    change(visits[0].service, minutes=45)
    assert told(booking.recheck_service(service=visits[0].service, by=make.TEST)) == [
        (visit, [VisitTooShort]) for visit in visits
    ]
    change(visits[0].service, minutes=20)
    assert told(booking.recheck_service(service=visits[0].service, by=make.TEST)) == []
    assert open_tasks() == []


def test_a_service_that_the_clinic_no_longer_gives(doctor, slots):
    visit = make.appointment(slots[0])
    change(visit.service, active=False)
    assert told(booking.recheck_service(service=visit.service, by=make.TEST)) == [(visit, [ServiceNotOffered])]
    with pytest.raises(ServiceNotOffered):
        make.appointment(slots[1], service=Service.objects.get(pk=visit.service_id))


def test_everything_that_refuses_a_visit_is_told(doctor, slots):
    visit = make.appointment(slots[0], of=make.child())
    end(visit.representation)
    change(doctor, min_age=18, active=False)
    change(visit.service, minutes=60)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [
        (visit, [ServiceNotOffered, AgeNotServed, RepresentativeNeeded, VisitTooShort])
    ]
    assert open_tasks() == [visit.pk], "one call"


def test_a_follow_up_that_the_doctor_booked_for_a_child_alone_holds(doctor):
    """Nobody was asked who comes: the doctor had them in the room."""
    child = make.child()
    first = make.seen(make.appointment(make.slots_of(make.shift(doctor, days=1))[0], of=child))
    Appointment.objects.filter(pk=first.pk).update(representation=None)
    first.refresh_from_db()
    follow_up = make.follow_up(make.slots_of(make.shift(doctor, days=5))[0], of=first)
    assert (follow_up.channel, follow_up.representation) == (Channel.DOCTOR, None)
    change(doctor, max_age=17)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == []


def test_a_correction_costs_a_fixed_number_of_statements(doctor, slots):
    counts = []
    for number in (0, 3):
        change(doctor, min_age=0)
        for slot in slots[number : number + 3]:
            make.appointment(slot)
        change(doctor, min_age=100 + number)
        with CaptureQueriesContext(connection) as asked:
            assert len(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == number + 3
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14
