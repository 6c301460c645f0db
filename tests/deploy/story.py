"""U37 over HTTP: whoever has the key opens the clinic, sets it up on its pages, and a registrar books the first visit.

The same story as `tests/back_office/reference/test_from_nothing.py` tells inside one process.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.deploy.browser import Browser
from tests.totp import app_shows

PASSWORD, FIRST, OWN = "lunnaya-doroga-7", "vremennyi-klyuch-1", "sobstvennyi-parol-9"
SECRET = re.compile(r"<code>([A-Z2-7]{16,})</code>")


def first_visit(visitor: Callable[[], Browser], key: str) -> None:
    head = opened(visitor(), key)
    set_up(head)
    published(head)
    book(registrar(head, visitor()))


def opened(head: Browser, key: str) -> Browser:
    """Makes the first head, who signs in and sets up the second step that the role must have."""
    head.open("/office/first-run/")
    name = {"last_name": "Зимина", "first_name": "Вера", "login": "zimina"}
    head.send(having="key", **name, password=PASSWORD, password_again=PASSWORD, key=key)
    head.open("/office/sign-in/")
    head.send(having="login", login="zimina", password=PASSWORD)
    head.send(having="password", password=PASSWORD)  # once more: what follows changes how they sign in
    head.send(having="code", code=app_shows(SECRET.search(head.text)[1]))
    return head


def set_up(head: Browser) -> None:
    add(head, "location", name="Клиника на Лунной", address="Санкт-Петербург, ул. Лунная, д. 7")
    add(head, "room", location="Клиника на Лунной", name="каб. 1")
    add(head, "specialty", name="Дерматология", doctor_title="дерматолог")
    service = {"name": "Приём дерматолога", "kind": "visit", "minutes": "30", "price": "2400,50"}
    add(head, "service", specialty="Дерматология", **service)
    name = {"last_name": "Белова", "first_name": "Анна", "patronymic": "Сергеевна"}
    given = {"specialties": ["Дерматология"], "services": ["Приём дерматолога"], "room": "каб. 1"}
    add(head, "doctor", **name, **given, min_age="0", max_age="120")


def add(head: Browser, kind: str, /, **typed: str | list[str]) -> None:
    head.open(f"/office/reference/{kind}/new/")
    head.send(having=next(iter(typed)), **typed)


def published(head: Browser) -> None:
    doctor = re.search(r"/office/schedule/([0-9a-f-]{36})/", head.open("/office/schedule/"))[1]
    head.open(f"/office/schedule/{doctor}/hours/")
    head.send(having="starts", weekdays=[str(day) for day in range(1, 8)], starts="09:00", ends="12:00")
    today = datetime.now(ZoneInfo("Europe/Moscow")).date()
    first, last = today + timedelta(days=1), today + timedelta(days=7)
    head.open(f"/office/schedule/{doctor}/publish/?first_day={first}&last_day={last}")
    head.send(having="first_day")


def registrar(head: Browser, desk: Browser) -> Browser:
    """Makes a registrar, who chooses a password of their own at the first sign-in."""
    head.open("/office/reference/people/new/")
    person = {"last_name": "Ковалёва", "first_name": "Анна", "login": "kovaleva", "role": "registrar"}
    head.send(having="login", **person, password=FIRST, own_password=PASSWORD)
    desk.open("/office/sign-in/")
    desk.send(having="login", login="kovaleva", password=FIRST)
    desk.open("/office/password/")
    desk.send(having="oldpassword", oldpassword=FIRST, password1=OWN, password2=OWN)
    return desk


def book(desk: Browser) -> None:
    desk.open("/office/patients/new/")
    person = {"last_name": "Ли", "first_name": "Ян", "birth_date": "17.05.1990", "phone": "8 921 777 00 01"}
    desk.send(having="birth_date", **person)
    patient = re.search(r"/office/patients/([0-9a-f-]{36})/", desk.path)[1]
    tomorrow = datetime.now(ZoneInfo("Europe/Moscow")).date() + timedelta(days=1)
    slot = re.search(r"/office/book/([0-9a-f-]{36})/", desk.open(f"/office/day/?date={tomorrow}"))[1]
    desk.open(f"/office/book/{slot}/?patient={patient}")
    seen = {"identity-seen": "on", "identity-kind": "rf_passport", "identity-seen_as": "original"}
    desk.send(having="applicant", applicant="self", **seen)
