"""Searches as a desk types them to find somebody, of the kinds of U31, from the records of people in the database."""

from collections.abc import Callable, Sequence

from django.urls import reverse

from bench import people
from bench.requests import Request
from foundation.accounts.choices import Role
from patients.models import Patient

EACH = 8
"""So many people are looked for in each way, spread evenly over the register."""


def surname_and_name(of: Patient) -> str:
    return f"{of.last_name} {of.first_name}".lower()


def name_first(of: Patient) -> str:
    return f"{of.first_name} {of.patronymic} {of.last_name[:3]}"


def surname_and_birth_date(of: Patient) -> str:
    return f"{of.last_name} {of.birth_date:%d.%m.%Y}"


def surname_and_last_four(of: Patient) -> str:
    return f"{of.last_name[:5]} {digits(of)[-4:]}"


def last_seven(of: Patient) -> str:
    return digits(of)[-7:]


def card(of: Patient) -> str:
    return of.card_number


def a_slip(of: Patient) -> str:
    """Returns the surname with its second and third letters swapped, and the name."""
    name = of.last_name
    return f"{name[0]}{name[2]}{name[1]}{name[3:]} {of.first_name}".lower()


def prefix_alone(of: Patient) -> str:
    return of.last_name[:4].lower()


def last_four(of: Patient) -> str:
    return digits(of)[-4:]


def digits(of: Patient) -> str:
    return str(of.phone.as_e164)


WAYS: dict[str, Callable[[Patient], str]] = {
    "фамилия и имя": surname_and_name,
    "имя первым": name_first,
    "фамилия и дата рождения": surname_and_birth_date,
    "фамилия и конец номера": surname_and_last_four,
    "семь цифр номера": last_seven,
    "карта": card,
    "с опиской": a_slip,
    "начало фамилии": prefix_alone,
    "четыре цифры": last_four,
}


def somebody(count: int = EACH) -> Sequence[Patient]:
    """Returns adults with a number of their own, evenly from the whole register."""
    own = Patient.objects.exclude(phone="").order_by("card_number")
    step = own.count() // count
    return [own[place * step] for place in range(count)]


def typed(way: Callable[[Patient], str]) -> list[Request]:
    """Returns requests for the page that answers: what was typed stands in a session, as no name is in an address."""
    return [_answered(way(patient), number) for number, patient in enumerate(somebody(), 1)]


def _answered(text: str, number: int) -> Request:
    path, session = reverse("office:patients"), people.signed_in(Role.REGISTRAR, number=number)
    Request(path, form={"q": text}, session=session).here()
    return Request(path, session=session)
