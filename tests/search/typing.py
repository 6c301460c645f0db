"""Ways in which people at a desk type whom they look for (U13, K01–K03): each makes a text of somebody's record."""

import random
from collections.abc import Callable

from foundation.text.layouts import in_other_layout
from tests.search.crowd import Someone

LETTERS = "абвгдежзийклмнопрстуфхцчшщыьэюя"
Way = Callable[[random.Random, Someone], str]


def prefix_and_initials(rng: random.Random, who: Someone) -> str:
    one = who.patient
    initials = [part[0] for part in (one.first_name, one.patronymic) if part]
    return " ".join([one.last_name[: rng.randint(3, 5)], *initials]).lower()


def surname_and_name(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name} {who.patient.first_name}".lower()


def name_first(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.first_name} {who.patient.last_name}"


def patronymic_first(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.patronymic} {who.patient.last_name} {who.patient.first_name}".strip()


def name_and_patronymic(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.first_name} {who.patient.patronymic} {who.patient.last_name[:3]}"


def surname_and_birth_date(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name} {who.patient.birth_date:%d.%m.%Y}"


def birth_date_and_surname(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.birth_date:%d%m%Y} {who.patient.last_name[:4]}".lower()


def surname_and_year(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name} {who.patient.first_name[0]} {who.patient.birth_date.year}"


def surname_and_last_four(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name[:5]} {_phone(who)[-4:]}"


def last_seven(rng: random.Random, who: Someone) -> str:
    seven = _phone(who)[-7:]
    return rng.choice((seven, f"{seven[:3]}-{seven[3:5]}-{seven[5:]}"))


def whole_phone(rng: random.Random, who: Someone) -> str:
    digits = _phone(who)[2:]
    return rng.choice((f"8{digits}", f"+7 {digits[:3]} {digits[3:6]}-{digits[6:8]}-{digits[8:]}", digits))


def card(rng: random.Random, who: Someone) -> str:
    number = who.patient.card_number.removeprefix("М-")
    return rng.choice((f"М-{number}", f"м{int(number)}", f"m-{number}", number, str(int(number))))


def slip_in_surname(rng: random.Random, who: Someone) -> str:
    return f"{_slip(rng, who.patient.last_name)} {who.patient.first_name}".lower()


def slip_in_name(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name} {_slip(rng, who.patient.first_name)}".lower()


def slip_and_birth_date(rng: random.Random, who: Someone) -> str:
    return f"{_slip(rng, who.patient.last_name)} {who.patient.birth_date:%d.%m.%Y}".lower()


def other_layout(rng: random.Random, who: Someone) -> str:
    return next(iter(in_other_layout(f"{who.patient.last_name} {who.patient.first_name}".lower().replace("’", "'"))))


def with_e(rng: random.Random, who: Someone) -> str:
    return surname_and_name(rng, who).replace("ё", "е")


def second_surname(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.last_name.rpartition('-')[2]} {who.patient.first_name}"


def without_signs(rng: random.Random, who: Someone) -> str:
    surname = "".join(letter for letter in who.patient.last_name if letter not in "'’-")
    return f"{surname} {who.patient.first_name}"


def mother_of_child(rng: random.Random, who: Someone) -> str:
    """A child is looked for by the mother, an adult by the own name."""
    mother = who.mother
    return f"{mother.last_name} {mother.first_name} {mother.patronymic}" if mother else surname_and_name(rng, who)


def prefix_alone(rng: random.Random, who: Someone) -> str:
    return who.patient.last_name[:5]


def last_four(rng: random.Random, who: Someone) -> str:
    four = _phone(who)[-4:]
    return rng.choice((four, f"{four[:2]}-{four[2:]}"))


def birth_date(rng: random.Random, who: Someone) -> str:
    return f"{who.patient.birth_date:{rng.choice(('%d.%m.%Y', '%d%m%Y', '%d-%m-%y', '%d%m%y'))}}"


ANYBODY: tuple[Way, ...] = (
    surname_and_name,
    name_first,
    patronymic_first,
    name_and_patronymic,
    surname_and_birth_date,
    birth_date_and_surname,
    surname_and_year,
    surname_and_last_four,
    last_seven,
    whole_phone,
    card,
    slip_in_surname,
    slip_in_name,
    slip_and_birth_date,
    other_layout,
    with_e,
    second_surname,
    without_signs,
    mother_of_child,
)
"""Ways that say enough to tell one in a hundred thousand."""
NAMES_ALONE: tuple[Way, ...] = (
    surname_and_name,
    name_first,
    slip_in_surname,
    slip_in_name,
    other_layout,
    with_e,
    second_surname,
    without_signs,
)
"""Ways that tell one of few bearers of a name: among a hundred «Иванова Елена» nobody is found by it."""
WHO_COMES_TODAY: tuple[Way, ...] = (prefix_and_initials, prefix_alone, last_four, birth_date, surname_and_name)
"""Ways that many fit: at a desk they are typed for somebody who comes today."""


def _phone(who: Someone) -> str:
    phone = who.mother.phone if who.mother else who.patient.phone
    return str(phone.as_e164)


def _slip(rng: random.Random, word: str) -> str:
    """Returns the word with one letter more, less, other, or two swapped."""
    at, letter = rng.randrange(1, len(word) - 1), rng.choice(LETTERS)
    return rng.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
