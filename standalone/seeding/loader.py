"""Loads the whole network of clinics, or nothing of it."""

from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from notifications.models import Message
from patients.models import NameWord, Patient, PersonSearch
from scheduling.models import (
    Absence,
    Appointment,
    AppointmentEvent,
    Doctor,
    Location,
    Room,
    Service,
    Shift,
    Slot,
    Specialty,
)
from standalone.demo import builder
from standalone.seeding import appointments, people, reference, schema, sessions, waiting, worksheet
from standalone.seeding.sizes import SPECIALTIES, Plan
from waitlist.models import WaitlistEntry

BIG = (
    Slot,
    Appointment,
    AppointmentEvent,
    Patient,
    PersonSearch,
    NameWord,
    WaitlistEntry,
    Shift,
    AuditEvent,
    Message,
)
SMALL = (Absence, Doctor.specialties.through, Doctor.services.through, Doctor, Room, Location, Service, Specialty, User)
COUNTED = {
    "врачей": Doctor,
    "пациентов": Patient,
    "смен": Shift,
    "времён в расписании": Slot,
    "записей": Appointment,
    "событий записей": AppointmentEvent,
    "сообщений": Message,
    "строк журнала действий": AuditEvent,
    "в листе ожидания": WaitlistEntry,
}
Say = Callable[[str], object]


class SuperuserNeeded(Exception):
    """Only a superuser can put indexes to sleep."""


class CutOff(Exception):
    """A load was killed before it could bring indexes and foreign keys back."""


def load(*, plan: Plan, patients: int, waiting_entries: int, say: Say = lambda _text: None) -> dict[str, int]:
    """Fills an empty database and returns how many rows there are of what.

    Raises SuperuserNeeded, DataExists, CutOff, TooFewPatients, TooManyWaiting before anything is written.
    """
    register = people.Register(plan=plan, count=patients)
    _check(plan, register, waiting_entries)
    with sessions.patient_session():
        say("Усыпляю индексы")
        with transaction.atomic():
            worksheet.make()
            aside = schema.put_aside(BIG)
        try:
            _fill(plan, register, waiting_entries, say)
            say("Строю индексы, проверяю ограничения")
            schema.bring_back(aside, done=_progress(say, "Индексов"))
        except BaseException:
            _take_back(aside)
            raise
        finally:
            worksheet.drop()
        say("Собираю статистику (VACUUM ANALYZE)")
        sessions.run_parallel([partial(_vacuum, model) for model in BIG])
        return {name: model._default_manager.count() for name, model in COUNTED.items()}


def _check(plan: Plan, register: people.Register, waiting_entries: int) -> None:
    if not schema.may_put_aside():
        raise SuperuserNeeded
    if worksheet.exists():
        raise CutOff
    if builder.has_data():
        raise builder.DataExists
    worksheet.check_patients(plan, register)
    if waiting_entries > register.count * SPECIALTIES:
        raise waiting.TooManyWaiting


def _fill(plan: Plan, register: people.Register, waiting_entries: int, say: Say) -> None:
    now = timezone.now()
    clinic = reference.build(plan)
    worksheet.fill(clinic, register)
    book = appointments.Book(clinic=clinic, register=register, now=now)
    entries = waiting.Waitlist(register=register, count=waiting_entries, now=now, operators=clinic.operators)
    say("Пациенты и лист ожидания")
    register_jobs = [partial(register.fill, *piece) for piece in _pieces(register.count, people.CHUNK)]
    entry_jobs = [partial(entries.fill, *piece) for piece in _pieces(waiting_entries, waiting.CHUNK)]
    sessions.run_parallel([*register_jobs, *entry_jobs], done=_progress(say, "Частей"))
    say("Расписание и записи")
    sessions.run_parallel(
        [partial(book.fill, *piece) for piece in appointments.weeks(plan)], done=_progress(say, "Частей")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('patients_card_number', %s)", [register.count])
        say("Ключи поиска")
        cursor.execute("SELECT person_search_rebuild()")


def _pieces(count: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, size):
        yield first, min(first + size, count)


def _progress(say: Say, what: str) -> sessions.Progress:
    """Reports every tenth part of the way, and the end."""
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        if done * 10 // of > told:
            told = done * 10 // of
            say(f"  {what}: {done} из {of}")

    return tell


def empty() -> None:
    """Takes back all that was loaded."""
    with sessions.patient_session():
        _take_back(schema.put_aside(BIG))


def _take_back(aside: schema.Aside) -> None:
    """Empties the tables, append-only ones with their triggers off. Foreign keys may be back already."""
    schema.put_aside(BIG)
    tables = [model._meta.db_table for model in BIG]
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for model in SMALL:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
        cursor.execute("ALTER SEQUENCE patients_card_number RESTART")
    schema.bring_back(aside)


def _vacuum(model: type[Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")
