"""People who work here, the schedule they keep, and the register: what the first morning finds."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.models import Group, Permission
from django.utils import timezone

import booking
from foundation.accounts.actors import Actor, staff
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.clock import day_bounds
from patients.choices import MisState
from patients.models import Patient
from scheduling.choices import AbsenceKind
from scheduling.data import AbsenceData, HoursData
from scheduling.models.absence import Whose
from standalone.demo import logins, people, reference
from standalone.demo.logins import DEMO_LOGINS, DemoLogin
from tests.upgrade.life.clinic import MONDAY, MOSCOW, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY, Clinic
from waitlist import matching

SEED = 318
MORE_LOGINS = (
    DemoLogin(Role.OPERATOR, "operator-2", ("Рябова", "Инна", "Олеговна")),
    DemoLogin(Role.REGISTRAR, "dismissed", ("Кольцова", "Рита", "Павловна")),
)
PUBLISHED = {"belova": (0, SUNDAY), "zorin": (0, SUNDAY), "kim": (0, SUNDAY), "zhuravleva": (TUESDAY, SUNDAY)}
SUNDAY_HOURS = {"starts": time(10), "ends": time(10, 30), "slot_minutes": 30}


def open_clinic(first_day: date) -> Clinic:
    users = {user.username: user for user in logins.build((*DEMO_LOGINS, *MORE_LOGINS))}
    _with_own_rights(users["head"])
    doctors = reference.build(doctor_login=users["doctor"], first_day=first_day, today=first_day)
    by = {login: staff(user, ip="192.0.2.10") for login, user in users.items()}
    return Clinic(first_day, by, doctors, _register(first_day, by["registrar"]))


def _with_own_rights(head: User) -> None:
    """Makes a person with rights given in the stock admin; roles do not need them."""
    group = Group.objects.create(name="Справочники")
    group.permissions.add(*Permission.objects.filter(content_type__app_label="scheduling", codename__contains="room"))
    head.groups.add(group)
    head.user_permissions.add(Permission.objects.get(codename="view_user"))


def _register(first_day: date, by: Actor) -> people.People:
    """Makes a register as in the demo, a tenth of its size."""
    people.PATIENTS, people.FAMILIES, people.GUARDIANS, people.ATTORNEYS = 185, 32, 4, 4
    made = people.build(rng=Random(SEED), today=first_day, now=timezone.now(), by=by)
    for patient, state in zip(made.patients, (MisState.PENDING, MisState.FAILED), strict=False):
        Patient.objects.filter(pk=patient.pk).update(mis_state=state, mis_client_id="", email="who@example.org")
    return made


def keep_schedule(clinic: Clinic) -> None:
    """Makes rules, days away before and after the times are published, times closed and opened again."""
    by, doctors = clinic.by["schedule"], clinic.doctors
    belova, kim, artemev = (doctors[slug] for slug in ("belova", "kim", "artemev"))
    sundays = HoursData(room=belova.room, valid_from=clinic.day(MONDAY), **SUNDAY_HOURS)
    booking.add_hours(doctor=belova, weekdays=[7], hours=sundays, by=by)
    _away(clinic, artemev.slug, AbsenceKind.LEAVE, 0, SUNDAY)
    for slug, (first, last) in PUBLISHED.items():
        booking.publish(doctor=doctors[slug], first_day=clinic.day(first), last_day=clinic.day(last), by=by)
    matching.match_freed()
    _away(clinic, kim.slug, AbsenceKind.SICK, WEDNESDAY, THURSDAY)
    _away(clinic, "zhuravleva", AbsenceKind.TRAINING, SUNDAY - 1, SUNDAY - 1)
    _away(clinic, "guseva", AbsenceKind.CLOSED, 40, 41)
    booking.end_hours(rule=artemev.shift_rules.first().pk, last_day=clinic.day(60), by=by)
    closed = [slot.pk for slot in clinic.free("belova", TUESDAY, TUESDAY)[:4]]
    booking.block(slots=closed, reason="Обучение: новый дерматоскоп", by=by)
    booking.unblock(slots=closed[2:], by=by)


def _away(clinic: Clinic, slug: str, kind: AbsenceKind, first: int, last: int) -> None:
    starts_at, ends_at = day_bounds(clinic.day(first), clinic.day(last))
    data = AbsenceData(
        whose=Whose(clinic.doctors[slug]), kind=kind, starts_at=starts_at, ends_at=ends_at, note="Сообщено заранее"
    )
    booking.add_absence(data=data, by=clinic.by["schedule"])


def first_monday(now: datetime) -> date:
    """Returns the Monday two weeks ago on which the story begins: it ends before it is told."""
    day = now.astimezone(MOSCOW).date() - timedelta(weeks=2)
    return day - timedelta(days=day.weekday())
