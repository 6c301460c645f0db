"""The register at the desk: search first, no doubles, every showing written down (R9, T47, U13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.actions import papers
from patients.choices import Applicant, Channel, ContactWay, DocumentKind, SeenAs
from patients.data import Seen
from patients.demandable import Demandable
from patients.models import Patient, Representation
from tests import factories
from tests.opened import as_opened

pytestmark = pytest.mark.django_db

PERSON = {
    "last_name": "Орлова",
    "first_name": "Мария",
    "birth_date": "17.05.1990",
    "phone": "8 921 000-11-22",
}


@pytest.mark.parametrize("asked", ["орл", "орл м и", "jhkjdf", "17051990", "М-1"])
def test_search_understands_what_registrars_type(sign_in, asked):
    patient = factories.patient()
    Patient.objects.update(card_number="М-000001")
    response = sign_in(Role.REGISTRAR).post(reverse("office:patients"), {"q": asked}, follow=True)
    assert [row.pk for row in response.context["found"]] == [patient.pk]
    assert AuditEvent.objects.filter(action="patient.shown", patient=patient.pk).count() == 1


def test_a_list_takes_as_many_queries_for_many_as_for_one(sign_in):
    desk = sign_in(Role.REGISTRAR)
    desk.post(reverse("office:patients"), {"q": "орлова"})

    def queries():
        with CaptureQueriesContext(connection) as made:
            desk.get(reverse("office:patients"))
        return len(made)

    factories.appointment()
    queries()
    one = queries()
    for number in range(15):
        factories.patient(first_name=f"Мария{number}")
    assert queries() == one


@pytest.mark.parametrize("phone", ["+79210001122", "89210001122", "+89210001122", "9210001122", "8 (921) 000-11-22"])
def test_a_phone_is_understood_however_it_is_written(sign_in, phone):
    sign_in(Role.REGISTRAR).post(reverse("office:patient_new"), PERSON | {"phone": phone})
    assert Patient.objects.get().phone.as_e164 == "+79210001122"


@pytest.mark.parametrize(("field", "value"), [("birth_date", "17.05.2090"), ("phone", "12"), ("last_name", "")])
def test_a_wrong_field_is_named_beside_it(sign_in, field, value):
    response = sign_in(Role.REGISTRAR).post(reverse("office:patient_new"), PERSON | {field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_a_namesake_is_shown_and_made_only_on_the_registrars_word(sign_in):
    desk, url = sign_in(Role.REGISTRAR), reverse("office:patient_new")
    desk.post(url, PERSON)
    response = desk.post(url, PERSON)
    assert response.status_code == 422
    assert [double.pk for double in response.context["doubles"]] == [Patient.objects.get().pk]
    assert desk.post(url, PERSON | {"namesake": "on"}).status_code == 302
    assert Patient.objects.count() == 2


def test_the_new_record_goes_back_to_the_time_being_booked(sign_in):
    slot = factories.slots_of(factories.shift(factories.doctor()))[0]
    response = sign_in(Role.REGISTRAR).post(reverse("office:patient_new") + f"?slot={slot.pk}", PERSON)
    assert response.url == reverse("office:book", args=[slot.pk]) + f"?patient={Patient.objects.get().pk}"


def test_what_was_typed_into_the_search_is_in_the_new_record(sign_in):
    desk = sign_in(Role.REGISTRAR)
    desk.post(reverse("office:patients"), {"q": "иванов пётр"})
    response = desk.get(reverse("office:patient_new"))
    assert response.context["form"].initial == {"last_name": "Иванов", "first_name": "Пётр"}


def test_the_search_survives_a_refresh_and_an_empty_one_clears_it(sign_in):
    patient, desk, url = factories.patient(), sign_in(Role.REGISTRAR), reverse("office:patients")
    desk.post(url, {"q": "\x00 орлова "})
    for _time in range(2):
        response = desk.get(url)
        assert (response.context["asked"], [row.pk for row in response.context["found"]]) == ("орлова", [patient.pk])
    assert desk.post(url, {"q": " "}, follow=True).context["found"] == []
    assert desk.get(reverse("office:patient_new")).context["form"].initial == {}


def test_the_search_keeps_the_time_being_booked(sign_in):
    slot = factories.slots_of(factories.shift(factories.doctor()))[0]
    url = reverse("office:patients") + f"?over={slot.pk}"
    assert sign_in(Role.REGISTRAR).post(url, {"q": "орл"}).url == url


def test_the_card_shows_visits_and_masks_documents(sign_in):
    visit = factories.appointment()
    response = sign_in(Role.REGISTRAR).get(reverse("office:patient", args=[visit.patient_id]))
    assert response.context["upcoming"] == [visit]
    assert AuditEvent.objects.filter(action="patient.shown", patient=visit.patient_id).count() == 1


def test_k17_the_registry_entry_says_which_papers_were_shown(sign_in, by):
    child, mother = (patient := factories.child()), factories.parent_of(patient)
    seen = [
        Seen(document=Demandable.IDENTITY, kind=DocumentKind.RF_PASSPORT, number="4015 123456"),
        Seen(
            document=Demandable.BIRTH_CERTIFICATE,
            kind=DocumentKind.BIRTH_CERTIFICATE,
            seen_as=SeenAs.CERTIFIED_COPY,
        ),
    ]
    case = {"applicant": Applicant.LEGAL_REPRESENTATIVE, "representation": mother, "by": by}
    papers.record(patient=child, channel=Channel.REGISTRY, seen=seen, **case)
    papers.record(patient=child, channel=Channel.PHONE, seen=[], **case)
    page = sign_in(Role.REGISTRAR).get(reverse("office:patient", args=[child.pk]))
    phone, desk = page.context["entries"]
    assert (phone.papers, phone.representative) == ([], mother.full_name)
    assert desk.papers == ["Паспорт гражданина РФ •• 56 (оригинал)", "Свидетельство о рождении (заверенная копия)"]
    text = page.content.decode()
    assert "предъявлено: Паспорт гражданина РФ •• 56 (оригинал), Свидетельство о рождении (заверенная копия);" in text
    assert "ничего не предъявлено" in text
    assert "123456" not in text


def test_a_record_is_put_right(sign_in):
    patient = factories.patient()
    desk, edit = sign_in(Role.REGISTRAR), reverse("office:patient_edit", args=[patient.pk])
    desk.post(edit, as_opened(desk, edit) | PERSON | {"last_name": "Ёлкина"})
    patient.refresh_from_db()
    assert patient.last_name == "Ёлкина"


def test_the_desk_notes_that_somebody_asks_for_no_calls_and_the_card_says_it(sign_in):
    patient = factories.patient()
    desk, edit = sign_in(Role.REGISTRAR), reverse("office:patient_edit", args=[patient.pk])
    card = reverse("office:patient", args=[patient.pk])
    assert "только писать" not in desk.get(card).content.decode()
    desk.post(edit, as_opened(desk, edit) | PERSON | {"contact_way": "writing"})
    patient.refresh_from_db()
    assert patient.contact_way == ContactWay.WRITING
    assert "только писать" in desk.get(card).content.decode()


def test_only_an_attorney_needs_a_power_of_attorney(sign_in):
    child, desk = factories.child(), sign_in(Role.REGISTRAR)
    url = reverse("office:representative_new", args=[child.pk])
    person = {"rep-last_name": "Орлова", "rep-first_name": "Мария"}
    assert desk.post(url, person | {"rep-relation": "attorney"}).status_code == 422
    assert desk.post(url, person | {"rep-relation": "parent"}).status_code == 302
    signed = timezone.localdate() - timedelta(days=1)
    power = {
        "power-principal_name": "Орлова",
        "power-signed_on": f"{signed:%d.%m.%Y}",
        "power-seen_as": "original",
    }
    assert desk.post(url, person | power | {"rep-relation": "attorney"}).status_code == 302
    assert Representation.objects.filter(power_of_attorney__isnull=False).count() == 1


def test_the_schedule_administrator_sees_no_patients(sign_in):
    assert sign_in(Role.SCHEDULE_ADMIN).get(reverse("office:patients")).status_code == 403


@pytest.mark.parametrize(
    ("phone", "sentence"),
    [
        ("8 921 000-11-2", "Не хватает цифр: после 8 или +7 их десять, а здесь 9."),
        ("+7 000 000 00 00", "Кода 000 нет ни у города, ни у оператора. Проверьте номер."),
        ("8 921 000 11 22 мама", "Напишите здесь только номер, а «мама» — в заметке."),
        ("317-78-21", "Похоже на городской номер. Напишите его целиком: 8 812 317-78-21."),
    ],
)
def test_d24_a_phone_that_is_not_whole_stays_as_typed_beside_a_sentence(sign_in, phone, sentence):
    page = sign_in(Role.REGISTRAR).post(reverse("office:patient_new"), PERSON | {"phone": phone})
    field = page.context["form"]["phone"]
    assert (list(field.errors), field.value(), Patient.objects.count()) == ([sentence], phone, 0)


def test_d24_the_number_with_the_code_of_the_city_is_one_tick(sign_in):
    client = sign_in(Role.REGISTRAR)
    page = client.post(reverse("office:patient_new"), PERSON | {"phone": "317-78-21"}).content.decode()
    assert '<input type="checkbox" name="phone" value="8 812 317-78-21"> <span>Да, это 8 812 317-78-21</span>' in page
    client.post(reverse("office:patient_new"), PERSON | {"phone": ["317-78-21", "8 812 317-78-21"]})
    assert Patient.objects.get().phone.as_e164 == "+78123177821"


def test_k04_a_double_is_shown_while_the_record_is_typed(sign_in):
    desk, there = sign_in(Role.REGISTRAR), factories.patient(last_name="Иванов", phone="+79215551234")
    typed = {"last_name": "Ивонов", "first_name": there.first_name, "phone": "8 921 555-12-34", "birth_date": "17."}
    answer = desk.post(reverse("office:patient_doubles"), typed)
    assert [double.onward for double in answer.context["doubles"]] == [reverse("office:patient", args=[there.pk])]
    assert 'data-key="F2"' in answer.content.decode()
    assert AuditEvent.objects.filter(action="patient.shown", patient=there.pk).count() == 1
    slot = factories.slots_of(factories.shift(factories.doctor(factories.service())))[0]
    onward = desk.post(reverse("office:patient_doubles") + f"?slot={slot.pk}", typed).context["doubles"][0].onward
    assert onward == reverse("office:book", args=[slot.pk]) + f"?patient={there.pk}"


@pytest.mark.parametrize("typed", [{}, {"last_name": "\x00", "birth_date": "31.02.1990", "phone": "мама"}])
def test_nobody_is_shown_for_a_form_that_says_too_little(sign_in, typed):
    factories.patient()
    answer = sign_in(Role.REGISTRAR).post(reverse("office:patient_doubles"), typed)
    assert (answer.status_code, answer.context["doubles"]) == (200, [])


def test_k08_the_lines_tell_the_last_four_digits(sign_in):
    factories.patient(last_name="Юсупова", phone="+79215551234")
    answer = sign_in(Role.REGISTRAR).post(reverse("office:patients"), {"q": "юсупова"}, follow=True)
    assert "•• 1234" in answer.content.decode()


def test_k08_the_visit_and_the_panel_tell_them_too(sign_in):
    visit = factories.appointment(of=factories.patient(last_name="Юсупова", phone="+79215551234"))
    free = factories.slots_of(factories.shift(factories.doctor(), days=2))[0]
    desk, panel = sign_in(Role.REGISTRAR), reverse("office:book", args=[free.pk])
    pages = [desk.get(reverse("office:appointment", args=[visit.pk])), desk.post(panel, {"q": "юсупова"}, follow=True)]
    assert ["•• 1234" in page.content.decode() for page in pages] == [True, True]


@pytest.mark.parametrize("page", ["office:patients", "office:book"])
def test_nearly_the_same_names_are_told_from_the_name_that_was_typed(sign_in, page):
    factories.patient(last_name="Юсупова")
    slot = factories.slots_of(factories.shift(factories.doctor(factories.service())))[0]
    address = reverse(page, args=[slot.pk] if page == "office:book" else [])
    sentence, desk = "Точно так никого не зовут", sign_in(Role.REGISTRAR)
    told = [
        sentence in desk.post(address, {"q": name}, follow=True).content.decode() for name in ("юсупова", "юсопова")
    ]
    assert told == [False, True]
