"""One person is one record in whatever way the name is typed: found always, doubled never (T92, D20–D23)."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from foundation.text.layouts import in_other_layout
from patients.actions import register
from patients.data import PersonData
from patients.errors import SamePersonExists
from patients.models import Patient
from scheduling.queries.find_people import find
from tests import factories as make
from tests.search.crowd import crowd

pytestmark = pytest.mark.django_db
PEOPLE, SPELLINGS = 500, 4
APOSTROPHES, HYPHENS = "'’‘ʼ`´", "-‐‑–—−"
SPACES = (" ", "\u00a0", "\u2009", "\u3000", "  ", "\t")
UNSEEN = "\u200b\u00ad\u2060\ufeff\u200d"
LOOKALIKES = str.maketrans("АВСЕНКМОРТХаеорсух", "ABCEHKMOPTXaeopcyx")
Spelling = Callable[[random.Random, str], str]


def normal_form(rng: random.Random, name: str) -> str:
    return unicodedata.normalize("NFD", name)


def case(rng: random.Random, name: str) -> str:
    return rng.choice((name.lower(), name.upper(), name.swapcase()))


def yo(rng: random.Random, name: str) -> str:
    return name.replace("ё", "е").replace("Ё", "Е")


def apostrophe(rng: random.Random, name: str) -> str:
    return "".join(rng.choice(APOSTROPHES) if sign in APOSTROPHES else sign for sign in name)


def hyphen(rng: random.Random, name: str) -> str:
    return "".join(rng.choice(HYPHENS) if sign in HYPHENS else sign for sign in name)


def space(rng: random.Random, name: str) -> str:
    return rng.choice(SPACES) + name + rng.choice(SPACES)


def invisible(rng: random.Random, name: str) -> str:
    at = rng.randint(0, len(name))
    return name[:at] + rng.choice(UNSEEN) + name[at:]


def lookalike(rng: random.Random, name: str) -> str:
    """Leaves one Russian letter, by which the word is known to be Russian."""
    first, rest = name[:1], name[1:]
    return first + rest.translate(LOOKALIKES) if first.translate(LOOKALIKES) == first else name


DOUBLING: tuple[Spelling, ...] = (normal_form, case, yo, apostrophe, hyphen, space, invisible, lookalike)
"""Each writes one part of a name in another way; whoever types it so means the same person."""


def people(rng: random.Random) -> list[PersonData]:
    return [
        PersonData(
            last_name=one.patient.last_name,
            first_name=one.patient.first_name,
            patronymic=one.patient.patronymic,
            birth_date=one.patient.birth_date,
            phone=f"+7921{number:07d}",
        )
        for number, one in enumerate(crowd(rng, PEOPLE))
    ]


def spelt(rng: random.Random, person: PersonData, spelling: Spelling) -> PersonData:
    return replace(
        person,
        last_name=spelling(rng, person.last_name),
        first_name=spelling(rng, person.first_name),
        patronymic=spelling(rng, person.patronymic) if person.patronymic else "",
    )


def full(person: PersonData) -> str:
    return f"{person.last_name} {person.first_name} {person.patronymic}".strip()


def is_found(patient: Patient, typed: str) -> bool:
    return patient in [found.patient for found in find(typed).people]


@pytest.fixture
def register_of_500():
    rng = random.Random(92)
    known = [(person, register.add(person=person, by=make.TEST, allow_namesake=True)) for person in people(rng)]
    return rng, known


def test_t92_each_spelling_is_found_and_makes_no_second_record(register_of_500):
    rng, known = register_of_500
    missed = []
    for person, patient in known:
        for spelling in rng.sample(DOUBLING, SPELLINGS):
            other = spelt(rng, person, spelling)
            if not is_found(patient, full(other)):
                missed.append((spelling.__name__, full(other)))
            with pytest.raises(SamePersonExists):
                register.add(person=other, by=make.TEST)
            assert register.find_or_add(person=other, by=make.TEST) == patient
    assert missed == []
    assert Patient.objects.count() == PEOPLE


def test_t92_the_other_layout_and_any_order_are_found(register_of_500):
    rng, known = register_of_500
    missed = []
    for person, patient in rng.sample(known, 150):
        words = [person.last_name, person.first_name, *([person.patronymic] if person.patronymic else [])]
        rng.shuffle(words)
        typed = (" ".join(words), next(in_other_layout(full(person).replace("’", "'"))))
        missed += [text for text in typed if not is_found(patient, text)]
    assert missed == []


OSHA = ["О'Ша", "О’Ша", "ОʼША", "О`Ша"]


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        *permutations(OSHA, 2),
        ("Йорданов", unicodedata.normalize("NFD", "Йорданов")),
        ("’т Хофт", "'т хофт"),
        ("Соколова", "Cоколова"),
        ("Римский-Корсаков", "римский\u2011корсаков"),
        ("Мамед оглы", "мамед\u00a0 оглы"),
        ("Мамед оглы", "мамед\tоглы"),
        ("Мамед\nоглы", "мамед оглы"),
        ("Соколова", "соко\u200bлова"),
        ("Соко\u00adлова", "соколова"),
        ("İşıkoğlu", "İşıkoğlu"),
        ("İşıkoğlu", "işıkoğlu"),
    ],
)
def test_d20_to_d23_what_was_stored_is_found_by_every_sign(stored, typed):
    person = make.person(last_name=stored)
    patient = register.add(person=person, by=make.TEST)
    assert is_found(patient, typed)
    with pytest.raises(SamePersonExists):
        register.add(person=replace(person, last_name=typed), by=make.TEST)
