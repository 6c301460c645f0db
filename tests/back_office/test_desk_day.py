"""The day grid: every state has its cell, and the number of queries does not grow with the day (U17)."""

import re
from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import booking
from back_office.presenters import grid
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from foundation.clock import wall_time
from scheduling.actions import slots
from scheduling.choices import HoldReason
from tests import factories
from tests.factories.timetable import LocationFactory, RoomFactory

pytestmark = pytest.mark.django_db
URL = "/office/day/"
DAY = date.today() + timedelta(days=3)


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
    assert [cell.words for cell in (first, second)] == ["записан, врач отсутствует:", "записан:"]


def test_a_visit_that_the_rules_no_longer_allow_is_hatched_and_says_so(sign_in):
    doctor = factories.doctor()
    first, second, third = factories.slots_of(factories.shift(doctor, slots=3))
    small = factories.appointment(first, of=factories.patient(birth_date=date(1950, 5, 5)))
    factories.appointment(second)
    twelve = Changes({"birth_date": factories.born(12, on=small.starts_at.date())})
    booking.correct_patient(patient=small.patient, changes=twelve, by=factories.TEST)
    factories.appointment(third, of=factories.patient(birth_date=date(1960, 5, 5)))
    factories.absence(doctor, third.starts_at, third.ends_at)
    cells = sign_in(Role.REGISTRAR).get(URL, tomorrow()).context["grid"].cells
    assert ["is-stranded" in cell.css.split() for cell in cells] == [True, False, True]
    assert [cell.words for cell in cells] == [
        "записан, правила больше не позволяют этот приём:",
        "записан:",
        "записан, врач отсутствует:",
    ]


def overbook(visit, minutes):
    patient = factories.patient(birth_date=date(1950 + minutes, 1, 1))
    return factories.overbooked(visit, minutes=minutes, patient=patient)


def drawn(response):
    """Returns where each cell stands: its hour, what it is, its first row, its rows, its lane of how many."""
    cells = response.context["grid"].cells
    return [(f"{at.starts_at:%H:%M}", at.kind, at.row, at.span, f"{at.lane}/{at.lanes}") for at in cells]


def test_d19_overlapping_visits_stand_in_lanes_at_their_own_times(sign_in):
    cells = factories.slots_of(factories.shift(factories.doctor(), slots=4))
    visit = factories.appointment(cells[0])
    overbook(visit, 15)
    assert drawn(page := sign_in(Role.REGISTRAR).get(URL, tomorrow())) == [
        ("09:00", "booked", 1, 6, "1/2"),
        ("09:15", "overbooked", 4, 6, "2/2"),
        ("09:30", "free", 7, 6, "1/2"),
        ("10:00", "free", 13, 6, "1/1"),
        ("10:30", "free", 19, 6, "1/1"),
    ]
    assert "c-1 r-4 span-6 lane lane-2 of-2" in page.content.decode()
    assert 'class="daygrid cols-1 of-2"' in page.content.decode()


def test_d19_three_at_once_and_a_pair_of_one_start(sign_in):
    cells = factories.slots_of(factories.shift(factories.doctor(), slots=4))
    visits = [
        factories.appointment(cell, of=factories.patient(first_name=f"Анна {at}")) for at, cell in enumerate(cells)
    ]
    overbook(visits[0], 0)
    overbook(visits[2], 10)
    overbook(visits[2], 20)
    assert drawn(sign_in(Role.REGISTRAR).get(URL, tomorrow())) == [
        ("09:00", "booked", 1, 6, "1/2"),
        ("09:00", "overbooked", 1, 6, "2/2"),
        ("09:30", "booked", 7, 6, "1/1"),
        ("10:00", "booked", 13, 6, "1/3"),
        ("10:10", "overbooked", 15, 6, "2/3"),
        ("10:20", "overbooked", 17, 6, "3/3"),
        ("10:30", "booked", 19, 6, "1/3"),
    ]


