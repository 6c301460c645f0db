"""Names: their parts are put together in one way, and all spellings have one form."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from foundation.text.folding import fold
from foundation.text.names import full_name, name_at_work, salutation, short_name
from tests.examples import is_noticed

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
LOOKALIKES = dict(zip("АВСЕНКМОРТХУасеорху", "ABCEHKMOPTXYaceopxy", strict=True))
UNSEEN = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202a", "\u202c", "\ufe0f"]
STRESS = "\u0301"
APOSTROPHES, HYPHENS = "'’‘ʼ`´′＇", "-‐‑‒–—−－﹣"
SPACES = [" ", "\u00a0", "\u2009", "\u202f", "\u3000", "\t", "  "]


@pytest.mark.parametrize(
    ("parts", "full", "short"),
    [
        (("Орлова", "Мария", "Ивановна"), "Орлова Мария Ивановна", "Орлова М. И."),
        (("Ли", "Ян"), "Ли Ян", "Ли Я."),
        (("Ли", "Ян", ""), "Ли Ян", "Ли Я."),
        (("Ли", ""), "Ли", "Ли"),
    ],
)
def test_full_and_short_names(parts, full, short):
    assert (full_name(*parts), short_name(*parts)) == (full, short)


def test_initials_may_stand_close_together():
    assert short_name("Белова", "Анна", "Сергеевна", between="") == "Белова А.С."


def test_how_people_are_addressed():
    assert (salutation("Мария", "Ивановна"), salutation("Мария")) == ("Мария Ивановна", "Мария")
    assert (name_at_work("Орлова", "Мария"), name_at_work("", "Мария")) == ("Мария О.", "")
    assert name_at_work("Орлова", "") == ""


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Семёнова", "семенова"),
        ("СЕМЁНОВА", "семенова"),
        ("Семе\u0308нова", "семенова"),
        ("Йодко", "йодко"),
        ("И\u0306одко", "йодко"),
        ("O’КОННОР‑Семёнова", "о'коннор-семенова"),
        ("Пeтpoв", "петров"),
        ("Ива\u0301нов", "иванов"),
        ("  Орлова \u00a0 Мария ", "орлова мария"),
        ("Ор\u00adлова", "орлова"),
        ("Müller", "müller"),
        ("Peter Иванов", "peter иванов"),
        ("Ян-Kim", "ян-kim"),
        ("", ""),
    ],
)
def test_a_name_is_folded(typed, folded):
    assert fold(typed) == folded


@given(st.text())
@example("е\u0308\u0308")
@example("¨е")
@example("ŉ")
@example("İ")
@example("e\u200b\u0308ё")
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@st.composite
def spelled(draw) -> tuple[str, str]:
    """Draws a name in its plain form, and as another person might type the same."""
    words = draw(st.lists(st.text(RUSSIAN, min_size=1, max_size=8).map(str.capitalize), min_size=1, max_size=3))
    between = draw(st.lists(st.sampled_from(" -'"), min_size=len(words) - 1, max_size=len(words) - 1))
    name = words[0] + "".join(sign + word for sign, word in zip(between, words[1:], strict=True))
    return name, "".join(draw(_typed(sign)) for sign in name)


def _typed(sign: str) -> st.SearchStrategy[str]:
    """Draws another way to type one character."""
    if sign == " ":
        return st.sampled_from(SPACES)
    if sign in "-'":
        return st.sampled_from(HYPHENS if sign == "-" else APOSTROPHES)
    ways = [sign, sign.upper() if sign.upper().lower() == sign else sign, unicodedata.normalize("NFD", sign)]
    ways += [sign + unseen for unseen in UNSEEN]
    ways += [sign + STRESS] if sign.lower() in "аеиоуыэюя" else []
    return st.sampled_from(ways)


@given(spelled())
def test_every_spelling_of_a_name_is_one(case):
    name, typed = case
    assert fold(typed) == fold(name)


@given(st.text(RUSSIAN, min_size=1), st.text("".join(LOOKALIKES), min_size=1))
def test_latin_letters_in_a_russian_word_are_russian(rest, lookalikes):
    """The word has at least one letter of its own: the ж before it."""
    latin = "".join(LOOKALIKES[letter] for letter in lookalikes)
    assert fold(f"ж{rest}{latin}") == fold(f"ж{rest}{lookalikes}")


def test_the_case_alone_is_not_enough():
    assert is_noticed(spelled(), lambda case: case[1].lower() != case[0].lower())
