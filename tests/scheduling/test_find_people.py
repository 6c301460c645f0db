"""The registrar's one box at its edges: what is read as a name, a number, a date, a card (U13)."""

from datetime import date

import pytest
from django.db.models import F
from django.utils import timezone

from booking_site.queries import catalogue
from foundation.changes import Changes
from patients.actions import register, representations
from patients.choices import EndReason
from patients.models import NameWord
from patients.queries import people as people_of
from scheduling.models import Doctor
from scheduling.queries import find_people
from tests import factories as make
from tests.search.crowd import come_today


def found(typed):
    return [each.patient for each in find_people.find(typed).people]


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
    ("орл и м", ["Орлова"]),
    ("орлова м.и.", ["Орлова"]),
    ("рлова", ["Орлова"]),
    ("мария", ["Орлова"]),
    ("л", ["Ли", "Орлов-Ясный"]),
    ("ли л", ["Ли"]),
    ("ли ли", ["Ли"]),
    ("Д’Ёрш", ["Д’Ёрш"]),
    ("1234", ["Орлова"]),
    ("12-34", ["Орлова"]),
    ("123", []),
    ("8 921 555-12-34", ["Орлова"]),
    ("79215551234", ["Орлова"]),
    ("921 555 12 34", ["Орлова"]),
    ("683-4000", ["Д’Ёрш"]),
    ("6834000", ["Д’Ёрш"]),
    ("317-78-21", ["Ли"]),
    ("1.02.1990", ["Орлова"]),
    ("01/02/1990", ["Орлова"]),
    ("01-02-1990", ["Орлова"]),
    ("01 02 1990", ["Орлова"]),
    ("1021990", ["Орлова"]),
    ("010290", ["Орлова"]),
    ("1 февраля 1990", ["Орлова"]),
    ("1 фев 90", ["Орлова"]),
    ("1990-02-01", ["Орлова"]),
    ("орлова 1.2.90", ["Орлова"]),
    ("ли 1.2.90", ["Ли"]),
    ("29.02.2000", ["Ли"]),
    ("29.02.2001", []),
    ("31.12.1971", ["Д’Ёрш"]),
    ("01.02.90", ["Орлова"]),
]


@pytest.mark.parametrize(("typed", "surnames"), FOUND)
def test_what_is_typed_finds_whom_it_means(people, typed, surnames):
    assert [patient.last_name for patient in found(typed)] == surnames


def test_a_card_is_found_with_and_without_its_hyphen_and_zeros_by_either_letter(people):
    patient = people["Ли"]
    number = int(patient.card_number.removeprefix("М-"))
    for typed in (f"М-{number:06d}", f"м{number}", f"m-{number}", f"M{number:04d}"):
        assert found(typed) == [patient]
    assert found(f"М-{number + 1000}") == []


def test_namesakes_stand_by_age_and_a_screen_has_an_end(db):
    born = [date(1950 + number, 1, 1) for number in range(find_people.SHOWN + 1)]
    for birth_date in reversed(born):
        make.patient(last_name="Лунина", birth_date=birth_date, phone="+79210001122")
    for typed in ("лунина", "1122"):
        assert [patient.birth_date for patient in found(typed)] == born[: find_people.SHOWN]


def test_those_who_share_a_number_stand_by_name_before_age(db):
    mother = make.patient(last_name="Орлова", birth_date=date(1960, 1, 1), phone="+79210001122")
    daughter = make.patient(last_name="Абаева", birth_date=date(1990, 1, 1), phone="+79210001122")
    assert found("1122") == found("8 921 000-11-22") == [daughter, mother]


def test_a_word_of_a_name_is_known_from_each_record_once(people):
    make.patient(last_name="Орлова", first_name="Ксения")
    words = list(NameWord.objects.filter(spelling=F("word")).order_by("word").values_list("word", flat=True))
    assert words == ["ивановна", "ксения", "мария", "орлов", "орлова", "ясный"]
    assert NameWord.objects.filter(word="ксения").count() == len("ксения") + 1


@pytest.fixture
def family(db):
    """Returns a mother on record, and a child without a phone for whom she acts."""
    mother = make.patient(last_name="Иванова", first_name="Ольга", phone="+79215550101")
    child = make.child(last_name="Иванов", phone="")
    return mother, child, make.parent_of(child, last_name="Иванова", first_name="Ольга", phone="+79215550101")