def test_visits_one_after_the_other_share_no_lanes_at_any_minute(sign_in):
    """Twelve minutes are no whole number of rows: a cell ends where the next begins."""
    doctor = factories.doctor(factories.service(minutes=12))
    for number, slot in enumerate(factories.slots_of(factories.shift(doctor, slots=4, minutes=12))):
        factories.appointment(slot, of=factories.patient(first_name=f"Анна {number}"))
    assert [cell[2:] for cell in drawn(sign_in(Role.REGISTRAR).get(URL, tomorrow()))] == [
        (1, 2, "1/1"),
        (3, 2, "1/1"),
        (5, 3, "1/1"),
        (8, 2, "1/1"),
    ]


def test_more_at_once_than_there_are_lanes_are_still_drawn():
    cells = [grid.Cell(kind="booked", column=1, row=1, span=6, starts_at=None, text=str(at)) for at in range(14)]
    grid.share_width(cells)
    assert [cell.lane for cell in cells] == [*range(1, 13), 12, 12]
    assert {cell.lanes for cell in cells} == {12}


@pytest.mark.parametrize(
    ("zones", "rows"), [(["Asia/Yekaterinburg"] * 2, [13]), (["Asia/Yekaterinburg", "Europe/Moscow"], [])]
)
def test_the_line_of_now_is_that_of_the_wall_or_is_not_drawn(sign_in, zones, rows):
    """At ten there a doctor is an hour into their shift; in a grid of two zones no one line is true."""
    for zone in zones:
        room = RoomFactory(location=LocationFactory(name=zone, timezone=zone))
        begins = wall_time(DAY, time(9), zone=zone)
        factories.shift(factories.doctor(room=room), starts_at=begins, date=DAY, slots=4)
    with time_machine.travel(wall_time(DAY, time(10), zone=zones[0])):
        page = sign_in(Role.REGISTRAR).get(URL, {"date": f"{DAY}"})
    assert re.findall(r'class="now r-(\d+)"', page.content.decode()) == [str(row) for row in rows]


def test_an_empty_day_says_what_to_do(sign_in):
    response = sign_in(Role.REGISTRAR).get(URL)
    assert response.context["grid"].columns == []
    assert response.status_code == 200


def test_an_impossible_date_is_today(sign_in):
    response = sign_in(Role.REGISTRAR).get(URL, {"date": "31.02.2020", "doctor": "x", "specialty": "\x00"})
    assert response.status_code == 200
    assert response.context["day"] == response.context["today"]


@pytest.mark.parametrize("typed", ["31.02.2020", "когда-нибудь", "31.12.9999"])
def test_d28_a_day_that_cannot_be_read_stays_as_typed_beside_a_sentence(sign_in, typed):
    response = sign_in(Role.REGISTRAR).get(URL, {"date": typed})
    field = response.context["form"]["date"]
    assert (field.value(), len(field.errors), response.context["day"]) == (typed, 1, response.context["today"])
    assert 'aria-invalid="true"' in str(field)


def test_d28_a_day_without_its_year_is_the_nearest_ahead(sign_in):
    ahead = factories.moment(5)
    response = sign_in(Role.REGISTRAR).get(URL, {"date": f"{ahead.day}.{ahead:%m}"})
    assert response.context["day"] == ahead.date()
    assert response.context["form"]["date"].errors == []


def test_k07_a_rest_too_short_for_any_service_is_not_offered(sign_in):
    """The free half hour before a booked one would be sold as forty-five minutes."""
    doctor = factories.doctor(factories.service(minutes=45))
    cells = factories.slots_of(factories.shift(doctor, slots=6))
    factories.appointment(cells[1])
    response = sign_in(Role.REGISTRAR).get(URL, tomorrow())
    assert kinds(response)[:2] == ["short", "booked"]
    assert kinds(response)[-1] == "short", "half an hour before the end of the shift"
    assert "free" in kinds(response)


