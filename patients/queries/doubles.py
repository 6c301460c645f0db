"""Finds whom the register may know already, before a second record is made of them (R9, K04)."""

from collections.abc import Iterable, Sequence
from datetime import date

from foundation.changes import recorded
from foundation.database.read_models import columns
from foundation.database.rows import fetch
from foundation.text.folding import fold
from patients.data import PersonData
from patients.models import Patient
from patients.queries import readings
from patients.queries.spellings import is_one_slip

READ, SHOWN = 200, 5


def like(
    *, last_name: str, first_name: str, patronymic: str = "", birth_date: date | None = None, phone: str = ""
) -> list[Patient]:
    """Returns the patients who may be this person, the surest first; a form that is half filled in is enough.

    It is the same name with the same birth date, where a missing patronymic is no difference; the same with one slip of
    the finger in the name; or one number and nearly one name, when the birth dates are nearly one, or it is not typed.
    """
    who = _Who(fold(last_name), fold(first_name), fold(patronymic), birth_date, phone)
    if not (who.keys and last_name and first_name):
        return []
    found = fetch(Patient, _OF_DAY_OR_PHONE, {"keys": who.keys, "read": READ})
    alike = sorted((patient for patient in found if who.may_be(patient)), key=who.distance)
    return _whole(alike)[:SHOWN]


def of_each(people: Sequence[PersonData]) -> list[list[Patient]]:
    """Returns for each of these people whom the register may know them as, read in one statement."""
    everybody = [_Who.of(person) for person in people]
    keys = {key for who in everybody for key in who.keys}
    found = fetch(Patient, _OF_DAY_OR_PHONE, {"keys": list(keys), "read": READ * len(people)}) if keys else []
    return [
        _whole(sorted((patient for patient in found if who.may_be(patient)), key=who.distance))[:SHOWN]
        for who in everybody
    ]


def _whole(records: Iterable[Patient]) -> list[Patient]:
    """Returns the records with the whole in the place of a part, each once."""
    whole = {record.pk: record if record.merged_into is None else record.merged_into for record in records}
    return list({patient.pk: patient for patient in whole.values()}.values())


def of(person: PersonData) -> list[Patient]:
    return like(
        last_name=person.last_name,
        first_name=person.first_name,
        patronymic=person.patronymic,
        birth_date=person.birth_date,
        phone=person.phone,
    )


def alike(one: Patient, other: Patient) -> bool:
    """Tells whether two records may be of one person by what is written in them."""
    names = fold(one.last_name), fold(one.first_name), fold(one.patronymic)
    return _Who(*names, one.birth_date, str(one.phone)).may_be(other)


class _Who:
    """Somebody as they are typed, every name folded."""

    def __init__(self, last: str, first: str, patronymic: str, born: date | None, phone: str) -> None:
        self.last, self.first, self.patronymic, self.born, self.phone = last, first, patronymic, born, phone

    @classmethod
    def of(cls, person: PersonData) -> "_Who":
        names = fold(person.last_name), fold(person.first_name), fold(person.patronymic)
        return cls(*names, person.birth_date, person.phone)

    @property
    def keys(self) -> list[str]:
        """Returns what the records are found by that may be of this person."""
        keys = [readings.birth_key(self.born)] if self.born else []
        return keys + ([readings.phone_key(self.phone)] if self.phone else [])

    def may_be(self, patient: Patient) -> bool:
        """Tells twins, and a parent with their child's name, from one person: they differ in more than a slip."""
        first = _near(self.first, fold(patient.first_name))
        last = _near_surname(self.last, fold(patient.last_name))
        same_day, same_phone = patient.birth_date == self.born, bool(self.phone) and patient.phone == self.phone
        if same_day:
            return first and (last or same_phone)
        return first and last and same_phone and (self.born is None or _near_date(self.born, patient.birth_date))

    def distance(self, patient: Patient) -> tuple[bool, ...]:
        """Sorts who is the same in all before who is nearly the same."""
        other = fold(patient.patronymic)
        return (
            patient.birth_date != self.born,
            (self.last, self.first) != (fold(patient.last_name), fold(patient.first_name)),
            bool(self.patronymic and other) and self.patronymic != other,
        )


def _near(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) > 2 and is_one_slip(one, other))


def _near_surname(one: str, other: str) -> bool:
    """A double surname is near to each of its halves: somebody has married."""
    return any(_near(half, known) for half in {one, *one.split("-")} for known in {other, *other.split("-")})


def _near_date(one: date, other: date) -> bool:
    """Tells a date with one part mistyped, or with day and month swapped, from the birthday of another person."""
    same = sum((one.day == other.day, one.month == other.month, one.year == other.year))
    return same == 2 or (one.year, one.day, one.month) == (other.year, other.month, other.day)


_OF_DAY_OR_PHONE = f"""
    SELECT {columns(Patient, "patient")} FROM patients_patient patient WHERE id IN (
        SELECT record_id FROM patients_personsearch WHERE key = ANY(%(keys)s) AND representation_id IS NULL
    ) ORDER BY id LIMIT %(read)s
"""


def recorded_in_both(kept: Patient, merged: Patient) -> dict[str, object]:
    """Returns what stands in the columns of both records, each by its record and name: `kept.phone`."""
    both = {side: recorded(row, PersonData.__slots__) for side, row in (("kept", kept), ("merged", merged))}
    return {f"{side}.{name}": value for side, values in both.items() for name, value in values.items()}
