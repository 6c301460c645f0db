"""The day grid: every state has its cell, and the number of queries does not grow with the day (U17)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.actions import slots
from scheduling.choices import HoldReason
from tests import factories

pytestmark = pytest.mark.django_db
URL = "/office/day/"


def tomorrow():
    return {"date": f"{factories.moment(1):%Y-%m-%d}"}


def kinds(response):
    return [cell.kind for cell in response.context["grid"].cells]


def test_each_state_has_its_own_cell(sign_in, by):
    cells = factories.slots_of(factories.shift(factories.doctor(), slots=5))
    factories.appointment(cells[0])
    confirmed = factories.appointment(cells[1], of=factories.patient(first_name="Анна"))
    booking.confirm(appointment=confirmed.pk, by=by)
    factories.close(cells[2])
    service = cells[3].doctor.services.first()
    slots.hold(start=cells[3].pk, service=service, reason=HoldReason.SITE_FORM, by=factories.TEST)
    response = sign_in(Role.REGISTRAR).get(URL, tomorrow())
    assert kinds(response) == ["booked", "confirmed", "blocked", "held", "free"]
    assert "обучение" in response.content.decode()


def test_a_visit_inside_an_absence_is_hatched_and_says_so(sign_in):
    doctor = factories.doctor()
    inside, outside = factories.slots_of(factories.shift(doctor, slots=2))
    for slot in (inside, outside):
        factories.appointment(slot)
    factories.absence(doctor, inside.starts_at, inside.ends_at)
    first, second = sign_in(Role.REGISTRAR).get(URL, tomorrow()).context["grid"].cells
    assert ["is-stranded" in cell.css.split() for cell in (first, second)] == [True, False]
    assert [cell.words for cell in (first, second)] == ["09:00, записан, врач отсутствует:", "09:30, записан:"]


def test_an_empty_day_says_what_to_do(sign_in):
    response = sign_in(Role.REGISTRAR).get(URL)
    assert response.context["grid"].columns == []
    assert response.status_code == 200


def test_an_impossible_date_is_today(sign_in):
    response = sign_in(Role.REGISTRAR).get(URL, {"date": "31.02.2020", "doctor": "x", "specialty": "\x00"})
    assert response.status_code == 200
    assert response.context["day"] == response.context["today"]


def _queries(client):
    client.get(URL, tomorrow())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(URL, tomorrow()).status_code == 200
    return len(queries)


def test_a_full_day_takes_as_many_queries_as_an_empty_one(sign_in):
    desk = sign_in(Role.REGISTRAR)
    for slot in factories.slots_of(factories.shift(factories.doctor(), slots=2)):
        factories.appointment(slot, of=factories.patient(first_name=f"А{slot.pk}"[:20]))
    few = _queries(desk)
    for _doctor in range(5):
        for slot in factories.slots_of(factories.shift(factories.doctor(), slots=6)):
            factories.appointment(slot, of=factories.patient(first_name=f"А{slot.pk}"[:20]))
    assert _queries(desk) == few <= 15


def test_the_refresh_is_empty_until_something_changes(sign_in):
    cells = factories.slots_of(factories.shift(factories.doctor()))
    desk, htmx = sign_in(Role.REGISTRAR), {"headers": {"HX-Request": "true"}}
    version = desk.get(URL, tomorrow()).context["version"]
    assert desk.get(URL, tomorrow() | {"v": version}, **htmx).status_code == 204
    visit = factories.appointment(cells[0])
    response = desk.get(URL, tomorrow() | {"v": version}, **htmx)
    assert response.status_code == 200
    assert AuditEvent.objects.filter(action="patient.shown", patient=visit.patient_id).count() == 1
    desk.get(URL, tomorrow() | {"v": version}, **htmx)
    assert AuditEvent.objects.filter(action="patient.shown", patient=visit.patient_id).count() == 1


def test_a_doctor_may_not_see_the_day_of_all(sign_in):
    assert sign_in(Role.DOCTOR).get(reverse("office:day")).status_code == 403


BOOKS = [(Role.REGISTRAR, True), (Role.OPERATOR, True), (Role.HEAD, True), (Role.SCHEDULE_ADMIN, False)]


@pytest.mark.parametrize(("role", "books"), BOOKS)
def test_a_free_time_opens_the_booking_for_those_who_book(sign_in, role, books):
    slot = factories.slots_of(factories.shift(factories.doctor()))[0]
    html = sign_in(role).get(f"/office/day/?date={slot.shift.date:%Y-%m-%d}").content.decode()
    assert (f"/office/book/{slot.pk}/" in html, html.count("cell cell--free")) == (books, 4)


@pytest.mark.parametrize(("role", "sees"), BOOKS)
def test_a_waiting_patient_leads_to_the_waitlist_for_those_who_see_it(sign_in, role, sees):
    visit = factories.appointment()
    factories.entry(visit.service.specialty, who=visit.patient)
    html = sign_in(role).get(f"/office/appointments/{visit.pk}/").content.decode()
    assert ('<dd><a href="/office/waitlist/">' in html) is sees
