"""How people and their papers are called on a screen (R13)."""

from datetime import date

import pytest
import time_machine

from patients.choices import Relation
from patients.models import IdentityDocument, Patient, PowerOfAttorney, Representation


@pytest.mark.parametrize(
    ("patronymic", "full", "short", "salutation"),
    [
        ("Ивановна", "Орлова Мария Ивановна", "Орлова М. И.", "Мария Ивановна"),
        ("", "Орлова Мария", "Орлова М.", "Мария"),
    ],
)
def test_a_patient_is_called_in_full_in_short_and_to_the_face(patronymic, full, short, salutation):
    patient = Patient(last_name="Орлова", first_name="Мария", patronymic=patronymic)
    assert (patient.full_name, patient.short_name, patient.salutation, str(patient)) == (full, short, salutation, full)


@pytest.mark.parametrize(("today", "age"), [("2026-05-16 12:00", 35), ("2026-05-17 12:00", 36)])
def test_the_age_on_the_screen_is_that_of_today(today, age):
    with time_machine.travel(f"{today}+03:00", tick=False):
        assert Patient(birth_date=date(1990, 5, 17)).age == age


def test_a_representative_is_named_with_the_relation():
    mother = Representation(relation=Relation.PARENT, last_name="Орлова", first_name="Мария", patronymic="Ивановна")
    assert (str(mother), mother.salutation) == ("Орлова Мария Ивановна (Родитель)", "Мария Ивановна")


@pytest.mark.parametrize(("number", "called"), [("78/1-н/78-2026-4-5", "78/1-н/78-2026-4-5"), ("", "2026-01-10")])
def test_a_power_of_attorney_is_called_by_its_number_or_its_day(number, called):
    assert str(PowerOfAttorney(register_number=number, signed_on=date(2026, 1, 10))) == called


@pytest.mark.parametrize(("digits", "masked"), [("3456", "•••• 3456"), ("", "")])
def test_of_a_document_only_the_end_is_shown(digits, masked):
    assert IdentityDocument(last_digits=digits).masked == masked
