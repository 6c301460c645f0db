"""A first visit that repeats one ahead is asked about, and one yes books it (K14)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from scheduling.choices import CancelReason, ServiceKind
from scheduling.errors import AlreadyBooked, PatientBusy
from scheduling.models import Appointment, Service
from tests import factories as make
from tests import phoning
from waitlist import matching

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    return make.service()


@pytest.fixture
def doctor(service):
    return make.doctor(service)


@pytest.fixture
def visit(doctor):
    return make.appointment(make.slots_of(make.shift(doctor, days=3))[0])


@pytest.fixture
def slot(doctor):
    return make.slots_of(make.shift(doctor, days=5))[0]


def again(visit, slot, service=None, **more):
    service = service or slot.doctor.services.first()
    given = {"slot": slot.pk, "service": service, "patient": visit.patient, "by": make.TEST, "unless_booked": True}
    return booking.by_phone(**given | more)


def test_a_second_first_visit_to_the_doctor_is_asked_about_in_words(visit, slot):
    with pytest.raises(AlreadyBooked) as asked:
        again(visit, slot)
    assert asked.value.visit == visit
    assert str(asked.value).endswith(", в 09:00, Белова Анна Сергеевна. Записать ещё раз?")
    assert again(visit, slot, unless_booked=False).starts_at == slot.starts_at


def test_another_doctor_of_the_specialty_is_asked_about_and_another_specialty_is_not(visit, service):
    colleague, other = make.doctor(service, last_name="Ким"), make.doctor(make.service(make.specialty("Кардиология")))
    same, different = (make.slots_of(make.shift(each, days=5))[0] for each in (colleague, other))
    with pytest.raises(AlreadyBooked):
        again(visit, same)
    assert again(visit, different).doctor == other


def test_what_the_gate_refuses_is_refused_and_not_asked_about(visit, service):
    colleague = make.doctor(service, last_name="Ким")
    with pytest.raises(PatientBusy):
        again(visit, make.slots_of(make.shift(colleague, days=3))[0])


def test_somebody_else_is_not_asked(visit, slot):
    assert again(visit, slot, patient=make.patient())


def test_two_examinations_of_one_specialty_are_not_one(doctor, service):
    Service.objects.update(kind=ServiceKind.EXAMINATION)
    other = make.service(service.specialty, name="УЗИ щитовидной железы", kind=ServiceKind.EXAMINATION)
    doctor.services.add(other)
    first, second, third = make.slots_of(make.shift(doctor, days=3))[:3]
    visit = make.appointment(first, service=service)
    assert again(visit, second, other)
    with pytest.raises(AlreadyBooked):
        again(visit, third, service)


def test_a_follow_up_is_not_asked_about_and_asks_about_nothing(visit, slot, doctor):
    done, first = make.seen(visit), make.appointment(slot, of=visit.patient)
    assert again(visit, make.slots_of(make.shift(doctor, days=7))[0], follow_up_of=done)
    booking.cancel(appointment=first.pk, reason=CancelReason.PATIENT, by=make.TEST)
    assert again(visit, make.slots_of(make.shift(doctor, days=8))[0])


@pytest.mark.parametrize("ends", ["cancelled", "past"])
def test_a_visit_that_is_not_ahead_is_no_reason_to_ask(visit, slot, ends):
    if ends == "cancelled":
        booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    else:
        past = timezone.now() - timedelta(days=1)
        Appointment.objects.update(starts_at=past, ends_at=past + timedelta(minutes=30))
    assert again(visit, slot)


def test_the_same_form_again_gets_the_visit_that_it_has_made(visit, slot):
    made = again(visit, slot, unless_booked=False, key="k1")
    assert again(visit, slot, key="k1") == made


def counted(visit):
    return Appointment.objects.filter(patient=visit.patient).count()


def typed(slot, visit, **more):
    return {
        "key": "k1",
        "patient": visit.patient_id,
        "applicant": "self",
        "service": slot.doctor.services.get().pk,
        "identity-seen": "on",
        "identity-kind": "rf_passport",
        "identity-seen_as": "original",
    } | more


def test_k14_the_desk_asks_keeps_what_was_typed_and_books_at_a_yes(sign_in, visit, slot):
    desk, page = sign_in(Role.REGISTRAR), reverse("office:book", args=[slot.pk])
    answer = desk.post(page, typed(slot, visit, **{"identity-number": "4015 123456"}))
    assert (answer.status_code, counted(visit), answer.context["again"].visit) == (409, 1, visit.pk)
    assert answer.context["panel"].papers[0]["number"].value() == "4015 123456"
    assert desk.post(page, typed(slot, visit, again="1")).status_code == 302
    assert counted(visit) == 2


def test_k14_the_desk_asks_over_a_busy_time_too(sign_in, visit, slot):
    make.appointment(slot)
    desk, page = sign_in(Role.REGISTRAR), reverse("office:overbook", args=[slot.pk])
    sent = typed(slot, visit, reason="острая боль")
    assert (desk.post(page, sent).status_code, counted(visit)) == (409, 1)
    assert (desk.post(page, sent | {"again": "1"}).status_code, counted(visit)) == (302, 2)


def test_k14_the_operator_is_asked_and_sends_the_same_once_more(sign_in, visit, slot):
    operator = sign_in(Role.OPERATOR)
    page = reverse("office:caller_book", args=[visit.patient_id])
    sent = {"slot": str(slot.pk), "service": str(slot.doctor.services.get().pk), "key": uuid4().hex}
    answer = operator.post(page, sent)
    assert (answer.status_code, counted(visit), dict(answer.context["again"].sent)) == (409, 1, sent)
    assert (operator.post(page, sent | {"again": "1"}).status_code, counted(visit)) == (302, 2)


@pytest.mark.parametrize("other_time", [False, True])
def test_k14_a_call_about_a_freed_time_asks(sign_in, visit, doctor, other_time):
    """Who waits for another service than the one booked is offered later times too; an equal one would be moved."""
    login, longer = make.user(Role.OPERATOR), make.service(visit.service.specialty, name="Приём с осмотром")
    doctor.services.add(longer)
    make.entry(visit.service.specialty, who=visit.patient, service=longer)
    offered, other = make.slots_of(make.shift(doctor, days=4))[:2]
    offer = phoning.claim(offer=matching.offer_slot(slot=offered.pk).pk, by=staff(login))
    operator, page = sign_in(login), reverse("office:call_book", args=[offer.pk])
    sent = {"key": uuid4().hex} | ({"slot": str(other.pk), "service": str(longer.pk)} if other_time else {})
    answer = operator.post(page, sent)
    assert (answer.status_code, counted(visit), dict(answer.context["again"].sent)) == (409, 1, sent)
    assert (operator.post(page, sent | {"again": "1"}).status_code, counted(visit)) == (302, 2)


def test_k14_a_time_booked_from_the_entry_asks(sign_in, visit, slot):
    entry = make.entry(visit.service.specialty, who=visit.patient)
    operator, page = sign_in(Role.OPERATOR), reverse("office:entry_book", args=[entry.pk])
    sent = {"slot": str(slot.pk), "service": str(visit.service_id), "key": uuid4().hex}
    answer = operator.post(page, sent)
    assert (answer.status_code, counted(visit), dict(answer.context["again"].sent)) == (409, 1, sent)
    assert answer.content.decode().count('name="again" value="1"') == 1
    assert (operator.post(page, sent | {"again": "1"}).status_code, counted(visit)) == (302, 2)


def test_k14_other_visits_ahead_are_told_before_anybody_books(sign_in, visit, slot):
    desk = sign_in(Role.REGISTRAR)
    panel = desk.get(reverse("office:book", args=[slot.pk]), {"patient": visit.patient_id})
    assert panel.context["panel"].coming == [visit]
    second = again(visit, slot, unless_booked=False)
    page = desk.get(reverse("office:appointment", args=[visit.pk]))
    assert page.context["coming"] == [second]


def test_k14_the_doctor_sees_the_visits_ahead(sign_in, visit, slot, doctor):
    second = again(visit, slot, unless_booked=False)
    doctor.user = make.user(Role.DOCTOR)
    doctor.save()
    page = sign_in(doctor.user).get(reverse("office:my_visit", args=[visit.pk]))
    assert page.context["others"] == [second]
