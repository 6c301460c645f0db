"""Nothing is free: whoever waits can be called, by the family's number or by one typed in place (K05, R12)."""

import re

import pytest
from django.urls import reverse

import booking
from foundation.accounts.choices import Role
from foundation.changes import ChangedMeanwhile
from patients.contact import number_of
from patients.queries import people
from tests import factories as make
from waitlist.models import WaitlistEntry, WaitlistRequest

pytestmark = pytest.mark.django_db
TYPED, NUMBER, MOTHERS = "8 921 000-11-22", "+79210001122", "+79215554433"


@pytest.fixture
def specialty():
    return make.specialty()


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.REGISTRAR)


def wishes(patient, specialty, **more):
    return {"patient": patient.pk, "specialty": specialty.pk, "weekdays": ["1", "3"], "time_from": "16"} | more


def handed_over(client, patient, specialty, **more):
    return client.post(reverse("office:hand_over"), wishes(patient, specialty, **more))


def entered():
    return booking.enter_request(request=WaitlistRequest.objects.get().pk, by=make.actor(Role.OPERATOR))


def test_k05_the_number_of_the_mother_is_good_for_the_child(desk, specialty):
    child = make.child(phone="")
    mother = make.parent_of(child, phone=MOTHERS)
    assert b"reach-phone" not in desk.get(reverse("office:find_time"), wishes(child, specialty)).content
    assert handed_over(desk, child, specialty).status_code == 302
    row = WaitlistRequest.objects.get()
    assert (row.phone, row.weekdays) == (MOTHERS, [1, 3])
    entry = entered()
    assert (entry.representation, number_of(entry.patient, entry.representation)) == (mother, MOTHERS)


def test_k05_without_a_number_it_is_asked_beside_the_wishes_which_stay(desk, specialty):
    patient = make.patient(phone="")
    answer = handed_over(desk, patient, specialty)
    assert (answer.status_code, WaitlistRequest.objects.exists()) == (422, False)
    assert answer.context["number"].errors == {"phone": ["Без номера позвонить некому: введите телефон."]}
    assert (answer.context["asked"], answer.context["sent"]) == (
        True,
        [("specialty", str(specialty.pk)), ("weekdays", "1"), ("weekdays", "3"), ("time_from", "16")],
    )


def test_k05_the_times_are_shown_again_with_what_was_typed_in_place_of_a_number(desk):
    shift = make.shift(make.doctor())
    patient, specialty = make.patient(phone=""), shift.doctor.specialties.get()
    answer = desk.post(
        reverse("office:hand_over"), {"patient": patient.pk, "specialty": specialty.pk, "reach-phone": "нет"}
    )
    assert (answer.status_code, len(answer.context["found"])) == (422, 3)
    assert answer.context["number"]["phone"].value() == "нет"


def test_k05_wishes_that_cannot_be_understood_keep_the_number(desk, specialty):
    answer = handed_over(desk, make.patient(phone=""), specialty, **{"time_from": "99", "reach-phone": TYPED})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["time_from"])
    assert answer.context["number"]["phone"].value() == TYPED
    assert answer.content.decode().count(f'value="{TYPED}"') == 1
    forms = re.findall(r'<form method="(\w+)" action="(\S+)" novalidate class="card">', answer.content.decode())
    assert forms == [("post", reverse("office:hand_over"))]


def test_k05_a_refused_hand_over_keeps_the_number(desk, specialty, monkeypatch):
    def refuse(**_given):
        raise ChangedMeanwhile(["phone"])

    monkeypatch.setattr(booking, "hand_over", refuse)
    answer = handed_over(desk, make.patient(phone=""), specialty, **{"reach-phone": TYPED})
    assert (answer.status_code, answer.context["number"]["phone"].value()) == (409, TYPED)


def test_k05_times_that_are_free_keep_the_number_on_the_phone(operator):
    shift = make.shift(make.doctor())
    patient, specialty = make.patient(phone=""), shift.doctor.specialties.get()
    answer = joined(operator, patient, specialty, **{"reach-phone": TYPED})
    assert (answer.status_code, answer.context["number"]["phone"].value()) == (409, TYPED)


def test_k05_on_the_phone_wishes_that_cannot_be_understood_keep_the_number(operator, specialty):
    page = reverse("office:caller_join", args=[make.patient(phone="").pk], query={"specialty": 0})
    answer = operator.post(page, {"reach-phone": TYPED})
    assert (answer.status_code, answer.context["searched"]) == (422, False)
    assert answer.content.decode().count(f'value="{TYPED}"') == 1


