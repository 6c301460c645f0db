"""The desk's booking panel: papers as the rules allow, a lost race, a double click (R3–R9, T80, T82)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from patients.choices import Relation
from patients.models import IdentityDocument, RegistryEntry
from scheduling.models import Appointment
from tests import factories
from waitlist.models import WaitlistRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def slot():
    return factories.slots_of(factories.shift(factories.doctor()))[1]


def address(slot, patient=None):
    return reverse("office:book", args=[slot.pk]) + (f"?patient={patient.pk}" if patient else "")


def sent(slot, patient, **changed):
    return {
        "key": "k1",
        "patient": patient.pk,
        "applicant": "self",
        "service": slot.doctor.services.first().pk,
        "identity-seen": "on",
        "identity-kind": "rf_passport",
        "identity-seen_as": "original",
        "identity-number": "",
    } | changed


def asked(response):
    return [paper.document for paper in response.context["panel"].papers]


def test_an_adult_is_booked_with_the_passport_seen(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    response = desk.post(address(slot), sent(slot, patient, **{"identity-number": "4015 123456"}))
    made = Appointment.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("office:appointment", args=[made.pk])
    assert RegistryEntry.objects.get().documents_seen == [
        {"document": "identity", "kind": "rf_passport", "seen_as": "original", "ends": "56"}
    ]


def test_d29_a_number_that_cannot_be_read_warns_and_never_blocks(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    response = desk.post(address(slot), sent(slot, patient, **{"identity-number": "4015 12345a"}), follow=True)
    assert Appointment.objects.count() == 1
    assert IdentityDocument.objects.get().number == "4015 12345a"
    warning = (
        "Паспорт или документ, его заменяющий: Номер выглядит необычно и сохранён, как набран. "
        "Обычный вид: Четыре цифры серии и шесть цифр номера: 4015 123456."
    )
    assert [str(message) for message in response.context["messages"]] == [warning]


def test_d29_beside_the_field_stands_why_a_number_looks_unusual(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    typed = {"identity-number": "4015 12345a", "identity-seen": ""}
    number = desk.post(address(slot), sent(slot, patient, **typed)).context["panel"].papers[0]["number"]
    assert (number.value(), list(number.errors)) == ("4015 12345a", [])
    assert "необычно" in number.help_text


def test_the_same_form_twice_makes_one_appointment(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    first, second = (desk.post(address(slot), sent(slot, patient)) for _ in range(2))
    assert first.url == second.url
    assert Appointment.objects.count() == 1


def test_the_same_key_for_another_patient_is_refused(sign_in, slot):
    desk = sign_in(Role.REGISTRAR)
    desk.post(address(slot), sent(slot, factories.patient()))
    other = factories.slots_of(slot.shift)[2]
    assert desk.post(address(other), sent(other, factories.patient(first_name="Анна"))).status_code == 422


def test_a_document_not_seen_is_named(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    form = sent(slot, patient)
    del form["identity-seen"]
    response = desk.post(address(slot), form)
    assert response.status_code == 422
    assert response.context["missing"] == ("identity",)
    assert not Appointment.objects.exists()


def test_a_lost_race_offers_other_times_and_keeps_what_was_typed(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    factories.appointment(slot)
    response = desk.post(address(slot), sent(slot, patient, **{"identity-number": "4015 123456"}))
    assert response.status_code == 409
    assert len(response.context["alternatives"]) == 3
    assert "4015 123456" in response.content.decode()


@pytest.mark.parametrize(
    ("relation", "papers"),
    [
        (Relation.PARENT, ["identity", "birth_certificate"]),
        (Relation.GUARDIAN, ["identity", "birth_certificate"]),
        (Relation.ATTORNEY, ["identity", "birth_certificate", "power_of_attorney"]),
    ],
)
def test_for_a_child_exactly_the_papers_of_the_rules_are_asked(sign_in, slot, relation, papers):
    patient = factories.child()
    factories.parent_of(patient, relation)
    response = sign_in(Role.REGISTRAR).get(address(slot, patient))
    assert asked(response) == papers
    assert (response.context["panel"].power is not None) == (relation == Relation.ATTORNEY)


def test_an_adult_for_another_adult_is_asked_for_their_name_and_no_paper(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.patient()
    response = desk.post(address(slot), {"patient": patient.pk, "applicant": "other", "refresh": "1"})
    assert asked(response) == []
    said = {"applicant": "other", "other-name": "Доверова Вера Львовна"}
    assert desk.post(address(slot), sent(slot, patient, **said)).status_code == 302


def test_by_phone_nothing_is_asked_and_the_papers_to_bring_are_named(sign_in, slot):
    patient = factories.patient()
    response = sign_in(Role.OPERATOR).get(address(slot, patient))
    assert asked(response) == []
    assert response.context["panel"].bring == ("identity",)


def test_a_new_representative_is_recorded_while_booking(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.child()
    form = sent(
        slot,
        patient,
        applicant="new",
        **{
            "rep-relation": "parent",
            "rep-last_name": "Орлова",
            "rep-first_name": "Мария",
            "rep-phone": "89210001122",
            "birth_certificate-seen": "on",
            "birth_certificate-kind": "birth_certificate",
            "birth_certificate-seen_as": "original",
        },
    )
    assert desk.post(address(slot), form).status_code == 302
    assert Appointment.objects.get().representation.phone.as_e164 == "+79210001122"


def test_papers_that_the_page_had_not_shown_are_said_to_be_new(sign_in, slot):
    child = factories.child(6)
    form = sent(slot, child, applicant=factories.parent_of(child).pk)
    answer = sign_in(Role.REGISTRAR).post(address(slot), form)
    assert answer.status_code == 422
    assert [paper.is_bound for paper in answer.context["panel"].papers] == [True, False]
    assert "есть что заполнить ещё: новые поля ниже" in answer.content.decode()


def test_an_attorney_is_asked_for_the_power_of_attorney_in_force(sign_in, slot):
    desk, patient = sign_in(Role.REGISTRAR), factories.child()
    signed = timezone.localdate() - timedelta(days=30)
    form = sent(
        slot,
        patient,
        applicant="new",
        **{
            "rep-relation": "attorney",
            "rep-last_name": "Седова",
            "rep-first_name": "Ольга",
            "birth_certificate-seen": "on",
            "birth_certificate-kind": "birth_certificate",
            "power_of_attorney-seen": "on",
            "power-principal_name": "Орлова Мария Ивановна",
            "power-signed_on": f"{signed:%d.%m.%Y}",
            "power-seen_as": "original",
        },
    )
    late = form | {"power-valid_until": f"{signed + timedelta(days=5):%d.%m.%Y}"}
    assert desk.post(address(slot), late).status_code == 422
    assert desk.post(address(slot), form).status_code == 302
    power = Appointment.objects.get().representation.power_of_attorney
    assert power.valid_until == signed.replace(year=signed.year + 1)


def test_a_follow_up_names_the_completed_visit(sign_in, by):
    doctor = factories.doctor()
    today = factories.slots_of(factories.shift(doctor, days=2))
    earlier = factories.appointment(today[0])
    factories.seen(earlier, by)
    Appointment.objects.filter(pk=earlier.pk).update(
        starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=2, minutes=-30)
    )
    form = sent(today[2], earlier.patient, visit=earlier.pk)
    sign_in(Role.REGISTRAR).post(address(today[2]), form)
    assert Appointment.objects.get(visit_kind="follow_up").follow_up_of == earlier


def test_opening_the_panel_holds_nothing_and_the_button_does(sign_in, slot):
    desk = sign_in(Role.REGISTRAR)
    desk.get(address(slot))
    slot.refresh_from_db()
    assert slot.hold_token is None
    desk.post(reverse("office:hold"), {"slot": slot.pk})
    slot.refresh_from_db()
    assert slot.hold_reason == "desk"
    desk.post(reverse("office:book_drop", args=[slot.pk]))
    slot.refresh_from_db()
    assert slot.hold_token is None


def test_the_search_in_the_panel_finds_and_records_who_was_shown(sign_in, slot):
    patient = factories.patient(last_name="Юсупова")
    desk = sign_in(Role.REGISTRAR)
    response = desk.post(address(slot), {"q": "юсуп"}, follow=True)
    assert [found.pk for found in response.context["found"]] == [patient.pk]
    assert AuditEvent.objects.filter(action="patient.shown", patient=patient.pk, object_ref="office:book").count() == 1


def test_the_search_in_the_panel_keeps_the_service_and_fills_the_new_record(sign_in, slot):
    desk, service = sign_in(Role.REGISTRAR), slot.doctor.services.first()
    url = address(slot) + f"?service={service.pk}"
    assert desk.post(url, {"q": "юсупова"}).url == url
    onward = {"slot": slot.pk, "service": service.pk}
    form = desk.get(reverse("office:patient_new"), onward).context["form"]
    assert form.initial == {"last_name": "Юсупова"}


def test_a_search_for_another_time_is_not_answered_again(sign_in, slot):
    factories.patient(last_name="Юсупова")
    desk = sign_in(Role.REGISTRAR)
    desk.post(address(slot), {"q": "юсуп"})
    for page in (address(factories.slots_of(slot.shift)[2]), reverse("office:patients")):
        response = desk.get(page)
        assert (response.context["asked"], response.context["found"]) == ("", [])


def test_unknown_times_and_patients_are_404(sign_in, slot):
    desk = sign_in(Role.REGISTRAR)
    assert desk.get(reverse("office:book", args=[uuid4()])).status_code == 404
    assert desk.get(address(slot) + f"?patient={uuid4()}").status_code == 404
    assert desk.get(address(slot) + "?patient=nobody").status_code == 404


def test_the_nearest_times_are_read_out_first(sign_in, slot):
    patient = factories.patient()
    specialty = slot.doctor.specialties.first()
    response = sign_in(Role.REGISTRAR).get(
        reverse("office:find_time"), {"patient": patient.pk, "specialty": specialty.pk}
    )
    assert len(response.context["found"]) == 3


def test_nothing_suits_and_the_wishes_go_to_the_contact_centre(sign_in, slot):
    patient, specialty = factories.patient(), factories.specialty()
    desk = sign_in(Role.REGISTRAR)
    wishes = {"patient": patient.pk, "specialty": specialty.pk, "weekdays": ["1", "3"]}
    assert desk.get(reverse("office:find_time"), wishes).context["found"] == []
    assert desk.post(reverse("office:hand_over"), wishes).status_code == 302
    row = WaitlistRequest.objects.get()
    assert (row.patient, row.channel, row.weekdays) == (patient, "registry", [1, 3])


def test_a_busy_time_is_booked_over_only_with_a_reason(sign_in, slot):
    factories.appointment(slot)
    desk, patient = sign_in(Role.REGISTRAR), factories.patient(first_name="Анна")
    url, service = reverse("office:overbook", args=[slot.pk]), slot.doctor.services.first()
    sent = {"patient": patient.pk, "service": service.pk, "key": "k1", "applicant": "self", "identity-seen": "on"}
    assert desk.post(url, sent | {"reason": ""}).status_code == 422
    assert desk.post(url, sent | {"reason": "острая боль"}).status_code == 302
    assert Appointment.objects.get(overbooked=True).overbook_reason == "острая боль"
