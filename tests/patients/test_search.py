"""The registrar's one box at its edges: what is read as a name, a number, a date, a card (U13)."""

from datetime import date

import pytest

from patients.queries import search
from patients.queries.spellings import as_stored, spellings
from tests import factories as make


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Семёнов", ["семенов"]),
        ("  Семёнов   Пётр ", ["семенов петр"]),
        ("О’Нил", ["о’нил", "о'нил"]),
        ("Д’Ёрш Ян", ["д’ерш ян", "д'ерш ян"]),
        ("Cемёнов", ["cеменов", "семенов"]),
        ("", [""]),
    ],
)
def test_a_name_is_looked_for_as_it_is_written_and_folded_each_once(name, written):
    assert spellings(name) == written
    assert as_stored(name) == written[0]


@pytest.fixture
def people(db):
    """Returns people by their surnames."""
    names = {
        "Орлова": {"first_name": "Мария", "phone": "+79215551234", "birth_date": date(1990, 2, 1)},
        "Орлов-Ясный": {"first_name": "Лев", "patronymic": "", "birth_date": date(2019, 2, 1)},
        "Д’Ёрш": {"first_name": "Ян", "phone": "+6834000", "birth_date": date(1971, 12, 31)},
        "Ли": {"first_name": "Ли", "phone": "+78123177821", "birth_date": date(2000, 2, 29)},
    }
    return {last_name: make.patient(last_name=last_name, **rest) for last_name, rest in names.items()}


FOUND = [
    ("орл", ["Орлов-Ясный", "Орлова"]),
    ("орлова 1234", ["Орлова"]),
    ("орлова 123456", ["Орлова"]),
    ("орлова мария ивановна", ["Орлова"]),
    ("орл м и", ["Орлова"]),
    ("орл и м", []),
    ("орлова м.и.", ["Орлова"]),
    ("рлова", []),
    ("мария", []),
    ("л", ["Ли"]),
    ("ли л", ["Ли"]),
    ("ли ли", ["Ли"]),
    ("Д’Ёрш", ["Д’Ёрш"]),
    ("1234", ["Орлова"]),
    ("12-34", []),
    ("123", []),
    ("8 921 555-12-34", ["Орлова"]),
    ("79215551234", ["Орлова"]),
    ("921 555 12 34", ["Орлова"]),
    ("683-4000", ["Д’Ёрш"]),
    ("6834000", ["Д’Ёрш"]),
    ("317-78-21", []),
    ("1.02.1990", ["Орлова"]),
    ("01/02/1990", ["Орлова"]),
    ("01-02-1990", ["Орлова"]),
    ("01 02 1990", ["Орлова"]),
    ("1021990", ["Орлова"]),
    ("29.02.2000", ["Ли"]),
    ("29.02.2001", []),
    ("31.12.1971", ["Д’Ёрш"]),
    ("01.02.90", []),
]


@pytest.mark.parametrize(("typed", "surnames"), FOUND)
def test_what_is_typed_finds_whom_it_means(people, typed, surnames):
    assert [patient.last_name for patient in search.patients(typed)] == surnames


def test_a_card_is_found_with_and_without_its_hyphen_and_zeros_by_either_letter(people):
    patient = people["Ли"]
    number = int(patient.card_number.removeprefix("М-"))
    for typed in (f"М-{number:06d}", f"м{number}", f"m-{number}", f"M{number:04d}"):
        assert search.patients(typed) == [patient]
    assert search.patients(f"М-{number + 1000}") == []


def test_namesakes_stand_by_age_and_a_screen_has_an_end(db):
    born = [date(1950 + number, 1, 1) for number in range(search.SHOWN + 1)]
    for birth_date in reversed(born):
        make.patient(last_name="Лунина", birth_date=birth_date, phone="+79210001122")
    for typed in ("лунина", "1122"):
        assert [patient.birth_date for patient in search.patients(typed)] == born[: search.SHOWN]


def test_those_who_share_a_number_stand_by_name_before_age(db):
    mother = make.patient(last_name="Орлова", birth_date=date(1960, 1, 1), phone="+79210001122")
    daughter = make.patient(last_name="Абаева", birth_date=date(1990, 1, 1), phone="+79210001122")
    assert search.patients("1122") == search.patients("8 921 000-11-22") == [daughter, mother]
