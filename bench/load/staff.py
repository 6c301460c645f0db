"""The desk, the contact centre and the doctors, each with the screen that is open all day."""

import random
import re
from itertools import cycle
from uuid import uuid4

from locust import task

from bench.load.people import Person
from bench.load.world import BRIEF, NOTES

REGISTRARS, OPERATORS, DOCTORS = (cycle(BRIEF[name]) for name in ("registrars", "operators", "doctors"))
FREE = re.compile(r'href="(/office/book/[0-9a-f-]{36}/)')
VERSION = re.compile(r"[?&;]v=([0-9a-f]{16})")
SEEN = re.compile(r'name="seen" value="([0-9a-f]*)"')
TIME = re.compile(r'name="slot" value="([0-9a-f-]{36})">\s*<input type="hidden" name="service" value="([0-9a-f-]{36})"')
REFUSED = (409, 422)


class Registrar(Person):
    weight = 20

    def on_start(self) -> None:
        self.begin_anew(next(REGISTRARS))
        self.day, self.version = random.choice(BRIEF["days"]), "0"
        self.free: list[str] = []

    @task(6)
    def refresh(self) -> None:
        path = f"{BRIEF['grid']}{self.day}&v={self.version}"
        page = self.fetch("регистратура: обновление дня", path, htmx=True, expect=(200, 204))
        if page.status_code == 200:
            self.free = FREE.findall(page.text or "")
            self.version = (VERSION.search(page.text or "") or ["", "0"])[1]

    @task(2)
    def search(self) -> None:
        _patient, name = random.choice(BRIEF["patients"])
        self.fetch("регистратура: поиск, отправка", "/office/patients/", {"q": name}, expect=(302,))
        self.fetch("регистратура: поиск", "/office/patients/")

    @task(1)
    def book(self) -> None:
        if not self.free:
            self.day, self.version = random.choice(BRIEF["days"]), "0"
            return
        path, (patient, _name) = random.choice(self.free), random.choice(BRIEF["patients"])
        self.fetch("регистратура: окно записи", f"{path}?patient={patient}")
        form = {"patient": patient, "applicant": "self", "service": BRIEF["service"], "key": uuid4().hex}
        sent = self.fetch("регистратура: запись", path, {**form, **BRIEF["passport"]}, expect=(302, *REFUSED))
        if address := self.led_to(sent):
            NOTES.promised(address)
            self.fetch("регистратура: карточка записи", address)


class Operator(Person):
    weight = 16

    def on_start(self) -> None:
        self.begin_anew(next(OPERATORS))
        self.seen = ""

    @task(6)
    def poll(self) -> None:
        page = self.fetch("оператор: очередь", f"/office/calls/queue/?seen={self.seen}", htmx=True, expect=(200, 204))
        if page.status_code == 200:
            self.seen = (SEEN.search(page.text or "") or ["", ""])[1]

    @task(2)
    def next_call(self) -> None:
        address = self.led_to(self.fetch("оператор: следующий", "/office/calls/next/", {}, expect=(302,)))
        if address.rstrip("/") in ("", "/office/calls"):
            return
        self.fetch("оператор: звонок", address, expect=(200, 409))
        if random.random() < 0.6:
            sent = self.fetch("оператор: согласен", f"{address}book/", {"key": uuid4().hex}, expect=(302, *REFUSED))
            if made := self.led_to(sent):
                NOTES.promised(made)
                return
        outcome = {"outcome": random.choice(["declined_slot", "no_answer"]), "note": ""}
        self.fetch("оператор: исход", f"{address}outcome/", outcome, expect=(302, 409))

    @task(2)
    def incoming(self) -> None:
        patient, _name = random.choice(BRIEF["patients"])
        asked = f"specialty={BRIEF['specialty_id']}&date_until={BRIEF['until']}&time_from=14:00&notice=60"
        page = self.fetch("оператор: времена", f"/office/caller/{patient}/?{asked}")
        if times := TIME.findall(page.text or ""):
            slot, service = random.choice(times)
            form = {"slot": slot, "service": service, "key": uuid4().hex}
            path = f"/office/caller/{patient}/book/?{asked}"
            if made := self.led_to(self.fetch("оператор: запись", path, form, expect=(302, *REFUSED))):
                NOTES.promised(made)


class DoctorAtWork(Person):
    weight = 4

    def on_start(self) -> None:
        self.begin_anew(next(DOCTORS))

    @task
    def day(self) -> None:
        self.fetch("врач: мой день", "/office/my-day/")
