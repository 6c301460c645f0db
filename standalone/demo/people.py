"""Two thousand invented patients: single people, families with one phone, foreigners without a patronymic."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import connection

from foundation.accounts.actors import Actor
from patients.ages import OWN_PASSPORT, age_on
from patients.choices import MisState, Relation, SeenAs, Sex
from patients.models import Patient, PowerOfAttorney, Representation
from standalone.demo.names import FEMALE_NAMES, FOREIGNERS, MALE_NAMES, SURNAMES

PATIENTS = 2000
FAMILIES = 360
GUARDIANS = 16
ATTORNEYS = 14
NOTES = (
    "Просит напоминать о визите за день.", "Плохо слышит: говорить громче.", "Приходит с переводчиком.",
    "Удобнее звонить после 18 часов.", "Передвигается на коляске.", "Боится уколов, предупредить врача.",
)  # fmt: skip


@dataclass
class People:
    """The people made so far, before and after they are saved."""

    rng: random.Random
    today: date
    now: datetime
    by: Actor
    patients: list[Patient] = field(default_factory=list)
    representations: dict[Patient, Representation] = field(default_factory=dict)
    powers: list[PowerOfAttorney] = field(default_factory=list)
    phones: int = 0

    def phone(self) -> str:
        """Returns a number of the form +7 900 000-XX-XX, which belongs to nobody."""
        self.phones += 1
        return f"+7900000{self.phones * 7 % 10000:04d}"

    def born(self, youngest: int, oldest: int) -> date:
        """Returns the birth date of a person aged `youngest` to `oldest` years; a newborn is a month old at least."""
        days = self.rng.randint(youngest * 366 + 40, oldest * 365 + 300)
        return self.today - timedelta(days=days)

    def add(self, names: tuple[str, str, str], sex: str, birth_date: date, phone: str) -> Patient:
        number = f"М-{len(self.patients) + 1:06d}"
        registered_on = max(birth_date, self.today - timedelta(days=self.rng.randint(30, 1100)))
        note = self.rng.choice(NOTES) if self.rng.random() < 0.03 else ""
        last_name, first_name, patronymic = names
        patient = Patient(
            card_number=number,
            last_name=last_name,
            first_name=first_name,
            patronymic=patronymic,
            birth_date=birth_date,
            sex=sex,
            phone=phone,
            note=note,
            mis_client_id=number,
            mis_state=MisState.SYNCED,
            registered_on=registered_on,
        )
        self.patients.append(patient)
        return patient


def build(*, rng: random.Random, today: date, now: datetime, by: Actor) -> People:
    people = People(rng, today, now, by)
    relations = [Relation.GUARDIAN] * GUARDIANS + [Relation.ATTORNEY] * ATTORNEYS
    relations += [Relation.PARENT] * (FAMILIES - len(relations))
    rng.shuffle(relations)
    for relation in relations:
        _family(people, relation)
    for last_name, first_name, sex in FOREIGNERS:
        people.add((last_name, first_name, ""), sex, people.born(18, 60), people.phone())
    while len(people.patients) < PATIENTS:
        sex = rng.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE))
        people.add(_names(rng, sex), sex, people.born(18, 84), people.phone())
    Patient.objects.bulk_create(people.patients, batch_size=1000)
    PowerOfAttorney.objects.bulk_create(people.powers)
    Representation.objects.bulk_create(people.representations.values())
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('patients_card_number', %s)", [len(people.patients)])
    return people


def _family(people: People, relation: Relation) -> None:
    """Makes two to four people with one phone: an adult, now and then the other parent, and their children."""
    rng = people.rng
    phone = people.phone()
    surname, father = rng.choice(SURNAMES), rng.choice(MALE_NAMES)
    grown = rng.randint(24, 46) if relation == Relation.PARENT else rng.randint(48, 72)
    if relation == Relation.PARENT and rng.random() < 0.2:
        adult = people.add(
            (surname[0], father[0], rng.choice(MALE_NAMES)[1]), Sex.MALE, people.born(grown, grown), phone
        )
    else:
        names = _names(rng, Sex.FEMALE)
        last_name = surname[1] if relation == Relation.PARENT and rng.random() < 0.85 else names[0]
        adult = people.add((last_name, *names[1:]), Sex.FEMALE, people.born(grown, grown), phone)
    if relation == Relation.PARENT and adult.sex == Sex.FEMALE and rng.random() < 0.2:
        names = (surname[0], father[0], rng.choice(MALE_NAMES)[1])
        people.add(names, Sex.MALE, people.born(grown, grown + 3), phone)
    children = rng.choice((1, 1, 2)) if relation == Relation.PARENT else 1
    oldest = min(17, grown - 20) if relation == Relation.PARENT else 15
    for _child in range(children):
        sex = rng.choice((Sex.FEMALE, Sex.MALE))
        boy = sex == Sex.MALE
        first_name = rng.choice(MALE_NAMES)[0] if boy else rng.choice(FEMALE_NAMES)
        names = (surname[not boy], first_name, father[1] if boy else father[2])
        years = rng.randint(0, oldest - 1)
        child = people.add(names, sex, people.born(years, years), phone)
        people.representations[child] = _representation(people, child, adult, relation)


def _representation(people: People, child: Patient, adult: Patient, relation: Relation) -> Representation:
    """Makes a representation: from fourteen on by a trustee where a guardian stood.

    Attorneys have shown their paper, parents maybe not.
    """
    if relation == Relation.GUARDIAN and age_on(child.birth_date, people.today) >= OWN_PASSPORT:
        relation = Relation.TRUSTEE
    verified = relation == Relation.ATTORNEY or people.rng.random() < 0.6
    return Representation(
        patient=child,
        person=adult,
        relation=relation,
        last_name=adult.last_name,
        first_name=adult.first_name,
        patronymic=adult.patronymic,
        phone=adult.phone,
        power_of_attorney=_power(people, child) if relation == Relation.ATTORNEY else None,
        valid_from=child.registered_on,
        verified_at=people.now - timedelta(days=people.rng.randint(8, 25)) if verified else None,
        verified_by=people.by.ref if verified else "",
    )


def _power(people: People, child: Patient) -> PowerOfAttorney:
    """Makes a power of attorney given by the child's mother; its term covers the whole published schedule."""
    rng = people.rng
    mother = _names(rng, Sex.FEMALE)
    signed_on = people.today - timedelta(days=rng.randint(30, 200))
    power = PowerOfAttorney(
        principal_name=" ".join(mother),
        notary="Нотариус Светлова И. Р., Санкт-Петербург",
        register_number=f"78/999-н/78-{signed_on.year}-1-{rng.randint(1, 999)}",
        signed_on=signed_on,
        valid_until=signed_on + timedelta(days=3 * 365),
        seen_as=rng.choice((SeenAs.ORIGINAL, SeenAs.ORIGINAL, SeenAs.CERTIFIED_COPY)),
        seen_at=people.now - timedelta(days=rng.randint(8, 25)),
        seen_by=people.by.ref,
    )
    people.powers.append(power)
    return power


def _names(rng: random.Random, sex: str) -> tuple[str, str, str]:
    surname, father = rng.choice(SURNAMES), rng.choice(MALE_NAMES)
    if sex == Sex.MALE:
        return surname[0], rng.choice(MALE_NAMES)[0], father[1]
    return surname[1], rng.choice(FEMALE_NAMES), father[2]
