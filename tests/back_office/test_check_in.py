"""«Пришёл» is one press where everything was seen before; else its page asks for what is missing, and for no more."""

import pytest
import time_machine
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from patients.choices import Relation
from patients.models import IdentityDocument
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db
PAPERS = {
    "papers": "asked",
    "identity-seen": "on",
    "identity-kind": "rf_passport",
    "birth_certificate-seen": "on",
    "birth_certificate-kind": "birth_certificate",
}


@pytest.fixture
def visit():
    """Booked by phone for a child with a nanny, who has shown nothing."""
    slot = make.slots_of(make.shift(make.doctor()))[0]
    who = make.representative(Relation.ATTORNEY)
    case = {"slot": slot.pk, "service": slot.doctor.services.get(), "patient": make.child()}
    visit = booking.by_phone(**case, representative=who, by=make.TEST)
    with time_machine.travel(visit.starts_at):
        yield visit


def arrive(desk, visit, sent=(), **headers):
    return desk.post(reverse("office:appointment_arrive", args=[visit.pk]), dict(sent), headers=headers)


def status():
    return Appointment.objects.get().status


def power(visit):
    signed = visit.starts_at.date()
    return {
        "power-principal_name": "Орлова Мария",
        "power-signed_on": f"{signed:%d.%m.%Y}",
        "power-seen_as": "original",
    }


def test_the_button_leads_to_what_is_missing(sign_in, visit):
    page = arrive(sign_in(Role.REGISTRAR), visit)
    asked = page.context["check_in"]
    assert ([paper.prefix for paper in asked.papers], asked.power is not None) == (
        ["identity", "birth_certificate"],
        True,
    )
    assert (page.status_code, asked.sign_off, status()) == (422, None, "booked")
    assert page.context["error"]


def test_d29_a_number_that_cannot_be_read_stops_nobody_at_the_door(sign_in, visit):
    sent = PAPERS | power(visit) | {"identity-number": "???", "birth_certificate-number": "Ш-АК 123 456"}
    page = sign_in(Role.REGISTRAR).post(reverse("office:appointment_arrive", args=[visit.pk]), sent, follow=True)
    assert (status(), len(page.context["messages"])) == ("arrived", 1)
    kept = {document.kind: document.number for document in IdentityDocument.objects.all()}
    assert kept == {"rf_passport": "???", "birth_certificate": "III-АК 123456"}


def test_all_papers_at_once_receive_the_patient(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    refused = arrive(desk, visit, PAPERS)
    assert (refused.status_code, status()) == (422, "booked")
    assert "checked" in str(refused.context["check_in"].papers[0]["seen"]), "what was ticked stays"
    assert arrive(desk, visit, PAPERS | power(visit)).status_code == 302
    assert status() == "arrived"


def test_a_power_that_cannot_be_read_is_told_beside_its_field(sign_in, visit):
    page = arrive(sign_in(Role.REGISTRAR), visit, PAPERS | power(visit) | {"power-signed_on": "40.40.2026"})
    assert (page.status_code, set(page.context["check_in"].power.errors), status()) == (422, {"signed_on"}, "booked")


def test_the_head_lets_in_with_a_reason(sign_in, visit):
    desk = sign_in(Role.HEAD)
    assert arrive(desk, visit).context["check_in"].sign_off is not None
    assert arrive(desk, visit, {"papers": "asked", "sign_off-reason": "доверенность подвезут"}).status_code == 302
    assert (status(), visit.events.latest("id").reason) == ("arrived", "доверенность подвезут")


def test_a_reason_of_somebody_else_signs_nothing(sign_in, visit):
    arrive(sign_in(Role.REGISTRAR), visit, {"papers": "asked", "sign_off-reason": "очень надо"})
    assert status() == "booked"


def test_beside_the_grid_the_papers_are_a_fragment(sign_in, visit):
    page = arrive(sign_in(Role.REGISTRAR), visit, **{"HX-Request": "true"})
    assert (page.status_code, "<html" in page.content.decode()) == (200, False)
    assert page.templates[0].name == "back_office/desk/_check_in.html"


def test_an_arrival_is_taken_back_by_its_button(sign_in, visit):
    desk = sign_in(Role.REGISTRAR)
    arrive(desk, visit, PAPERS | power(visit))
    back = reverse("office:appointment_back", args=[visit.pk])
    assert back in desk.get(reverse("office:appointment", args=[visit.pk])).content.decode()
    assert desk.post(back, {"back-status": "arrived"}).status_code == 422, "not without a reason"
    assert desk.post(back, {"back-status": "arrived", "back-reason": "не тот пациент"}).status_code == 302
    assert status() == "booked"


def test_another_day_is_told_on_the_page_of_the_appointment(sign_in):
    visit = make.appointment()
    page = arrive(sign_in(Role.REGISTRAR), visit)
    assert (page.status_code, page.templates[0].name) == (409, "back_office/desk/appointment.html")
    assert page.context["error"]
