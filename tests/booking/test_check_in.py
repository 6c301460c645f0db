"""The patient is received on the day, with the papers of the matrix, through whatever channel the visit was booked."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Relation
from patients.data import PowerData, Seen
from patients.demandable import Demandable
from patients.errors import DocumentNotDemandable, PapersNotShown
from patients.models import IdentityDocument, RegistryEntry
from scheduling.choices import AppointmentStatus
from scheduling.errors import NotToday, StepNotAllowed
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db
POWER = Seen(document=Demandable.POWER_OF_ATTORNEY)


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor(), days=3))[0]


def by_phone(slot, patient, **given):
    return booking.by_phone(slot=slot.pk, service=slot.doctor.services.get(), patient=patient, by=make.TEST, **given)


def come(visit, *, days=0, **given):
    """The patient stands at the desk so many days after that of the visit."""
    with time_machine.travel(visit.starts_at + timedelta(days=days)):
        return booking.check_in(**{"appointment": visit.pk, "by": make.TEST} | given)


def lacking(visit, **given):
    with pytest.raises(PapersNotShown) as refused:
        come(visit, **given)
    return refused.value.missing


def power(*, until):
    """A power of attorney that lasts so many days from today."""
    today = timezone.localdate()
    return PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=until))


def test_what_was_seen_at_the_desk_is_not_asked_again(slot):
    visit = make.appointment(slot, of=make.child())
    assert come(visit).status == AppointmentStatus.ARRIVED
    assert RegistryEntry.objects.count() == 1, "nothing was shown anew"


def test_t80_who_booked_by_phone_shows_a_passport_on_the_day(slot):
    visit = by_phone(slot, make.patient())
    assert lacking(visit) == ("identity",)
    assert Appointment.objects.get().status == AppointmentStatus.BOOKED
    by = make.actor()
    assert come(visit, seen=[make.PASSPORT], by=by).status == AppointmentStatus.ARRIVED
    entry = RegistryEntry.objects.latest("at")
    assert (entry.channel, entry.applicant, entry.by) == ("registry", "patient", by.ref)
    assert IdentityDocument.objects.get().patient == visit.patient


def test_t80_a_passport_seen_once_is_enough_for_the_next_visit(slot):
    visit = make.appointment(slot)
    later = make.slots_of(make.shift(slot.doctor, days=9))[0]
    assert come(by_phone(later, visit.patient)).status == AppointmentStatus.ARRIVED


def test_t80_a_child_comes_with_the_papers_of_who_acts(slot):
    visit = by_phone(slot, make.child(), representative=make.representative())
    assert lacking(visit) == ("identity", "birth_certificate")
    assert lacking(visit, seen=[make.PASSPORT]) == ("birth_certificate",)
    assert not IdentityDocument.objects.exists()
    come(visit, seen=[make.PASSPORT, make.BIRTH_CERTIFICATE])
    owners = IdentityDocument.objects.values_list("kind", "representation", "patient")
    assert set(owners) == {
        ("rf_passport", visit.representation_id, None),
        ("birth_certificate", None, visit.patient_id),
    }
    visit.representation.refresh_from_db()
    assert visit.representation.verified_by == make.TEST.ref


def test_r7_nothing_else_is_taken(slot):
    with pytest.raises(DocumentNotDemandable):
        come(by_phone(slot, make.patient()), seen=[make.PASSPORT, make.BIRTH_CERTIFICATE])


def test_t81_a_power_of_attorney_is_in_force_today(slot):
    """By phone it is not asked for, whatever the clinic knows of it (R16); on the day it blocks."""
    child = make.child()
    nanny = make.parent_of(child, Relation.ATTORNEY, power=power(until=2))
    visit = by_phone(slot, child, representative=nanny)
    papers = [make.PASSPORT, make.BIRTH_CERTIFICATE]
    assert lacking(visit, seen=papers) == ("power_of_attorney",)
    assert lacking(visit, seen=[*papers, POWER]) == ("power_of_attorney",), "a tick is not a paper"
    assert lacking(visit, seen=papers, power=power(until=2)) == ("power_of_attorney",)
    assert come(visit, seen=[*papers, POWER], power=power(until=3)).status == AppointmentStatus.ARRIVED
    nanny.refresh_from_db()
    assert nanny.power_of_attorney.valid_until == timezone.localdate() + timedelta(days=3)


def test_d16_an_adult_on_the_day_shows_their_own_passport(slot):
    young = make.patient(birth_date=make.born(18, on=timezone.localdate() + timedelta(days=4)))
    visit = make.appointment(slot, of=young, representative=make.parent_of(young))
    assert come(visit).status == AppointmentStatus.ARRIVED
    booking.take_back(appointment=visit.pk, status=AppointmentStatus.ARRIVED, reason="ошибка", by=make.TEST)
    young.birth_date -= timedelta(days=2)
    young.save(update_fields=["birth_date"])
    assert lacking(visit) == ("identity",), "the mother's does not count"


def test_the_head_signs_for_a_patient_without_a_passport(slot):
    visit, head = by_phone(slot, make.patient()), make.actor(Role.HEAD)
    with pytest.raises(StepNotAllowed):
        come(visit, signed_off="забыл паспорт", by=make.actor(Role.REGISTRAR))
    assert lacking(visit, signed_off="  ", by=head) == ("identity",)
    assert come(visit, signed_off=" забыл паспорт ", by=head).status == AppointmentStatus.ARRIVED
    event = visit.events.latest("id")
    assert (event.kind, event.actor, event.reason) == ("arrived", head.ref, "забыл паспорт")
    audited = AuditEvent.objects.get(action="appointment.arrived")
    assert (audited.actor, event.details, audited.details) == (head.ref, *[{"missing": ["identity"]}] * 2)
    assert not IdentityDocument.objects.exists()


def test_where_nothing_is_missing_there_is_nothing_to_sign(slot):
    visit = make.appointment(slot)
    come(visit, signed_off="на всякий случай", by=make.actor(Role.HEAD))
    assert (visit.events.latest("id").reason, visit.events.latest("id").details) == ("", {})


@pytest.mark.parametrize("days", [-1, 1])
def test_nobody_is_received_on_another_day(slot, days):
    visit = make.appointment(slot)
    for step in (booking.check_in, booking.start):
        with time_machine.travel(visit.starts_at + timedelta(days=days)), pytest.raises(NotToday):
            step(appointment=visit.pk, by=make.TEST)
    with pytest.raises(NotToday):
        come(visit, days=days, signed_off="очень надо", by=make.actor(Role.HEAD))


def test_a_visit_is_not_begun_past_the_desk_without_papers(slot):
    visit = by_phone(slot, make.patient())
    with time_machine.travel(visit.starts_at):
        with pytest.raises(PapersNotShown):
            booking.start(appointment=visit.pk, by=make.TEST)
        booking.check_in(appointment=visit.pk, by=make.actor(Role.HEAD), signed_off="забыл паспорт")
        assert booking.start(appointment=visit.pk, by=make.TEST).status == AppointmentStatus.CHECKED_IN


def test_a_late_patient_is_received_after_all(slot):
    visit = make.appointment(slot)
    with time_machine.travel(visit.starts_at + timedelta(minutes=20)):
        booking.mark_noshow(appointment=visit.pk, by=make.TEST)
        assert booking.check_in(appointment=visit.pk, by=make.TEST).status == AppointmentStatus.ARRIVED


def test_an_arrival_is_taken_back_and_what_was_seen_stays_seen(slot):
    visit = by_phone(slot, make.patient())
    come(visit, seen=[make.PASSPORT])
    back = booking.take_back(appointment=visit.pk, status=AppointmentStatus.ARRIVED, reason="ошибка", by=make.TEST)
    assert back.status == AppointmentStatus.BOOKED
    assert come(visit).status == AppointmentStatus.ARRIVED
