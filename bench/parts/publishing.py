"""Measures the publishing of a doctor's month against the same rows written by COPY."""

import statistics
import time
from datetime import date, timedelta
from datetime import time as clock

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from uuid_utils.compat import uuid7

import booking
from bench import statements
from bench.harness import Bench
from bench.report import Row, ratio
from bench.statements import Statements
from bench.waiting import BENCH
from scheduling.models import Doctor, Location, Room, Shift, ShiftRule, Slot, SlotRelease

TITLE = "Публикация: месяц врача против COPY тех же строк"
HOURS = (clock(9), clock(20))
TABLES: tuple[type[models.Model], ...] = (Shift, Slot, SlotRelease)


def run(bench: Bench) -> list[Row]:
    with bench.copy(bench.database()) as database, database.here():
        found = [once() for _ in range(bench.options.windows + 1)][1:]  # the first one warms
    published = statistics.median(each[0] for each in found)
    copied = statistics.median(each[1] for each in found)
    slots, asked = found[-1][2], found[-1][3]
    numbers = {"published_s": [each[0] for each in found], "copied_s": [each[1] for each in found], "slots": slots}
    numbers |= {"statements": asked.count}
    return [
        Row(
            f"месяц врача, {slots} времён",
            f"{published * 1000:.0f} мс, {slots / published:.0f} времён/с",
            numbers=numbers,
        ),
        Row("  к COPY тех же строк", f"{ratio(published / copied)} ({copied * 1000:.0f} мс)"),
        Row("  запросов к базе", str(asked)),
    ]


def once() -> tuple[float, float, int, Statements]:
    """Returns seconds of publishing, seconds of COPY, how many slots, what was asked."""
    doctor, first = new_doctor(), timezone.localdate() + timedelta(days=1)
    begun = time.perf_counter()
    asked = statements.of(lambda: publish(doctor, first))
    published = time.perf_counter() - begun
    slots = Slot.objects.filter(doctor=doctor).count()
    return published, copied_again(doctor), slots, asked


def publish(doctor: Doctor, first: date) -> None:
    booking.publish(doctor=doctor, first_day=first, last_day=first + timedelta(days=29), by=BENCH)


def new_doctor() -> Doctor:
    """Makes a doctor who works every weekday from nine to eight."""
    key = uuid7().hex[-12:]
    room = Room.objects.create(location=Location.objects.all()[0], name=f"bench-{key}")
    doctor = Doctor.objects.create(slug=f"bench-{key}", last_name="Замерова", first_name="Вера", room=room)
    hours = {"starts": HOURS[0], "ends": HOURS[1], "valid_from": timezone.localdate()}
    for weekday in range(1, 6):
        ShiftRule.objects.create(doctor=doctor, room=room, weekday=weekday, **hours)
    return doctor


def copied_again(doctor: Doctor) -> float:
    """Takes the very rows out and puts them back by COPY: the same indexes and constraints, no thinking."""
    mine = {Shift: "doctor_id = %s", Slot: "doctor_id = %s"}
    mine[SlotRelease] = f"slot_id IN (SELECT id FROM {Slot._meta.db_table} WHERE doctor_id = %s)"
    with connection.cursor() as cursor:
        kept = {table: rows(cursor, table, mine[table], doctor) for table in TABLES}
        for table in reversed(TABLES):
            cursor.execute(f"DELETE FROM {table._meta.db_table} WHERE {mine[table]}", [doctor.pk])
        begun = time.perf_counter()
        with transaction.atomic():
            for table in TABLES:
                with cursor.copy(f"COPY {table._meta.db_table} ({columns(table)}) FROM STDIN") as copy:
                    for row in kept[table]:
                        copy.write_row(row)
        return time.perf_counter() - begun


def rows(cursor: CursorWrapper, table: type[models.Model], where: str, doctor: Doctor) -> list[tuple[str, ...]]:
    cast = columns(table, "::text")
    cursor.execute(f"SELECT {cast} FROM {table._meta.db_table} WHERE {where}", [doctor.pk])
    return cursor.fetchall()


def columns(table: type[models.Model], cast: str = "") -> str:
    return ", ".join(f"{one.column}{cast}" for one in table._meta.concrete_fields if not one.generated)
