"""A crowd of people with names as they are in a big town: few surnames are frequent and many are rare."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from foundation.clock import day_start
from patients.choices import Relation, Sex
from patients.models import Patient, Representation
from scheduling.models import Appointment
from standalone.demo.names import FEMALE_NAMES, MALE_NAMES
from tests import factories as make

ONSETS = (*"бвгджзклмнпрстфхцчшщ", "бр", "вл", "гр", "др", "кр", "пл", "пр", "ск", "ст", "тр", "хр")
VOWELS = "аеиоуыяюё"
CODAS = ("", "", "", "л", "н", "р", "с", "т", "к", "рт", "нд", "х")
ENDINGS = (("ов", "ова"), ("ев", "ева"), ("ин", "ина"), ("ский", "ская"), ("ко", "ко"), ("ых", "ых"), ("ян", "ян"))
LATIN = ("Smith", "Garcia", "Nguyen", "Schneider", "Kowalski", "Andersson", "Papadopoulos", "Rossi")
IRISH = ("О'Нил", "О’Ша", "О'Коннор", "Д’Артаньян", "О'Брайен")


@dataclass(frozen=True)
class Someone:
    """A person on record; `mother` acts for a child and is not necessarily on record herself."""

    patient: Patient
    mother: Representation | None = None


def surnames(rng: random.Random, count: int) -> list[tuple[str, str]]:
    """Returns the masculine and the feminine of so many surnames, the frequent ones first."""
    made: dict[tuple[str, str], None] = {}
    while len(made) < count:
        stem = "".join(rng.choice(ONSETS) + rng.choice(VOWELS) for _syllable in range(rng.choice((1, 2, 2, 3))))
        masculine, feminine = rng.choice(ENDINGS)
        stem = (stem + rng.choice(CODAS) + rng.choice(ONSETS)).capitalize()
        made[stem + masculine, stem + feminine] = None
    return list(made)


def crowd(rng: random.Random, count: int) -> Iterator[Someone]:
    """Makes people that are not saved yet; a tenth are children, some have two surnames, a foreign one, no patronymic.

    The n-th surname is borne about 1/n as often as the first.
    """
    names = surnames(rng, max(100, count // 8))
    weights = [1 / (place + 3) for place in range(len(names))]
    chosen = rng.choices(range(len(names)), weights, k=count)
    for number, place in enumerate(chosen):
        woman = rng.random() < 0.55
        last_name = names[place][woman]
        if rng.random() < 0.03:
            last_name += "-" + rng.choice(names)[woman]
        elif rng.random() < 0.01:
            last_name = rng.choice(LATIN + IRISH)
        yield _someone(rng, number, last_name, woman, child=rng.random() < 0.1)


def _someone(rng: random.Random, number: int, last_name: str, woman: bool, *, child: bool) -> Someone:
    father = rng.choice(MALE_NAMES)
    today = date.today()
    days = rng.randint(200, 13 * 365) if child else rng.randint(19 * 366, 85 * 365)
    phone = f"+79{rng.randrange(10**9):09d}"
    patient = Patient(
        card_number=f"М-{number + 1:06d}",
        last_name=last_name,
        first_name=rng.choice(FEMALE_NAMES) if woman else rng.choice(MALE_NAMES)[0],
        patronymic="" if rng.random() < 0.05 else father[2 if woman else 1],
        birth_date=today - timedelta(days=days),
        sex=Sex.FEMALE if woman else Sex.MALE,
        phone="" if child else phone,
        registered_on=today,
    )
    return Someone(patient, _mother(rng, patient, phone) if child else None)


def _mother(rng: random.Random, child: Patient, phone: str) -> Representation:
    return Representation(
        patient=child,
        relation=Relation.PARENT,
        last_name=child.last_name,
        first_name=rng.choice(FEMALE_NAMES),
        patronymic=rng.choice(MALE_NAMES)[2],
        phone=phone,
        valid_from=child.birth_date,
    )


def come_today(patients: Sequence[Patient]) -> None:
    """Gives each of them a visit today, at whatever hour this is."""
    service = make.service()
    doctor, room = make.doctor(service), make.room()
    visit = {"doctor": doctor, "service": service, "room": room, "visit_kind": "first", "channel": "registry"}
    at = day_start(make.moment(0).date())
    Appointment.objects.bulk_create(
        Appointment(
            **visit,
            patient=patient,
            starts_at=at + timedelta(minutes=10 * place),
            ends_at=at + timedelta(minutes=10 * place + 10),
            price=1,
            link_hash=f"{place}",
            created_at=at,
            created_by="staff:1",
        )
        for place, patient in enumerate(patients)
    )