def test_k12_times_of_doctors_who_do_not_see_the_age_cannot_be_pressed(sign_in):
    for ages in ({"min_age": 18}, {"min_age": 0}):
        factories.shift(factories.doctor(**ages), slots=1)
    child = factories.patient(birth_date=date.today() - timedelta(days=7 * 366))
    desk = sign_in(Role.REGISTRAR)
    response = desk.get(URL, tomorrow() | {"patient": child.pk})
    assert sorted(kinds(response)) == ["free", "unfit"]
    assert response.content.decode().count(f'?patient={child.pk}" class="cell') == 1
    assert "от 18 до" in response.content.decode()
    assert kinds(desk.get(URL, tomorrow())) == ["free", "free"], "for nobody in particular all light up"
    assert AuditEvent.objects.filter(action="patient.shown", patient=child.pk).exists()


def test_a_visit_that_is_moved_lights_up_what_suits_its_patient(sign_in):
    slot = factories.slots_of(factories.shift(factories.doctor(min_age=18), slots=1))[0]
    child = factories.appointment(of=factories.patient(birth_date=date.today() - timedelta(days=7 * 366)))
    page = sign_in(Role.REGISTRAR).get(URL, {"date": f"{slot.shift.date:%Y-%m-%d}", "move": child.pk})
    assert "unfit" in kinds(page)
    assert f"Переносим запись: {child.patient.full_name}" in page.content.decode()


def test_a_doctor_whose_whole_day_is_closed_is_folded_to_a_line(sign_in):
    away, here = (factories.shift(factories.doctor(), slots=2) for _ in range(2))
    for slot in factories.slots_of(away):
        factories.close(slot)
    page = sign_in(Role.REGISTRAR).get(URL, tomorrow())
    grid = page.context["grid"]
    assert [column.doctor for column in grid.columns] == [here.doctor]
    assert [(each.name, each.why) for each in grid.away] == [(away.doctor.short_name, "обучение")]
    assert "не принимают:" in page.content.decode()


def test_two_weeks_above_the_grid_count_what_is_free(sign_in):
    cells = factories.slots_of(factories.shift(factories.doctor(), slots=3))
    factories.appointment(cells[0])
    day = cells[0].shift.date
    page = sign_in(Role.REGISTRAR).get(URL, tomorrow())
    strip = page.context["strip"]
    assert len(strip) == 14
    assert strip[0].day.isoweekday() == 1
    assert [(each.free, each.shown) for each in strip if each.day == day] == [(2, True)]
    assert sum(each.free for each in strip) == 2
    refreshed = sign_in(Role.REGISTRAR).get(URL, tomorrow(), headers={"HX-Request": "true"})
    assert refreshed.context["strip"] == []


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


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.SCHEDULE_ADMIN])
def test_o29_others_see_no_day_visit_or_ticket(sign_in, role):
    client, visit = sign_in(role), factories.appointment()
    about = [reverse(f"office:{page}", args=[visit.pk]) for page in ("appointment", "ticket")]
    assert [client.get(url).status_code for url in (reverse("office:day"), *about)] == [403, 403, 403]


BOOKS = [(Role.REGISTRAR, True), (Role.OPERATOR, True), (Role.HEAD, True)]


@pytest.mark.parametrize(("role", "books"), BOOKS)
def test_a_free_time_opens_the_booking_for_those_who_book(sign_in, role, books):
    slot = factories.slots_of(factories.shift(factories.doctor()))[0]
    html = sign_in(role).get(f"/office/day/?date={slot.shift.date:%Y-%m-%d}").content.decode()
    assert (f"/office/book/{slot.pk}/" in html, html.count("cell cell--free")) == (books, 4)


@pytest.mark.parametrize(("role", "sees"), BOOKS)
def test_a_waiting_patient_leads_to_their_entry_for_those_who_see_it(sign_in, role, sees):
    visit = factories.appointment()
    entry = factories.entry(visit.service.specialty, who=visit.patient)
    html = sign_in(role).get(f"/office/appointments/{visit.pk}/").content.decode()
    assert (f'<dd><a href="/office/waitlist/{entry.pk}/">' in html) is sees
