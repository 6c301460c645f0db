"""Names are kept as people write them; what is no name is a sentence, and a whole name in one field is asked about."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from foundation.text.name_fields import NameField, NamesForm, PatronymicField
from foundation.text.whole_names import surname_in
from tests.examples import is_noticed


class SomebodyForm(NamesForm):
    last_name = NameField()
    first_name = NameField()
    patronymic = PatronymicField()


def somebody(last_name, first_name="Иван", patronymic="", **options) -> SomebodyForm:
    surname = last_name if isinstance(last_name, list) else [last_name]
    sent = QueryDict(mutable=True)
    sent.setlist("last_name", surname)
    sent.update({"first_name": first_name, "patronymic": patronymic})
    return SomebodyForm(sent, **options)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Орлова  ", "Орлова"),
        ("Орлова\n", "Орлова"),
        ("Римский\tКорсаков", "Римский Корсаков"),
        ("де\u00a0ла  Крус", "де ла Крус"),
        ("Семё\u200bнова", "Семёнова"),
        ("Вознесен\u00adская", "Вознесенская"),
        ("\ufeffОрлова\u202c", "Орлова"),
        ("Орло\x00ва", "Орлова"),
        (unicodedata.normalize("NFD", "Йорданов"), "Йорданов"),
        (unicodedata.normalize("NFD", "Семёнова"), "Семёнова"),
        ("«Иванов Иван Иванович»", "Иванов Иван Иванович"),
    ],
)
def test_of_what_was_typed_only_invisible_signs_are_left_out(typed, kept):
    assert NameField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "12345",
        "Иванов2",
        "Иванов 2-й",
        "😀",
        "Мария ❤",
        "-",
        "'",
        "...",
        "<b>",
        "a@b",
        "Орлова!",
        "№",
        "И_П",
        "Ива/нов",
        "«»",
    ],
)
def test_what_is_no_name_is_a_sentence(typed):
    with pytest.raises(ValidationError) as refused:
        NameField().clean(typed)
    assert refused.value.messages == ["Напишите буквами."]


def test_a_name_of_sixty_letters_is_kept_whole_and_a_longer_one_is_not_cut():
    assert NameField().clean("я" * 60) == "я" * 60
    with pytest.raises(ValidationError) as refused:
        NameField().clean("я" * 61)
    assert refused.value.messages == ["Здесь место для 60 букв. Сократите имя."]
    assert NameField().widget.attrs == {}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "нет",
        "Нет",
        "НЕТ",
        " нет. ",
        "-",
        "—",
        "–",
        "---",
        ".",
        "отсутствует",
        "Отсутствует",
        "нет отчества",
        "без отчества",
        "н/д",
        "Н/Д",
        "нд",
        "не имеет",
        "нету",
        "б/о",
        "none",
        "нет\u200b",
    ],
)
def test_d27_who_has_no_patronymic_says_so_in_many_ways(typed):
    assert PatronymicField().clean(typed) == ""


@pytest.mark.parametrize("typed", ["Нетович", "Мамед оглы", "Али кызы", "Жан-Поль", "И.", "Нета"])
def test_a_patronymic_is_kept(typed):
    assert PatronymicField().clean(typed) == typed


def test_nobody_is_called_none_of_it():
    assert NameField().clean("Нет") == "Нет"


@pytest.mark.parametrize(
    ("surname", "first_name", "patronymic", "left"),
    [
        ("Иванов Иван Иванович", "", "", "Иванов"),
        ("Иванов Иван Иванович", "Пётр", "", "Иванов"),
        ("Иванова Мария Ивановна", "", "", "Иванова"),
        ("Петров Пётр Ильич", "", "", "Петров"),
        ("Орлова Анна Никитична", "", "", "Орлова"),
        ("де ла Крус Анна Ивановна", "", "", "де ла Крус"),
        ("Иванов Иван", "Иван", "", "Иванов"),
        ("ИВАНОВ ИВАН", "Иван", "", "ИВАНОВ"),
        ("Семёнов Алёна", "Алена", "", "Семёнов"),
        ("Иванов Иванович", "Иван", "Иванович", "Иванов"),
        ("Иван Иванов", "Иван", "", ""),
        ("Иван Иванович", "", "", ""),
        ("Мамедов Али Мамед оглы", "", "", "Мамедов"),
        ("Мамед оглы", "Али", "", None),
        ("Али Мамед оглы", "Гасан", "", None),
        ("Римский Корсаков", "Николай", "", None),
        ("де ла Крус Гарсия", "Анна", "", None),
        ("фон дер Лейен", "Урсула", "", None),
        ("Салтыков Щедрин Первый", "Михаил", "Евграфович", None),
        ("Петрович", "Милан", "", None),
        ("Иван", "Иван", "", None),
        ("", "Иван", "", None),
    ],
)
def test_a_whole_name_is_told_from_a_surname_of_several_words(surname, first_name, patronymic, left):
    assert surname_in(surname, first_name=first_name, patronymic=patronymic) == left


def test_d27_a_whole_name_is_asked_about_and_nothing_typed_is_lost():
    form = somebody("Иванов Иван Иванович", "Иван", "Иванович")
    assert form.errors == {
        "last_name": ["Похоже, здесь имя целиком. Оставьте только фамилию, а остальное напишите в своих полях."]
    }
    assert form.errors.as_data()["last_name"][0].params == {"meant": ["Иванов", "«Иванов Иван Иванович»"]}
    assert [form[name].value() for name in form.fields] == ["Иванов Иван Иванович", "Иван", "Иванович"]


@pytest.mark.parametrize(
    ("ticked", "surname"), [("Иванов", "Иванов"), ("«Иванов Иван Иванович»", "Иванов Иван Иванович")]
)
def test_d27_one_tick_answers(ticked, surname):
    form = somebody(["Иванов Иван Иванович", ticked], "Иван", "Иванович")
    assert (form.is_valid(), form.cleaned_data["last_name"]) == (True, surname)


def test_a_surname_that_was_recorded_so_is_not_asked_about_again():
    assert somebody("Иван Иванович", initial={"last_name": "Иван Иванович"}).is_valid()
    assert not somebody("Иван Иванович").is_valid()


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=20)
NAMES = st.lists(LETTERS, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from(["-", " ", "'", "’", ". "]).map(lambda sign: sign.join(words))
)


@given(NAMES.filter(lambda name: len(unicodedata.normalize("NFC", name)) <= 60))
def test_any_letters_come_back_as_they_were_composed(name):
    assert NameField().clean(name) == unicodedata.normalize("NFC", name)


def test_a_name_that_would_be_changed_is_among_them():
    assert is_noticed(NAMES, lambda name: name.title() != name)


@given(st.text(max_size=80))
def test_anything_else_is_a_name_or_a_sentence(text):
    field = NameField(required=False)
    try:
        kept = field.clean(text)
    except ValidationError:
        return
    assert field.clean(kept) == kept
