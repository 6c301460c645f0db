"""U33: what a caller says is typed as one line; the form shows what was understood, and the times follow."""

import pytest
from django.urls import reverse

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(sign_in, operator):
    client, patient = sign_in(operator), make.patient()

    def ask(**query):
        return client.get(reverse("office:caller_wishes", args=[patient.pk]), query, follow=True)

    return ask


@pytest.fixture
def doctor():
    doctor = make.doctor(make.service())
    make.shift(doctor, days=3, starts="18:00", slots=2)
    make.shift(doctor, days=3, starts="09:00", slots=2)
    return doctor


def said(page):
    return [str(message) for message in page.context["messages"]]


def test_a_line_fills_in_the_form_and_finds_the_times(card, doctor):
    page = card(line="белова вечер")
    form = page.context["form"]
    assert (str(form["specialty"].value()), form["time_from"].value()) == (
        str(doctor.specialties.get().pk),
        "17:00",
    )
    assert [str(each) for each in form["doctors"].value()] == [str(doctor.pk)]
    assert [f"{time.slot.local_start:%H}" for time, _key in page.context["times"]] == ["18", "18"]
    assert "line=" not in page.redirect_chain[-1][0]
    assert said(page) == []


def test_the_first_visit_of_the_specialty_is_found_without_naming_a_service(card, doctor):
    make.service(doctor.specialties.get(), name="Консультация по анализам")
    page = card(line="дерматолог")
    assert {time.service for time, _key in page.context["times"]} == {doctor.services.get()}


def test_words_that_nothing_answers_to_are_given_back(card, doctor):
    page = card(line="белова рентген")
    assert said(page) == ["Не понято: рентген."]
    assert len(page.context["times"]) > 0


def test_a_line_leaves_a_doctor_out(card, doctor):
    page = card(line="дерматолог кроме беловой")
    assert [str(each) for each in page.context["form"]["not_doctors"].value()] == [str(doctor.pk)]
    assert page.context["times"] == []


def test_a_line_keeps_what_it_does_not_tell(card, doctor):
    page = card(line="вечер", specialty=doctor.specialties.get().pk, weekdays=["1", "2"])
    assert page.context["form"]["weekdays"].value() == ["1", "2"]
    assert page.context["form"]["time_from"].value() == "17:00"


def test_of_two_specialties_none_is_guessed(card, doctor):
    doctor.specialties.add(make.specialty("Трихология", "трихолог"))
    page = card(line="белова")
    assert (said(page), page.context["searched"]) == (["Подходит несколько специальностей: выберите одну."], False)
