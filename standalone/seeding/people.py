"""Patients: number `n` (from 0) gives the name, phone, birth and id of one.

Of ten in a row eight are adults, one is a child for the children's doctors, and one has no visits and only waits.
"""

from datetime import UTC, date, datetime, time, timedelta
from math import gcd

from django.db import connection

from patients.choices import MisState, Sex
from patients.models import Patient
from standalone.demo.names import FEMALE_NAMES, MALE_NAMES, SURNAMES
from standalone.seeding.sizes import DAYS_BACK, Plan
from standalone.seeding.sql import chance, draw, insert, pick, uuid7

ADULTS, CHILD = 8, 9
CHUNK = 50_000
FEMALE, SURNAME, DOUBLE, SECOND, FATHER, FIRST, PHONE, BORN, BABY, ID = range(100, 110)
REGISTRATION_DAYS = 90
OLDEST = date(1930, 1, 1)


class Register:
    """The arithmetic of `count` patients, registered one after another before the ordinary history begins."""

    def __init__(self, *, plan: Plan, count: int) -> None:
        self.plan, self.count = plan, count
        first_day = plan.today - timedelta(days=DAYS_BACK + REGISTRATION_DAYS)
        self.from_ms = int(datetime.combine(first_day, time(6), tzinfo=UTC).timestamp() * 1000)
        self.step_ms = max(1, REGISTRATION_DAYS * 24 * 3600 * 1000 // max(1, count))
        self.adults = count // 10 * ADULTS + min(count % 10, ADULTS)
        self.children = count // 10
        self.spread = next(step for step in range(count * 618 // 1000, count + 2) if gcd(step, count) == 1)
        """A walk of this step through the numbers meets every patient once, far from the one before."""

    def id_of(self, n: str) -> str:
        return uuid7(f"({self.from_ms} + ({n}) * {self.step_ms})", f"({n})", ID)

    def phone_of(self, n: str) -> str:
        """Returns SQL for the phone; a tenth has the phone of the patient before: a family."""
        owner = f"(({n}) - {chance(n, PHONE, 100)}::int)"
        return f"('+79' || lpad(mod(({owner}) * 79190317 + 317, 1000000000)::text, 9, '0'))"

    def born(self, n: str) -> str:
        """Returns SQL for the birth date: adults were alive when the calendar began.

        A child is one from the first ordinary day to the last.
        """
        today = self.plan.today
        youngest = min(self.plan.days[0] - timedelta(days=365), today - timedelta(days=19 * 366))
        adult = _between(OLDEST, youngest, n)
        child = _between(today - timedelta(days=17 * 365), today - timedelta(days=DAYS_BACK + 60), n)
        teen = _between(today - timedelta(days=19 * 365), today - timedelta(days=17 * 365), n)
        baby = _between(date(2025, 1, 1), min(date(2026, 1, 1), today), n)
        kind = f"mod({n}, 10)"
        return (
            f"CASE WHEN {kind} < {ADULTS} THEN {adult} WHEN {kind} = {CHILD} THEN {child}"
            f" WHEN {chance(n, BABY, 500)} THEN {baby} ELSE {teen} END"
        )

    def fill(self, first: int, end: int) -> None:
        """Inserts patients with numbers from `first` up to `end`."""
        statement, defaults = insert(Patient, _people(), self._columns())
        names = {
            "his": [surname for surname, _hers in SURNAMES],
            "hers": [surname for _his, surname in SURNAMES],
            "men": [name for name, _his, _hers in MALE_NAMES],
            "sons": [his for _name, his, _hers in MALE_NAMES],
            "daughters": [hers for _name, _his, hers in MALE_NAMES],
            "women": list(FEMALE_NAMES),
        }
        with connection.cursor() as cursor:
            cursor.execute(statement, {**defaults, **names, "first": first, "end": end})

    def _columns(self) -> dict[str, str]:
        card = "'М-' || lpad((n + 1)::text, greatest(6, length((n + 1)::text)), '0')"
        created = f"to_timestamp(({self.from_ms} + n * {self.step_ms}) / 1000.0)"
        born = self.born("n")
        first_name = f"CASE WHEN woman THEN {_of('women', FIRST)} ELSE {_of('men', FIRST)} END"
        patronymic = f"CASE WHEN woman THEN {_of('daughters', FATHER)} ELSE {_of('sons', FATHER)} END"
        return {
            "id": self.id_of("n"),
            "card_number": card,
            "last_name": "last_name",
            "first_name": first_name,
            "patronymic": patronymic,
            "search_name": f"replace(lower(concat_ws(' ', last_name, {first_name}, {patronymic})), 'ё', 'е')",
            "birth_date": born,
            "sex": f"CASE WHEN woman THEN '{Sex.FEMALE.value}' ELSE '{Sex.MALE.value}' END",
            "phone": self.phone_of("n"),
            "mis_client_id": card,
            "mis_state": f"'{MisState.SYNCED.value}'",
            "registered_on": f"greatest({created}::date, {born})",
            "created_at": created,
        }


def _people() -> str:
    """Returns SQL for the rows; few surnames are frequent and many are rare, alone or the second after a hyphen."""
    return f"""
        FROM (
            SELECT n, woman, surnames[{_rare(SURNAME)}]
                || CASE WHEN {chance("n", DOUBLE, 300)} THEN '-' || surnames[{_rare(SECOND)}] ELSE '' END AS last_name
            FROM (
                SELECT n, woman, CASE WHEN woman THEN %(hers)s::text[] ELSE %(his)s::text[] END AS surnames
                FROM (
                    SELECT n, {chance("n", FEMALE, 560)} AS woman
                    FROM generate_series(%(first)s::bigint, %(end)s::bigint - 1) n
                    OFFSET 0
                ) sexes
                OFFSET 0
            ) choices
        ) people
    """


def _rare(salt: int) -> str:
    return f"1 + floor({len(SURNAMES)} * power({draw('n', salt, 1_000_000)} / 1e6::float8, 2.2))::int"


def _of(names: str, salt: int) -> str:
    count = len(FEMALE_NAMES) if names == "women" else len(MALE_NAMES)
    return pick(f"%({names})s::text[]", "n", salt, count)


def _between(first: date, end: date, n: str) -> str:
    return f"('{first}'::date + {draw(n, BORN, (end - first).days)}::int)"
