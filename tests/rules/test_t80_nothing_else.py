"""T80, R7: whatever is ticked and sent, nothing but the papers of the rules is asked for, needed or written down."""

import pytest
import time_machine
from django.urls import reverse

from foundation.accounts.choices import Role
from patients.models import RegistryEntry
from scheduling.models import Appointment
from tests.rules.papers.people import NOON, PEOPLE, POWER, told
from tests.rules.papers.roads import free_doctor, known, panel_by_phone, signed_in

pytestmark = pytest.mark.django_db
EVERYTHING = {
    **{f"{paper}-seen": "on" for paper in ("identity", "birth_certificate", "power_of_attorney", "snils", "referral")},
    **{f"{paper}-seen_as": "original" for paper in ("identity", "birth_certificate", "power_of_attorney")},
    "identity-kind": "rf_passport",
    "birth_certificate-kind": "birth_certificate",
    "snils-number": "112-233-445 95",
}
"""The boxes of all papers, and of some that no screen has."""


@pytest.fixture(autouse=True)
def _first_of_june():
    with time_machine.travel(NOON, tick=False):
        yield


def written():
    return {seen["document"] for seen in RegistryEntry.objects.latest("at").documents_seen}


@pytest.mark.parametrize("who", PEOPLE)
def test_t80_at_the_desk(who):
    comes, doctor = PEOPLE[who], free_doctor()
    (patient, acts), desk = known(comes), signed_in(Role.REGISTRAR)
    here = reverse("office:book", args=[doctor.slots.order_by("starts_at")[0].pk])
    applicant = str(acts.pk) if acts and "18, for" not in who else "self"
    typed = {"patient": patient.pk, "applicant": applicant, "service": doctor.services.get().pk, "key": "k1"}
    asked = desk.post(here, typed | {"refresh": "1"}).context["panel"]
    assert {paper.document for paper in asked.papers} == comes.papers
    assert desk.post(here, typed | EVERYTHING).status_code == 302
    assert written() == comes.papers


@pytest.mark.parametrize("who", PEOPLE)
def test_t80_on_the_day_of_a_visit_by_phone(who):
    """A power of attorney that was recorded before is in force, and is not asked for again."""
    comes = PEOPLE[who]
    panel_by_phone(comes)
    visit = Appointment.objects.get()
    arrive = reverse("office:appointment_arrive", args=[visit.pk])
    with time_machine.travel(visit.starts_at, tick=False):
        desk = signed_in(Role.REGISTRAR)
        page = desk.post(arrive)
        assert {paper.document for paper in page.context["check_in"].papers} == comes.papers - {POWER}
        assert told(page.content.decode())[0] == comes.papers
        assert desk.post(arrive, EVERYTHING).status_code == 302
    assert written() == comes.papers - {POWER}
    assert Appointment.objects.get().status == "arrived"
