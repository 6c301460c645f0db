"""One appointment at the desk: the four facts told, and each step by its own right (R13, T85, U16)."""

from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from foundation.accounts.choices import Role
from scheduling.models import Slot
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(db):
    return factories.appointment()


def url(visit, step=""):
    return reverse(f"office:appointment{step}", args=[visit.pk])


@pytest.mark.parametrize("page", ["office:appointment", "office:ticket"])
def test_the_four_facts_are_on_the_page_and_the_ticket(sign_in, visit, page):
    text = sign_in(Role.REGISTRAR).get(reverse(page, args=[visit.pk])).content.decode()
    for fact in ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", "09:00"):
        assert fact in text


def test_told_by_whom_and_when_is_shown(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    desk.post(url(visit, "_informed"))
    visit.refresh_from_db()
    assert visit.informed_at
    assert desk.get(url(visit)).context["informed_by"] == desk.user.get_full_name()


@pytest.mark.parametrize(("step", "status"), [("_arrive", "arrived"), ("_confirm", "booked")])
def test_a_step_is_made(sign_in, visit, step, status):
    with time_machine.travel(visit.starts_at):
        assert sign_in(Role.REGISTRAR).post(url(visit, step)).status_code == 302
    visit.refresh_from_db()
    assert visit.status == status


def test_a_no_show_before_the_time_is_refused_with_a_sentence(sign_in, visit):
    response = sign_in(Role.REGISTRAR).post(url(visit, "_noshow"))
    assert response.status_code == 409
    assert response.context["error"]


def test_beside_the_grid_the_answer_is_a_fragment(sign_in, visit):
    response = sign_in(Role.REGISTRAR).post(url(visit, "_arrive"), headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()


def test_the_operator_may_not_mark_arrivals(sign_in, visit):
    assert sign_in(Role.OPERATOR).post(url(visit, "_arrive")).status_code == 403


def test_a_visit_is_moved_in_one_press(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    times = desk.get(url(visit, "_move")).context["times"]
    assert desk.post(url(visit, "_move"), {"to": times[0][0].pk}).status_code == 302
    visit.refresh_from_db()
    assert visit.starts_at == times[0][0].starts_at


def test_a_time_taken_meanwhile_is_409_with_others(sign_in, visit):
    other = Slot.objects.filter(shift__slots=visit.slots.get(), appointment=None).first()
    factories.appointment(other, of=factories.patient(first_name="Анна"))
    response = sign_in(Role.REGISTRAR).post(url(visit, "_move"), {"to": other.pk})
    assert response.status_code == 409
    assert response.context["times"]


def test_a_cancelled_visit_frees_its_time(sign_in, visit):
    slot = visit.slots.get()
    sign_in(Role.REGISTRAR).post(url(visit, "_cancel"), {"reason": "patient"})
    slot.refresh_from_db()
    assert slot.appointment_id is None


def test_a_mistake_needs_a_word(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    assert desk.post(url(visit, "_mistake"), {"mistake-note": ""}).status_code == 422
    assert desk.post(url(visit, "_mistake"), {"mistake-note": "не тот пациент"}).status_code == 302
    visit.refresh_from_db()
    assert visit.status == "entered-in-error"


def test_an_open_waitlist_entry_of_the_specialty_is_shown(sign_in, visit):
    entry = factories.entry(visit.service.specialty, who=visit.patient)
    assert sign_in(Role.REGISTRAR).get(url(visit)).context["waiting"] == entry


def test_an_unknown_appointment_is_404(sign_in):
    assert sign_in(Role.REGISTRAR).get(reverse("office:appointment", args=[uuid4()])).status_code == 404
