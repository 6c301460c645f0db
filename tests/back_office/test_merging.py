"""The desk merges two records side by side, and parts them on the card (R9, K04)."""

import pytest
from django.urls import reverse

import booking
from back_office.forms import merge as forms
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from patients.actions import merges
from patients.models import Patient, PatientMerge
from tests import factories as make
from tests.opened import as_opened, as_sent

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
    assert list(answer.context["form"].fields) == ["version", "last_name", "phone"]
    assert answer.context["form"]["phone"].initial == "merged"
    assert AuditEvent.objects.filter(object_ref="office:patient_merge").count() == 2


def test_the_way_to_reach_a_person_is_proposed_from_the_record_that_has_one_and_goes_back(sign_in, two):
    kept, double = two
    Patient.objects.filter(pk=double.pk).update(contact_way="writing")
    desk = sign_in(Role.REGISTRAR)
    field = desk.get(page(kept, double)).context["form"]["contact_way"]
    assert (field.initial, field.field.choices) == ("merged", [("kept", "—"), ("merged", "только писать")])
    chosen = {"last_name": "kept", "phone": "kept", "contact_way": "merged"}
    desk.post(page(kept, double), as_opened(desk, page(kept, double)) | chosen)
    assert Patient.objects.get(pk=kept.pk).contact_way == "writing"
    booking.undo_merge(merge=PatientMerge.objects.get().pk, by=make.TEST)
    assert Patient.objects.get(pk=kept.pk).contact_way == ""


def test_it_is_merged_shown_on_the_card_and_parted(sign_in, two):
    kept, double = two
    desk = sign_in(Role.REGISTRAR)
    chosen = as_opened(desk, page(kept, double)) | {"last_name": "kept", "phone": "merged"}
    answer = desk.post(page(kept, double), chosen)
    assert answer.url == reverse("office:patient", args=[kept.pk])
    card = desk.get(reverse("office:patient", args=[double.pk]))
    assert card.context["patient"] == Patient.objects.get(pk=kept.pk)
    assert [part.card_number for part in card.context["parts"]] == [double.card_number]
    assert "Пришедшее с тех пор" not in card.content.decode()
    assert desk.post(page(kept, double), chosen).url == answer.url
    away = reverse("office:patient_merge_undo", args=[kept.pk, PatientMerge.objects.get().pk])
    for _press in range(2):
        assert desk.post(away).url == answer.url
    assert desk.get(answer.url).context["parts"] == []
    assert Patient.objects.get(pk=kept.pk).phone == ""


def test_the_card_says_what_came_since_and_stays(sign_in, two):
    kept, double = two
    booking.merge_patients(kept=kept, merged=double, chosen=(), by=make.TEST)
    make.appointment(of=Patient.objects.get(pk=kept.pk))
    card = sign_in(Role.REGISTRAR).get(reverse("office:patient", args=[kept.pk]))
    assert [list(part.staying) for part in card.context["parts"]] == [
        ["записи: 1", "документы, удостоверяющие личность: 1", "реестровые записи: 1"]
    ]
    assert "Пришедшее с тех пор при разделении останется здесь" in card.content.decode()


def test_what_both_have_is_said_and_nothing_is_merged(sign_in, two):
    kept, double = two
    specialty = make.specialty("Хирургия")
    for who in two:
        make.entry(specialty, who=who)
    desk = sign_in(Role.REGISTRAR)
    assert "в листе ожидания стоят обе карточки" in desk.get(page(kept, double)).content.decode()
    answer = desk.post(page(kept, double), as_opened(desk, page(kept, double)))
    assert (answer.status_code, PatientMerge.objects.count()) == (422, 0)


def test_two_people_are_told_apart(sign_in, two):
    desk = sign_in(Role.REGISTRAR)
    assert desk.get(page(*two)).context["alike"] is True
    other = make.patient(last_name="Лунина", first_name="Вера")
    answer = desk.get(page(two[0], other))
    assert (answer.context["alike"], "Похоже, это два разных человека" in answer.content.decode()) == (False, True)


def test_a_value_that_is_not_chosen_is_asked_for(sign_in, two):
    desk = sign_in(Role.REGISTRAR)
    opened = as_opened(desk, page(*two))
    answer = desk.post(page(*two), {name: opened[name] for name in ("version", "last_name")})
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
    desk.post(page(kept, double), as_opened(desk, page(kept, double)))
    assert desk.get(reverse("office:representative_end", args=[double.pk, acting.pk])).status_code == 200
    assert desk.get(reverse("office:representative_end", args=[make.child().pk, acting.pk])).status_code == 404


def corrected(record, **columns):
    booking.correct_patient(patient=record, changes=Changes(columns), by=make.TEST)


@pytest.mark.parametrize("which", [0, 1], ids=["kept", "merged"])
def test_a_phone_that_was_corrected_meanwhile_is_chosen_anew(sign_in, two, which):
    """Nobody's correction is written over or lost: both records are shown as they are, the other choices stay."""
    desk = sign_in(Role.REGISTRAR)
    chosen = as_opened(desk, page(*two)) | {"last_name": "merged", "phone": "merged"}
    corrected(two[which], phone="+79215550505")
    answer = desk.post(page(*two), chosen)
    form = answer.context["form"]
    assert (answer.status_code, PatientMerge.objects.count()) == (409, 0)
    assert "Одну из карточек тем временем исправили" in answer.content.decode()
    assert (form["last_name"].value(), form["phone"].value()) == ("merged", None)
    assert "+7 921 555-05-05" in answer.content.decode()
    assert desk.post(page(*two), as_sent(form) | {"phone": "kept"}).status_code == 302
    assert Patient.objects.get(pk=two[0].pk).phone == (["+79215550505", ""][which])


def test_a_difference_that_was_not_there_is_shown_before_it_is_lost(sign_in, two):
    desk = sign_in(Role.REGISTRAR)
    chosen = as_opened(desk, page(*two))
    corrected(two[1], note="без лифта")
    answer = desk.post(page(*two), chosen)
    assert (answer.status_code, PatientMerge.objects.count()) == (409, 0)
    assert list(answer.context["form"].fields) == ["version", "last_name", "phone", "note"]


@pytest.mark.parametrize("version", [None, "", "nonsense", "\x00", "x" * 5000])
def test_records_that_nobody_has_seen_are_shown_first(sign_in, two, version):
    desk = sign_in(Role.REGISTRAR)
    chosen = {"last_name": "kept", "phone": "merged"} | ({} if version is None else {"version": version})
    assert (desk.post(page(*two), chosen).status_code, PatientMerge.objects.count()) == (409, 0)


def test_control_without_versions_the_correction_is_lost(sign_in, two, monkeypatch):
    for module in (forms, merges):
        monkeypatch.setattr(module, "changed_since", lambda seen, current: set())
    desk = sign_in(Role.REGISTRAR)
    chosen = as_opened(desk, page(*two)) | {"phone": "merged"}
    corrected(two[0], phone="+79215550505")
    assert desk.post(page(*two), chosen).status_code == 302
    assert Patient.objects.get(pk=two[0].pk).phone == two[1].phone