@pytest.mark.parametrize("typed", ["иванова ольга", "ольга иванова", "0101", "8 921 555-01-01", "555-01-01"])
def test_k01_a_child_is_found_by_the_name_and_the_number_of_who_acts_for_them(family, typed):
    mother, child, acting = family
    people = find_people.find(typed).people
    assert [(each.patient, each.through) for each in people] == [(mother, None), (child, acting)]


def test_k01_a_child_is_found_by_the_own_name_first(family):
    _mother, child, _acting = family
    assert [(each.patient, each.through) for each in find_people.find("иванов лев").people] == [(child, None)]


def test_who_no_longer_acts_finds_nobody(family):
    mother, _child, acting = family
    today = timezone.localdate()
    representations.end(representation=acting, last_day=today, reason=EndReason.RIGHTS_ENDED, by=make.TEST)
    assert found("иванова ольга") == [mother]


def test_a_corrected_name_and_number_are_found_and_those_before_are_not(people):
    who = people["Ли"]
    corrected = {"last_name": "Шмидт", "first_name": "Ян", "phone": "+79215550303"}
    register.correct(patient=who, changes=Changes(corrected), by=make.TEST)
    assert (found("шмидт"), found("0303")) == ([who], [who])
    assert (found("ли ли"), found("7821")) == ([], [])


def test_an_adult_is_not_found_by_who_acted_in_childhood(db):
    grown = make.patient(last_name="Иванов", phone="", birth_date=make.born(18, on=timezone.localdate()))
    make.parent_of(grown, last_name="Иванова", first_name="Ольга")
    assert found("иванова ольга") == []


def test_who_comes_today_stands_before_namesakes(db):
    others = [make.patient(last_name="Лунина", birth_date=date(1950 + each, 1, 1)) for each in range(3)]
    come_today([others[2]])
    assert [(each.patient, each.comes_today) for each in find_people.find("лунина").people] == [
        (others[2], True),
        (others[0], False),
        (others[1], False),
    ]


@pytest.mark.parametrize(
    ("typed", "surnames", "read_as"),
    [("jhkjdf vfhbz", ["Орлова"], "орлова мария"), ("l'`hi", ["Д’Ёрш"], "д'ёрш"), ("орлова", ["Орлова"], "")],
)
def test_the_other_layout_is_said(people, typed, surnames, read_as):
    answer = find_people.find(typed)
    assert ([each.patient.last_name for each in answer.people], answer.read_as) == (surnames, read_as)


def test_one_statement_finds_whom_the_desk_means(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_people.find("орлова м")


@pytest.mark.parametrize(("typed", "guessed"), [("орлова", False), ("арлова", True), ("абвгд", False)])
def test_a_guess_is_said(people, typed, guessed):
    assert find_people.find(typed).guessed is guessed


SURNAMES = ["Абрамова", "Ёлкина", "ёжикова", "Жданова", "еремина"]
IN_ORDER = ["Абрамова", "ёжикова", "Ёлкина", "еремина", "Жданова"]


def test_d26_patients_doctors_and_who_acts_stand_in_the_order_of_the_alphabet(db):
    born, child, service = date(1990, 5, 17), make.child(), make.service()
    for surname in SURNAMES:
        make.patient(last_name=surname, birth_date=born)
        make.parent_of(child, last_name=surname)
        make.doctor(service, last_name=surname)
    assert [patient.last_name for patient in found("17.05.1990")] == IN_ORDER
    assert [acting.last_name for acting in people_of.representatives(child)] == IN_ORDER
    assert [acting.last_name for acting in people_of.with_representatives(child.pk)[1]] == IN_ORDER
    assert [doctor.last_name for doctor in Doctor.objects.all()] == IN_ORDER
    assert [doctor.last_name for doctor in catalogue.doctors_of(service)] == IN_ORDER


@pytest.mark.parametrize("typed", ["", " ", "%", "("])
def test_nothing_that_can_be_looked_for_asks_nothing(db, django_assert_num_queries, typed):
    with django_assert_num_queries(0):
        assert find_people.find(typed).people == []
