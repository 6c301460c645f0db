"""The desk merges two records side by side, and parts them on the card (R9, K04)."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.models import Patient, PatientMerge
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    named = {"first_name": "Пётр", "patronymic": ""}
    return make.patient(last_name="Иванов", **named, phone=""), make.patient(last_name="Ивонов", **named)


def page(kept, double):
    return reverse("office:patient_merge", args=[kept.pk]) + f"?patient={double.pk}"


def test_the_second_record_is_found_by_the_search_and_shown_beside_the_first(sign_in, two):
    kept, double = two
    desk = sign_in(Role.REGISTRAR)
    found = desk.post(reverse("office:patients") + f"?merge={kept.pk}", {"q": "ивонов"}, follow=True)
    assert page(kept, double) in found.content.decode()
    answer = desk.get(page(kept, double))
    assert list(answer.context["form"].fields) == ["last_name", "phone"]
    assert answer.context["form"]["phone"].initial == "merged"
    assert AuditEvent.objects.filter(object_ref="office:patient_merge").count() == 2


def test_it_is_merged_shown_on_the_card_and_parted(sign_in, two):
    kept, double = two
    desk = sign_in(Role.REGISTRAR)
    answer = desk.post(page(kept, double), {"last_name": "kept", "phone": "merged"})
    assert answer.url == reverse("office:patient", args=[kept.pk])
    card = desk.get(reverse("office:patient", args=[double.pk]))
    assert card.context["patient"] == Patient.objects.get(pk=kept.pk)
    assert [part.card_number for part in card.context["parts"]] == [double.card_number]
    assert desk.post(page(kept, double), {"last_name": "kept", "phone": "merged"}).url == answer.url
    away = reverse("office:patient_merge_undo", args=[kept.pk, PatientMerge.objects.get().pk])
    for _press in range(2):
        assert desk.post(away).url == answer.url
    assert desk.get(answer.url).context["parts"] == []
    assert Patient.objects.get(pk=kept.pk).phone == ""


def test_what_both_have_is_said_and_nothing_is_merged(sign_in, two):
    kept, double = two
    specialty = make.specialty("Хирургия")
    for who in two:
        make.entry(specialty, who=who)
    desk = sign_in(Role.REGISTRAR)
    assert "в листе ожидания стоят обе карточки" in desk.get(page(kept, double)).content.decode()
    answer = desk.post(page(kept, double), {"last_name": "kept", "phone": "merged"})
    assert (answer.status_code, PatientMerge.objects.count()) == (422, 0)


def test_two_people_are_told_apart(sign_in, two):
    desk = sign_in(Role.REGISTRAR)
    assert desk.get(page(*two)).context["alike"] is True
    other = make.patient(last_name="Лунина", first_name="Вера")
    answer = desk.get(page(two[0], other))
    assert (answer.context["alike"], "Похоже, это два разных человека" in answer.content.decode()) == (False, True)


def test_a_value_that_is_not_chosen_is_asked_for(sign_in, two):
    answer = sign_in(Role.REGISTRAR).post(page(*two), {"last_name": "kept"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["phone"])


@pytest.mark.parametrize("query", ["", "?patient=x", "?patient=00000000-0000-0000-0000-000000000000"])
def test_without_a_second_record_there_is_no_such_page(sign_in, two, query):
    address = reverse("office:patient_merge", args=[two[0].pk])
    assert sign_in(Role.REGISTRAR).get(address + query).status_code == 404
    assert sign_in(Role.REGISTRAR).get(page(two[0], two[0])).status_code == 404


def test_a_page_of_the_part_that_was_open_leads_on(sign_in, two):
    kept, double = two
    acting = make.parent_of(double)
    desk = sign_in(Role.REGISTRAR)
    desk.post(page(kept, double), {"last_name": "kept", "phone": "merged"})
    assert desk.get(reverse("office:representative_end", args=[double.pk, acting.pk])).status_code == 200
    assert desk.get(reverse("office:representative_end", args=[make.child().pk, acting.pk])).status_code == 404
