"""The clinic itself: address, rooms, specialties, services and doctors."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal

from django.conf import settings

from foundation.accounts.models import User
from scheduling.choices import ServiceKind
from scheduling.models import Doctor, Location, Room, Service, ShiftRule, Specialty

VISIT, CONSULTATION, EXAMINATION = ServiceKind.VISIT, ServiceKind.CONSULTATION, ServiceKind.EXAMINATION

ROOMS = ("каб. 1", "каб. 2", "каб. 3", "каб. 4 (лазер)", "каб. 5 (лазер)", "каб. 6", "каб. 7", "каб. 8", "каб. 9")

SPECIALTIES = (
    ("dermatology", "Дерматология", "дерматолог", "Сыпь, зуд, акне, экзема, псориаз, родинки."),
    ("cosmetology", "Косметология", "косметолог", "Уход за кожей лица и тела, возрастные изменения, следы акне."),
    ("laser", "Лазерная медицина", "врач лазерной медицины", "Удаление новообразований, сосудов и рубцов лазером."),
    ("trichology", "Трихология", "трихолог", "Выпадение волос, перхоть, болезни кожи головы."),
    ("podology", "Подология", "подолог", "Вросший ноготь, мозоли, трещины, уход за стопой."),
    ("children", "Детская дерматология", "детский дерматолог", "Кожа детей с рождения до восемнадцати лет."),
    ("allergology", "Аллергология и иммунология", "аллерголог-иммунолог",
     "Крапивница, поллиноз, пищевая аллергия."),
)  # fmt: skip
"""Tuples of (slug, name, title of the doctor, what is treated)."""

SERVICES = (
    ("dermatology", "Приём дерматолога", VISIT, 30, 2400, True),
    ("dermatology", "Консультация дерматолога по анализам", CONSULTATION, 15, 1500, True),
    ("dermatology", "Дерматоскопия", EXAMINATION, 30, 2900, True),
    ("dermatology", "Осмотр всей кожи с картой родинок", EXAMINATION, 60, 5400, False),
    ("cosmetology", "Консультация косметолога", CONSULTATION, 30, 1800, True),
    ("cosmetology", "Приём косметолога с уходом за лицом", VISIT, 60, 4800, True),
    ("cosmetology", "Приём косметолога с мезотерапией", VISIT, 45, 6200, False),
    ("laser", "Консультация перед лазерной процедурой", CONSULTATION, 30, 2000, True),
    ("laser", "Удаление новообразования лазером", VISIT, 45, 4500, False),
    ("laser", "Лазерное лечение сосудов", VISIT, 60, 7900, False),
    ("laser", "Лазерная шлифовка рубцов", VISIT, 90, 14500, False),
    ("trichology", "Приём трихолога", VISIT, 45, 3200, True),
    ("trichology", "Трихоскопия", EXAMINATION, 30, 2700, True),
    ("podology", "Консультация подолога", CONSULTATION, 30, 1700, True),
    ("podology", "Приём подолога с обработкой стоп", VISIT, 60, 3900, True),
    ("children", "Приём детского дерматолога", VISIT, 30, 2600, True),
    ("children", "Дерматоскопия у ребёнка", EXAMINATION, 15, 1900, True),
    ("allergology", "Приём аллерголога-иммунолога", VISIT, 45, 3400, True),
    ("allergology", "Консультация аллерголога по анализам", CONSULTATION, 15, 1600, True),
    ("allergology", "Кожные аллергопробы", EXAMINATION, 60, 5200, False),
)
"""Tuples of (specialty, name, kind, minutes, ₽, on the site)."""

MORNING, EVENING, DAY, SATURDAY = ("09:00", "15:00"), ("15:00", "21:00"), ("10:00", "16:30"), ("10:00", "14:00")
SUNDAY = ("10:00", "15:00")
ODD = {1: MORNING, 2: EVENING, 3: MORNING, 4: EVENING, 5: MORNING, 6: SATURDAY}
EVEN = {1: EVENING, 2: MORNING, 3: EVENING, 4: MORNING, 5: EVENING}
DAYS = {1: DAY, 2: DAY, 3: DAY, 4: DAY, 5: DAY}
DAYS_AND_SATURDAY = DAYS | {6: SATURDAY}


@dataclass(frozen=True)
class DoctorData:
    slug: str
    name: tuple[str, str, str]
    specialties: tuple[str, ...]
    services: tuple[str, ...]
    ages: tuple[int, int]
    room: int
    week: dict[int, tuple[str, str]]
    slot_minutes: int = 30
    about: str = field(default="", kw_only=True)


DOCTORS = (
    DoctorData("belova", ("Белова", "Анна", "Сергеевна"), ("dermatology",),
               ("Приём дерматолога", "Дерматоскопия", "Осмотр всей кожи с картой родинок"), (18, 150), 1, ODD,
               about="Стаж 14 лет. Акне, розацеа, наблюдение за родинками."),
    DoctorData("gradov", ("Градов", "Михаил", "Андреевич"), ("dermatology",),
               ("Приём дерматолога", "Консультация дерматолога по анализам"), (14, 150), 1, EVEN, 15,
               about="Стаж 9 лет. Экзема, псориаз, кожа подростков."),
    DoctorData("zorin", ("Зорин", "Павел", "Николаевич"), ("dermatology",),
               ("Приём дерматолога", "Дерматоскопия"), (18, 150), 2, DAYS_AND_SATURDAY,
               about="Кандидат медицинских наук, стаж 27 лет. Сложные дерматозы."),
    DoctorData("voznesenskaya", ("Вознесенская-Добролюбова", "Екатерина", "Константиновна"), ("cosmetology",),
               ("Консультация косметолога", "Приём косметолога с уходом за лицом", "Приём косметолога с мезотерапией"),
               (18, 150), 3, ODD, about="Стаж 16 лет. Возрастные изменения кожи."),
    DoctorData("kim", ("Ким", "Алина", ""), ("cosmetology",),
               ("Консультация косметолога", "Приём косметолога с уходом за лицом"), (14, 150), 3, EVEN,
               about="Стаж 6 лет. Уход за проблемной кожей."),
    DoctorData("samoylov", ("Самойлов", "Дмитрий", "Олегович"), ("laser",),
               ("Консультация перед лазерной процедурой", "Удаление новообразования лазером",
                "Лазерное лечение сосудов", "Лазерная шлифовка рубцов"), (18, 150), 4, DAYS_AND_SATURDAY,
               about="Стаж 18 лет. Сосудистые лазеры, рубцы."),
    DoctorData("tikhomirova", ("Тихомирова", "Ольга", "Петровна"), ("laser", "cosmetology"),
               ("Консультация перед лазерной процедурой", "Удаление новообразования лазером",
                "Консультация косметолога"), (18, 150), 5, DAYS, about="Стаж 11 лет. Лазер и уход после него."),
    DoctorData("efimova", ("Ефимова", "Наталья", "Юрьевна"), ("trichology",),
               ("Приём трихолога", "Трихоскопия"), (14, 150), 6, ODD, about="Стаж 12 лет. Все виды выпадения волос."),
    DoctorData("artemev", ("Артемьев", "Семён", "Ильич"), ("podology",),
               ("Консультация подолога", "Приём подолога с обработкой стоп"), (14, 150), 7, DAYS,
               about="Стаж 8 лет. Вросший ноготь, стопа при диабете."),
    DoctorData("zhuravleva", ("Журавлёва", "Мария", "Алексеевна"), ("children",),
               ("Приём детского дерматолога", "Дерматоскопия у ребёнка"), (0, 17), 8, DAYS_AND_SATURDAY, 15,
               about="Стаж 15 лет. Атопический дерматит у детей с рождения."),
    DoctorData("guseva", ("Гусева", "Татьяна", "Борисовна"), ("allergology",),
               ("Приём аллерголога-иммунолога", "Консультация аллерголога по анализам", "Кожные аллергопробы"),
               (18, 150), 6, EVEN, about="Стаж 21 год. Крапивница, поллиноз."),
    DoctorData("sokolov", ("Соколов", "Артём", "Викторович"), ("allergology",),
               ("Приём аллерголога-иммунолога", "Кожные аллергопробы"), (5, 150), 9, DAYS_AND_SATURDAY,
               about="Стаж 10 лет. Аллергия у детей и взрослых."),
)  # fmt: skip
OWN_LOGIN = "belova"
FULL = "zorin"
ON_LEAVE = "artemev"
IN_TRAINING = "efimova"


def build(*, doctor_login: User, first_day: date, today: date) -> dict[str, Doctor]:
    """Makes doctors with their services and weekly rules and returns them by slug."""
    place = Location.objects.create(
        name=settings.CLINIC["name"],
        address=settings.CLINIC["address"],
        short_address="Лунная ул., 7",
        timezone=settings.TIME_ZONE,
        directions="Вход со двора, второй этаж, есть лифт.",
    )
    rooms = Room.objects.bulk_create(Room(location=place, name=name) for name in ROOMS)
    services = _services()
    doctors = Doctor.objects.bulk_create(
        Doctor(
            slug=data.slug,
            user=doctor_login if data.slug == OWN_LOGIN else None,
            last_name=data.name[0],
            first_name=data.name[1],
            patronymic=data.name[2],
            room=rooms[data.room - 1],
            about=data.about,
            min_age=data.ages[0],
            max_age=data.ages[1],
        )
        for data in DOCTORS
    )
    for doctor, data in zip(doctors, DOCTORS, strict=True):
        offered = [services[name] for name in data.services]
        doctor.services.set(offered)
        doctor.specialties.set({service.specialty for service in offered})
    ShiftRule.objects.bulk_create(
        rule
        for doctor, data in zip(doctors, DOCTORS, strict=True)
        for rule in _rules(doctor, data, first_day=first_day, today=today)
    )
    return {doctor.slug: doctor for doctor in doctors}


def _services() -> dict[str, Service]:
    specialties = Specialty.objects.bulk_create(
        Specialty(slug=slug, name=name, doctor_title=title, about=about, order=order)
        for order, (slug, name, title, about) in enumerate(SPECIALTIES)
    )
    by_slug = {specialty.slug: specialty for specialty in specialties}
    made = Service.objects.bulk_create(
        Service(
            specialty=by_slug[slug],
            name=name,
            kind=kind,
            minutes=minutes,
            price=Decimal(price),
            on_site=on_site,
            order=order,
        )
        for order, (slug, name, kind, minutes, price, on_site) in enumerate(SERVICES)
    )
    return {service.name: service for service in made}


def _rules(doctor: Doctor, data: DoctorData, *, first_day: date, today: date) -> list[ShiftRule]:
    """Makes the weekly rules.

    A person who starts the demo on a Sunday finds the clinic open, for that Sunday only.
    """
    rules = [_rule(doctor, data, weekday, hours, valid_from=first_day) for weekday, hours in data.week.items()]
    if today.isoweekday() == 7 and data.week is not EVEN:
        rules.append(_rule(doctor, data, 7, SUNDAY, valid_from=today, valid_until=today))
    return rules


def _rule(doctor: Doctor, data: DoctorData, weekday: int, hours: tuple[str, str], **term: date) -> ShiftRule:
    starts, ends = (time.fromisoformat(hour) for hour in hours)
    return ShiftRule(
        doctor=doctor,
        room=doctor.room,
        weekday=weekday,
        starts=starts,
        ends=ends,
        slot_minutes=data.slot_minutes,
        **term,
    )
