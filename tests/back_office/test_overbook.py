"""The desk books over a busy time: on the way the patient is found, and the busy time is not lost."""

import re
from uuid import UUID

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from scheduling.models import Appointment
from tests import factories

pytestmark = pytest.mark.django_db
SPELLINGS = {
    "with dashes": str,
    "without dashes": lambda pk: pk.hex,
    "in capitals": lambda pk: str(pk).upper(),
    "in braces": lambda pk: f"{{{pk}}}",
}


@pytest.fixture
def busy():
    """A time that somebody has."""
    return factories.appointment().slots.get()


def link(answer, beginning: str) -> str:
    """The address of the page's link that begins so."""
    return re.search(rf'href="({re.escape(beginning)}[^"]*)"', answer.content.decode()).group(1).replace("&amp;", "&")


def test_the_patient_is_found_by_the_links_of_the_pages(sign_in, busy):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient(last_name="Соколова")
    here = reverse("office:overbook", args=[busy.pk])
    search = link(desk.get(here), reverse("office:patients") + "?")
    found = desk.get(desk.post(search, {"q": "соколова"}).url)
    answer = desk.get(link(found, here))
    assert answer.context["patient"] == patient
    sent = {"service": busy.doctor.services.get().pk, "reason": "острая боль"}
    sent |= {"patient": patient.pk, "key": "k1", "applicant": "self", "identity-seen": "on"}
    made = desk.post(link(found, here), sent)
    assert made.url == reverse("office:appointment", args=[Appointment.objects.get(overbooked=True).pk])


def test_d12_a_child_over_a_busy_time_comes_with_a_representative_and_papers(sign_in, busy):
    desk, child = sign_in(Role.REGISTRAR), factories.child()
    mother = factories.parent_of(child)
    here = f"{reverse('office:overbook', args=[busy.pk])}?patient={child.pk}"
    shown = desk.get(here).context["panel"]
    assert (shown.applicant, shown.asked) == (str(mother.pk), ("identity", "birth_certificate"))
    sent = {"service": busy.doctor.services.get().pk, "patient": child.pk, "key": "k1", "applicant": mother.pk}
    sent |= {"reason": "острая боль", "identity-seen": "on", "birth_certificate-kind": "birth_certificate"}
    refused = desk.post(here, sent)
    assert (refused.status_code, refused.context["missing"]) == (422, ("birth_certificate",))
    assert "острая боль" in refused.content.decode()
    twice = [desk.post(here, sent | {"birth_certificate-seen": "on"}) for _ in range(2)]
    over = Appointment.objects.get(overbooked=True)
    assert [made.url for made in twice] == [reverse("office:appointment", args=[over.pk])] * 2
    assert (over.patient, over.representation) == (child, mother)


def test_a_new_patient_comes_to_the_busy_time(sign_in, busy):
    desk, here = sign_in(Role.REGISTRAR), reverse("office:overbook", args=[busy.pk])
    typed = {"last_name": "Соколова", "first_name": "Анна", "birth_date": "17.05.1990", "phone": "8 921 000 77 55"}
    new = link(desk.get(f"{reverse('office:patients')}?over={busy.pk}"), reverse("office:patient_new"))
    assert desk.post(new, typed).url.startswith(f"{here}?patient=")
    same = desk.post(new, typed)
    assert same.status_code == 422
    assert link(same, here) == f"{here}?patient={same.context['doubles'][0].pk}"


@pytest.mark.parametrize("spelt", SPELLINGS)
@pytest.mark.parametrize("name", ["over", "slot"])
def test_an_id_is_read_however_it_is_spelt(sign_in, busy, name, spelt):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient(last_name="Соколова")
    search = f"{reverse('office:patients')}?{name}={SPELLINGS[spelt](busy.pk)}"
    found = desk.get(desk.post(search, {"q": "соколова"}).url)
    onward = reverse({"over": "office:overbook", "slot": "office:book"}[name], args=[busy.pk])
    assert link(found, onward) == f"{onward}?patient={patient.pk}"


@pytest.mark.parametrize("spelt", SPELLINGS)
@pytest.mark.parametrize("page", ["office:overbook", "office:book", "office:find_time", "office:day"])
def test_a_patients_id_is_read_however_it_is_spelt(sign_in, busy, page, spelt):
    patient = factories.patient()
    here = reverse(page, args=[busy.pk] if page in ("office:overbook", "office:book") else [])
    answer = sign_in(Role.REGISTRAR).get(f"{here}?patient={SPELLINGS[spelt](patient.pk)}")
    assert answer.status_code == 200
    if page != "office:day":
        assert answer.context["patient"].pk == UUID(str(patient.pk))
