"""`load()`: the whole network, or nothing of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import monotonic

from django.db import connection, transaction
from django.utils import timezone

from clinic.accounts.models import User
from clinic.audit.models import AuditEvent
from clinic.demo import builder
from clinic.demo.scale import appointments, people, reference, schema, sessions, waiting, worksheet
from clinic.demo.scale.sizes import SPECIALTIES, Plan
from notifications.models import Message
from patients.models import Patient
from scheduling.models import Appointment, AppointmentEvent, Doctor, Location, Room, Service, Shift, Slot, Specialty
from waitlist.models import WaitlistEntry

BIG = (Patient, Shift, Slot, Appointment, AppointmentEvent, Message, AuditEvent, WaitlistEntry)
SMALL = (Doctor.specialties.through, Doctor.services.through, Doctor, Room, Location, Service, Specialty, User)
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


class CutOff(Exception):
    """A load was killed before it could bring the indexes and the constraints back."""


@dataclass(frozen=True)
class Made:
    rows: dict[str, int]
    seconds: float


def load(*, plan: Plan, patients: int, waiting_entries: int, say: Say = lambda _text: None) -> Made:
    """Raises DataExists, CutOff, TooFewPatients, TooManyWaiting before anything is written."""
    began = monotonic()
    register = people.Register(plan=plan, count=patients)
    _check(plan, register, waiting_entries)
    with sessions.patient_session():
        say("Откладываю индексы и ограничения")
        with transaction.atomic():
            worksheet.make()
            aside = schema.put_aside(BIG)
        try:
            _fill(plan, register, waiting_entries, say)
            say("Строю индексы и проверяю ограничения")
            schema.bring_back(aside, done=_progress(say, "Таблиц готово"))
        except BaseException:
            _empty()
            schema.bring_back(aside)
            raise
        finally:
            worksheet.drop()
        say("Собираю статистику (VACUUM ANALYZE)")
        sessions.together([partial(_vacuum, model) for model in (Slot, Appointment, AppointmentEvent, *BIG)])
        return Made(rows=_count(), seconds=monotonic() - began)


def _check(plan: Plan, register: people.Register, waiting_entries: int) -> None:
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
    sessions.together([*register_jobs, *entry_jobs], done=_progress(say, "Частей"))
    say("Расписание и записи")
    sessions.together([partial(book.fill, *piece) for piece in appointments.weeks(plan)], done=_progress(say, "Частей"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('patients_card_number', %s)", [register.count])


def _pieces(count: int, size: int) -> Iterator[tuple[int, int]]:
    for first in range(0, count, size):
        yield first, min(first + size, count)


def _progress(say: Say, what: str) -> sessions.Progress:
    """Every tenth part of the way, and the end."""
    told = 0

    def tell(done: int, of: int) -> None:
        nonlocal told
        if done * 10 // of > told:
            told = done * 10 // of
            say(f"  {what}: {done} из {of}")

    return tell


def _empty() -> None:
    """Takes back what came in. Append-only tables are emptied with their triggers off, in no other way."""
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


def _vacuum(model: type) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")


def _count() -> dict[str, int]:
    return {name: model._default_manager.count() for name, model in COUNTED.items()}
