"""Patients on the site: most look around, some book, some of them cancel again."""

import random
import re
from urllib.parse import urlencode

from locust import task

from bench.load.people import Person
from bench.load.world import BRIEF, NOTES, PHONES

DAY = re.compile(r"day=(\d{4}-\d\d-\d\d)")
SLOT = re.compile(r'name="slot" value="([0-9a-f-]{36})"')
TAKEN = 409
BOOKS, WANTS_THE_POPULAR, CANCELS = 0.5, 0.5, 0.3


class Visitor(Person):
    weight = 60

    @task
    def visit(self) -> None:
        self.begin_anew()
        slots = self.look_around()
        if slots and random.random() < BOOKS:
            self.book(random.choice(slots))

    def look_around(self) -> list[str]:
        """Looks at the nearest times, a month, a day, and returns the times of that day."""
        popular = random.random() < WANTS_THE_POPULAR
        place = f"/doctor/{BRIEF['doctor']}/" if popular else f"/book/{BRIEF['specialty']}/"
        chosen = {"service": BRIEF["service"]} | ({"doctor": BRIEF["doctor"]} if popular else {})
        self.fetch("сайт: ближайшие", f"{place}?service={BRIEF['service']}")
        month = chosen | {"from": random.choice(BRIEF["starts"])}
        page = self.fetch("сайт: месяц", f"/book/{BRIEF['specialty']}/days/?{urlencode(month)}")
        days = DAY.findall(page.text or "")
        if not days:
            return []
        day = chosen | {"day": random.choice(days)}
        page = self.fetch("сайт: день", f"/book/{BRIEF['specialty']}/day/?{urlencode(day)}")
        return SLOT.findall(page.text or "")

    def book(self, slot: str) -> None:
        chosen = {"slot": slot, "service": BRIEF["service"]}
        if not self.led_to(self.fetch("сайт: взять время", "/book/time/", chosen, expect=(302, TAKEN))):
            return
        self.fetch("сайт: данные", "/book/details/")
        phone = PHONES.new()
        if not self.led_to(self.fetch("сайт: данные, отправка", "/book/details/", typed(phone), expect=(302, TAKEN))):
            return
        self.fetch("сайт: код", "/book/code/")
        code = {"code": PHONES.code_of(phone)}
        address = self.led_to(self.fetch("сайт: запись", "/book/code/", code, expect=(302, TAKEN)))
        if not address.startswith("/v/"):
            return
        token = NOTES.promised(address)
        self.fetch("сайт: визит", address)
        if random.random() < CANCELS:
            self.fetch("сайт: отмена", f"{address}cancel/")
            if self.led_to(self.fetch("сайт: отмена, отправка", f"{address}cancel/", {}, expect=(302,))):
                NOTES.cancelled.append(token)


def typed(phone: str) -> dict[str, str]:
    person = {"last_name": "Замеров", "first_name": "Лука", "patronymic": "", "birth_date": "17.05.1990"}
    return {**person, "who": "self", "phone": phone, "consent": "on"}
