"""Who applies for another adult is written down: the name, as whom, by which paper (K15, R8)."""

import pytest
from django.urls import reverse

from back_office.presenters.registry import EntryLine
from foundation.accounts.choices import Role
from patients.models import RegistryEntry
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db
SAID = {"other-name": "Доверова Вера Львовна", "other-acts_as": "дочь", "other-paper": "power_of_attorney"}


@pytest.fixture
def slot():
    return make.slots_of(make.shift(make.doctor()))[0]


@pytest.fixture
def patient():
    return make.patient()


def sent(slot, patient, **more):
    service = slot.doctor.services.get()
    return {"key": "k1", "patient": patient.pk, "applicant": "other", "service": service.pk} | more


def panel(slot):
    return reverse("office:book", args=[slot.pk])


@pytest.mark.parametrize(("role", "channel"), [(Role.REGISTRAR, "registry"), (Role.OPERATOR, "phone")])
def test_k15_who_applied_stands_in_the_registry_entry(sign_in, slot, patient, role, channel):
    client = sign_in(role)
    assert client.post(panel(slot), sent(slot, patient, **SAID)).status_code == 302
    entry = RegistryEntry.objects.get()
    assert (entry.channel, EntryLine.of(entry).applicant, entry.documents_seen) == (
        channel,
        "взрослый за другого взрослого: Доверова Вера Львовна, дочь; Доверенность",
        [],
    )


def test_a_name_is_enough_and_no_paper_is_demanded(sign_in, slot, patient):
    answer = sign_in(Role.REGISTRAR).post(panel(slot), sent(slot, patient, **{"other-name": "Доверова Вера"}))
    entry = RegistryEntry.objects.get()
    assert (answer.status_code, entry.applicant_acts_as, entry.applicant_paper) == (302, "", "")
    assert EntryLine.of(entry).applicant == "взрослый за другого взрослого: Доверова Вера"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "Запишите, кто обратился за пациента."), ("дочь 2", "Напишите буквами.")],
)
def test_without_a_name_it_says_so_and_keeps_the_rest(sign_in, slot, patient, name, sentence):
    answer = sign_in(Role.REGISTRAR).post(panel(slot), sent(slot, patient, **SAID | {"other-name": name}))
    form = answer.context["panel"].other_adult
    assert (answer.status_code, form.errors, form["acts_as"].value()) == (422, {"name": [sentence]}, "дочь")
    assert not Appointment.objects.exists()


def test_pressed_before_the_name_is_asked_for_it_says_so(sign_in, slot, patient):
    answer = sign_in(Role.REGISTRAR).post(panel(slot), sent(slot, patient))
    form = answer.context["panel"].other_adult
    assert (answer.status_code, form.errors) == (422, {"name": ["Запишите, кто обратился за пациента."]})
    assert answer.content.decode().count('id="id_other-name_error"') == 1


def test_chosen_as_the_applicant_it_asks_and_complains_of_nothing(sign_in, slot, patient):
    answer = sign_in(Role.REGISTRAR).post(panel(slot), sent(slot, patient, refresh="1"))
    assert (answer.status_code, answer.context["panel"].other_adult.errors) == (200, {})


def test_a_new_representative_pressed_before_they_are_asked_for_is_missed_in_words(sign_in, slot):
    answer = sign_in(Role.REGISTRAR).post(panel(slot), sent(slot, make.child(), applicant="new"))
    form = answer.context["panel"].new_representative
    missed = {name: ["Обязательное поле."] for name in ("relation", "last_name", "first_name")}
    assert (answer.status_code, {name: list(said) for name, said in form.errors.items()}) == (422, missed)


def test_whoever_comes_for_themselves_is_not_asked(sign_in, slot, patient):
    answer = sign_in(Role.REGISTRAR).get(panel(slot), {"patient": patient.pk})
    assert answer.context["panel"].other_adult is None


def test_k15_over_a_busy_time_it_is_written_down_too(sign_in, slot, patient):
    make.appointment(slot)
    page = reverse("office:overbook", args=[slot.pk])
    before = RegistryEntry.objects.count()
    assert sign_in(Role.REGISTRAR).post(page, sent(slot, patient, reason="острая боль", **SAID)).status_code == 302
    assert RegistryEntry.objects.count() == before + 1
    assert RegistryEntry.objects.get(patient=patient).applicant_name == "Доверова Вера Львовна"


def test_k15_during_a_call_the_panel_asks_who_is_on_the_line(sign_in, slot, patient):
    operator, service = sign_in(Role.OPERATOR), slot.doctor.services.get()
    book = reverse("office:caller_book", args=[patient.pk], query={"who": "other"})
    answer = operator.post(book, {"slot": slot.pk, "service": service.pk, "key": "k1"}, follow=True)
    assert not Appointment.objects.exists()
    asked = answer.context["panel"]
    assert (asked.applicant, asked.slot.pk, asked.form["service"].value()) == ("other", slot.pk, str(service.pk))


def test_a_child_has_no_other_adult(sign_in, slot):
    child = make.child()
    make.parent_of(child)
    answer = sign_in(Role.OPERATOR).get(panel(slot), {"patient": child.pk, "applicant": "other"})
    assert answer.context["panel"].other_adult is None
