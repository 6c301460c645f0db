"""K26: a power of attorney is given by one of the people on record, and its register is looked up by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from back_office.forms.patients import PowerForm
from foundation.accounts.choices import Role
from patients.choices import Relation
from patients.models import PowerOfAttorney, Representation
from tests import factories as make

pytestmark = pytest.mark.django_db
SIGNED = timezone.localdate() - timedelta(days=1)


@pytest.fixture
def child():
    return make.child()


@pytest.fixture
def mother(child):
    return make.parent_of(child)


def power(**given):
    return {"power-signed_on": f"{SIGNED:%d.%m.%Y}", "power-seen_as": "original"} | given


def form(sent, *acting):
    return PowerForm(sent, prefix="power", acting=acting)


def nanny_by(desk, child, **given):
    nanny = {"rep-relation": "attorney", "rep-last_name": "Няня", "rep-first_name": "Анна"}
    return desk.post(reverse("office:representative_new", args=[child.pk]), nanny | power(**given))


def test_the_legal_representatives_are_offered_and_the_first_is_chosen(child, mother):
    father = make.parent_of(child, last_name="Орлов", first_name="Пётр")
    nanny = Representation(patient=child, relation=Relation.ATTORNEY, last_name="Няня", first_name="Анна")
    field = form(None, mother, father, nanny).fields["principal"]
    offered = [(str(mother.pk), mother.full_name), (str(father.pk), father.full_name), ("", "другой человек")]
    assert (list(field.choices), field.initial) == (offered, str(mother.pk))


def test_with_nobody_on_record_the_name_is_typed(child):
    asked = form(power())
    assert ("principal" in asked.fields, asked.errors) == (False, {"principal_name": ["Укажите, кто её выдал."]})
    typed = form(power(**{"power-principal_name": "Орлова Мария"}))
    assert (typed.is_valid(), typed.power().principal_name) == (True, "Орлова Мария")


def test_the_chosen_person_gave_it(sign_in, child, mother):
    response = nanny_by(sign_in(Role.REGISTRAR), child, **{"power-principal": str(mother.pk)})
    assert (response.status_code, PowerOfAttorney.objects.get().principal_name) == (302, mother.full_name)


def test_a_name_that_is_typed_says_that_somebody_else_did(sign_in, child, mother):
    both = {"power-principal": str(mother.pk), "power-principal_name": "Гарина Ольга"}
    nanny_by(sign_in(Role.REGISTRAR), child, **both)
    assert PowerOfAttorney.objects.get().principal_name == "Гарина Ольга"


def test_somebody_else_has_to_be_named(mother):
    assert form(power(**{"power-principal": ""}), mother).errors == {"principal_name": ["Укажите, кто её выдал."]}


def test_a_person_who_does_not_act_for_the_child_cannot_be_chosen(mother):
    stranger = make.parent_of(make.child())
    assert "principal" in form(power(**{"power-principal": str(stranger.pk)}), mother).errors


@pytest.mark.parametrize(("ticked", "checked"), [({}, False), ({"power-checked_in_register": "on"}, True)])
def test_the_register_is_checked_by_hand_or_not_at_all(sign_in, child, mother, ticked, checked):
    desk, number = sign_in(Role.REGISTRAR), "78/123-н/78-2025-4-567"
    given = {"power-principal": str(mother.pk), "power-register_number": number}
    assert nanny_by(desk, child, **given, **ticked).status_code == 302
    kept = PowerOfAttorney.objects.get()
    assert (kept.register_number, kept.checked_in_register) == (number, checked)
    card = desk.get(reverse("office:patient", args=[child.pk])).content.decode()
    assert (f"№ {number}" in card, "проверено в реестре" in card) == (True, checked)
