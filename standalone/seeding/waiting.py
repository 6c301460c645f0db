"""The waitlist: what a patient wants is independent of when they came."""

from datetime import datetime

from django.db import connection

from foundation.accounts.actors import Actor
from standalone.seeding.people import Register
from standalone.seeding.reference import SERVICES
from standalone.seeding.sizes import SPECIALTIES
from standalone.seeding.sql import chance, draw, insert, milliseconds, uuid7
from waitlist.choices import EntryState
from waitlist.models import WaitlistEntry
from worklist.choices import Priority

CHUNK = 50_000
ARRIVED, WHOM, DOCTORS, HOW_MANY, DAYS, HOURS, FROM, OPEN_END, UNTIL, NOTICE, SERVICE, URGENT, BY, ID = range(300, 314)
YEAR_MS = 365 * 24 * 60 * 60 * 1000
WEEKDAYS = "ARRAY['{1,2,3,4,5}', '{1,2,3,4,5}', '{1,3,5}', '{2,4}', '{1,2}', '{5}', '{6,7}', '{6}']"
HOURS_WANTED = (
    (450, "00:00", "23:59:59.999999"),
    (600, "16:00", "23:59:59.999999"),
    (700, "17:00", "23:59:59.999999"),
    (900, "00:00", "12:00"),
    (925, "10:00", "13:00"),
    (950, "12:30", "15:30"),
    (975, "14:00", "17:00"),
    (1000, "18:00", "19:30"),
)
"""Tuples of (thousandths up to here, from, until)."""


class TooManyWaiting(Exception):
    """There are too few patients: one waits once for a specialty."""


class Waitlist:
    """`count` entries; number `i` waits for specialty `i mod 25`, in the second round the patient's next one."""

    def __init__(self, *, register: Register, count: int, now: datetime, operators: list[Actor]) -> None:
        self.register, self.count = register, count
        self.statement, self.parameters = insert(WaitlistEntry, self._entries(), self._columns(len(operators)))
        self.parameters |= {
            "now": now,
            "operators": [actor.ref for actor in operators],
            "operator_names": [actor.name for actor in operators],
        }

    def fill(self, first: int, end: int) -> None:
        """Inserts entries with numbers from `first` up to `end`."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, {**self.parameters, "first": first, "end": end})

    def _entries(self) -> str:
        """Returns SQL for the rows by arrival: the number says when, the hash of the number what is wanted."""
        patients = self.register.count
        age = f"({YEAR_MS} / {max(1, self.count)}::float8 * ({self.count} - i) * interval '1 millisecond')"
        return f"""
            FROM (
                SELECT wishes.*, specialty.id AS specialty_id, specialty.services, specialty.doctors,
                    least(how_many, cardinality(specialty.doctors)) AS wanted,
                    1 + mod(hashed, greatest(1, cardinality(specialty.doctors)))::int AS from_doctor
                FROM (
                    SELECT i, mod(mod(i, {patients}) * {self.register.spread}, {patients}) AS n,
                        {draw("i", WHOM, 1000)} AS whom, 1 + {draw("i", HOW_MANY, 3)}::int AS how_many,
                        {draw("i", DOCTORS, 1_000_003)} AS hashed, {draw("i", HOURS, 1000)} AS hours,
                        %(now)s::timestamptz - {age} AS created_at,
                        %(now)s::timestamptz::date - 90 + {draw("i", FROM, 136)}::int AS date_from
                    FROM generate_series(%(first)s::bigint, %(end)s::bigint - 1) i
                    OFFSET 0
                ) wishes
                JOIN seed_scale.specialty ON specialty.no = {self._specialty()}
                OFFSET 0
            ) entries
            ORDER BY i
        """

    def _specialty(self) -> str:
        return f"mod({draw('n', ID, 1_000_003)} + i / {self.register.count}, {SPECIALTIES})"

    def _columns(self, desks: int) -> dict[str, str]:
        doctors = "(doctors || doctors)[from_doctor : from_doctor + wanted - 1]"
        until = f"date_from + 7 + {draw('i', UNTIL, 54)}::int"
        operator = f"1 + {draw('i', BY, desks)}"
        return {
            "id": uuid7(milliseconds("created_at"), "i", ID),
            "patient_id": self.register.id_of("n"),
            "birth_date": self.register.born("n"),
            "state": f"'{EntryState.WAITING.value}'",
            "specialty_id": "specialty_id",
            "service_id": f"CASE WHEN {chance('i', SERVICE, 600)}"
            f" THEN services[1 + {draw('i', SERVICE + 100, len(SERVICES))}] END",
            "doctor_ids": f"CASE WHEN whom >= 600 AND wanted > 0 THEN {doctors} ELSE '{{}}' END",
            "date_from": "date_from",
            "date_until": f"CASE WHEN NOT {chance('i', OPEN_END, 600)} THEN {until} END",
            "weekdays": f"CASE WHEN {chance('i', DAYS, 500)} THEN '{{}}'"
            f" ELSE ({WEEKDAYS})[1 + {draw('i', DAYS + 100, 8)}] END",
            "time_from": _hour(1),
            "time_until": _hour(2),
            "notice_minutes": f"{draw('i', NOTICE, 2881)}",
            "priority": f"CASE WHEN {chance('i', URGENT, 30)} THEN '{Priority.URGENT.value}'"
            f" ELSE '{Priority.NORMAL.value}' END",
            "urgent_reason": f"CASE WHEN {chance('i', URGENT, 30)} THEN 'Направил врач' ELSE '' END",
            "arrived_at": "created_at",
            "created_at": "created_at",
            "created_by": f"(%(operators)s::text[])[{operator}]",
            "created_by_name": f"(%(operator_names)s::text[])[{operator}]",
        }


def _hour(column: int) -> str:
    steps = " ".join(f"WHEN hours < {row[0]} THEN '{row[column]}'" for row in HOURS_WANTED)
    return f"CASE {steps} END"
