"""Logins, specialties, services, rooms and doctors: a few thousand rows through the models."""

import random
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from foundation.accounts.actors import Actor, staff
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from scheduling.choices import ServiceKind
from scheduling.models import Doctor, Location, Room, Service, Specialty
from standalone.demo import logins
from standalone.demo.logins import DEMO_LOGINS, DemoLogin
from standalone.demo.names import FEMALE_NAMES, MALE_NAMES, SURNAMES
from standalone.seeding.sizes import Place, Plan
from standalone.seeding.sql import SEED

SPECIALTIES = (
    ("Терапия", "терапевт"), ("Кардиология", "кардиолог"), ("Неврология", "невролог"),
    ("Офтальмология", "офтальмолог"), ("Оториноларингология", "оториноларинголог"), ("Урология", "уролог"),
    ("Гинекология", "гинеколог"), ("Эндокринология", "эндокринолог"), ("Гастроэнтерология", "гастроэнтеролог"),
    ("Пульмонология", "пульмонолог"), ("Ревматология", "ревматолог"), ("Нефрология", "нефролог"),
    ("Дерматология", "дерматолог"), ("Трихология", "трихолог"), ("Подология", "подолог"),
    ("Аллергология", "аллерголог"), ("Хирургия", "хирург"), ("Флебология", "флеболог"),
    ("Проктология", "проктолог"), ("Травматология", "травматолог"), ("Остеопатия", "остеопат"),
    ("Косметология", "косметолог"), ("Сомнология", "сомнолог"), ("Диетология", "диетолог"),
    ("Физиотерапия", "физиотерапевт"),
)  # fmt: skip
"""Pairs of (name, title of the doctor)."""
SERVICES = (
    ("Приём: {}", ServiceKind.VISIT, 30, 2400),
    ("Расширенный приём: {}", ServiceKind.VISIT, 60, 4600),
    ("Обследование: {}", ServiceKind.EXAMINATION, 30, 2900),
)
"""(name, kind, minutes, ₽): one slot, two slots, an examination of one slot."""
MORE_LOGINS = tuple(
    DemoLogin(role, f"{role}{number}", (SURNAMES[number + shift][1], FEMALE_NAMES[number + shift], "Игоревна"))
    for role, shift in ((Role.REGISTRAR, 0), (Role.OPERATOR, 20))
    for number in range(2, 10)
)
HISTORY = "scale-history"


@dataclass(frozen=True)
class Clinic:
    plan: Plan
    doctors: list[Doctor]
    specialties: list[Specialty]
    services: list[list[Service]]
    registrars: list[Actor]
    operators: list[Actor]

    def doctors_of(self, specialty: int) -> list[Doctor]:
        return [self.doctors[place.no] for place in self.plan.places if place.specialty == specialty]


def build(plan: Plan) -> Clinic:
    users = logins.build((*DEMO_LOGINS, *MORE_LOGINS))
    specialties = Specialty.objects.bulk_create(
        Specialty(slug=f"scale-{number}", name=name, doctor_title=title, order=number)
        for number, (name, title) in enumerate(SPECIALTIES, start=1)
    )
    services = [_services(specialty) for specialty in specialties]
    doctors = _doctors(plan, own_login=next(user for user in users if user.role == Role.DOCTOR))
    practises, gives = Doctor.specialties.through, Doctor.services.through
    practises.objects.bulk_create(
        practises(doctor_id=doctors[place.no].pk, specialty_id=specialties[place.specialty].pk) for place in plan.places
    )
    gives.objects.bulk_create(
        gives(doctor_id=doctors[place.no].pk, service_id=service.pk)
        for place in plan.places
        for service in services[place.specialty]
    )
    return Clinic(
        plan=plan,
        doctors=doctors,
        specialties=specialties,
        services=services,
        registrars=[staff(user) for user in users if user.role == Role.REGISTRAR],
        operators=[staff(user) for user in users if user.role == Role.OPERATOR],
    )


def _services(specialty: Specialty) -> list[Service]:
    return Service.objects.bulk_create(
        Service(
            specialty=specialty,
            name=name.format(specialty.doctor_title),
            kind=kind,
            minutes=minutes,
            price=Decimal(price),
            order=order,
        )
        for order, (name, kind, minutes, price) in enumerate(SERVICES)
    )


def _doctors(plan: Plan, *, own_login: User) -> list[Doctor]:
    """Makes doctors, each with a room of their own; the first is the person of the demo login."""
    rng = random.Random(SEED)
    location = Location.objects.create(
        name=settings.CLINIC["name"], address=settings.CLINIC["address"], timezone=settings.TIME_ZONE
    )
    rooms = Room.objects.bulk_create(Room(location=location, name=f"каб. {place.no + 1}") for place in plan.places)
    doctors = [
        _doctor(place, room, own_login if place.no == 0 else None, rng)
        for place, room in zip(plan.places, rooms, strict=True)
    ]
    return Doctor.objects.bulk_create(doctors)


def _doctor(place: Place, room: Room, login: User | None, rng: random.Random) -> Doctor:
    surname, father = rng.choice(SURNAMES), rng.choice(MALE_NAMES)
    names = surname[1], rng.choice(FEMALE_NAMES), father[2]
    if login:
        names = login.last_name, login.first_name, login.patronymic
    return Doctor(
        slug=HISTORY if place.history else f"scale-doctor-{place.no + 1}",
        user=login,
        last_name=names[0],
        first_name=names[1],
        patronymic=names[2],
        room=room,
        max_age=17 if place.children else 150,
    )