def test_k05_a_number_typed_in_place_is_kept_in_the_record(desk, specialty):
    patient = make.patient(phone="")
    assert handed_over(desk, patient, specialty, **{"reach-phone": TYPED}).status_code == 302
    patient.refresh_from_db()
    assert (patient.phone, WaitlistRequest.objects.get().phone) == (NUMBER, NUMBER)
    entry = entered()
    assert (entry.patient, number_of(entry.patient, entry.representation)) == (patient, NUMBER)


def test_k05_for_a_child_the_number_is_that_of_who_acts_for_them(desk, specialty):
    child = make.child(phone="")
    mother = make.parent_of(child, phone="")
    handed_over(desk, child, specialty, **{"reach-phone": TYPED})
    child.refresh_from_db()
    mother.refresh_from_db()
    assert (child.phone, mother.phone) == ("", NUMBER)
    assert people.callers(NUMBER) == [child]


def test_a_mother_who_is_a_patient_too_has_the_number_on_her_own_record(desk, specialty):
    child, mother = make.child(phone=""), make.patient(phone="")
    acting = make.parent_of(child, phone="")
    booking.link_representative(representation=acting, person=mother, by=make.TEST)
    handed_over(desk, child, specialty, **{"reach-phone": TYPED})
    mother.refresh_from_db()
    acting.refresh_from_db()
    assert (mother.phone, acting.phone) == (NUMBER, NUMBER)


def test_a_number_that_was_corrected_after_the_hand_over_stays(desk, specialty):
    child = make.child(phone="")
    mother = make.parent_of(child, phone=MOTHERS)
    handed_over(desk, child, specialty)
    make.parent_of(child, phone=NUMBER)
    assert (entered().representation, WaitlistEntry.objects.get().representation.phone) == (mother, NUMBER)


def test_another_number_recorded_meanwhile_is_not_written_over(specialty):
    patient = make.patient(phone="")
    stale = type(patient).objects.get(pk=patient.pk)
    type(patient).objects.update(phone=MOTHERS)
    with pytest.raises(ChangedMeanwhile):
        booking.join_waitlist(patient=stale, wishes=make.wishes(specialty), phone=NUMBER, by=make.TEST)
    patient.refresh_from_db()
    assert (patient.phone, WaitlistEntry.objects.exists()) == (MOTHERS, False)


def joined(client, patient, specialty, **sent):
    query = {"specialty": specialty.pk} | {name: sent.pop(name) for name in ("who",) if name in sent}
    return client.post(reverse("office:caller_join", args=[patient.pk], query=query), sent)


@pytest.fixture
def operator(sign_in):
    return sign_in(Role.OPERATOR)


def test_k05_on_the_phone_whoever_has_the_number_is_called_back(operator, specialty):
    young = make.child(years=15, phone="")
    mother = make.parent_of(young, phone=MOTHERS)
    assert joined(operator, young, specialty, who="self").status_code == 302
    assert WaitlistEntry.objects.get().representation == mother


def test_k05_on_the_phone_a_number_is_asked_for_and_the_wishes_stay(operator, specialty):
    child = make.child(phone="")
    mother = make.parent_of(child, phone="")
    answer = joined(operator, child, specialty, note="после школы")
    assert (answer.status_code, answer.context["searched"], answer.context["note"]) == (422, True, "после школы")
    assert list(answer.context["number"].errors) == ["phone"]
    assert joined(operator, child, specialty, **{"reach-phone": TYPED}).status_code == 302
    mother.refresh_from_db()
    assert (mother.phone, WaitlistEntry.objects.get().representation) == (NUMBER, mother)


def test_the_number_that_calls_is_filled_in(operator, specialty):
    patient = make.patient(phone="")
    operator.post(reverse("office:caller"), {"caller": TYPED})
    answer = operator.get(reverse("office:caller_wishes", args=[patient.pk]), {"specialty": specialty.pk})
    assert answer.context["number"]["phone"].value() == "+7 921 000-11-22"


def test_who_waits_already_keeps_the_number_that_was_said(operator, specialty):
    patient = make.patient(phone="")
    entry = make.entry(specialty, who=patient)
    assert joined(operator, patient, specialty, **{"reach-phone": TYPED}).url == reverse(
        "office:entry", args=[entry.pk]
    )
    patient.refresh_from_db()
    assert patient.phone == NUMBER
