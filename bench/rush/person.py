"""A person who wants a time: takes one of those shown, goes on when it is taken, leaves a request in the end."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse

from bench import people
from bench.browser import Browser, Page, Seen

TRIES = 5
"""Further times that are tried after the first one was taken."""


class End(StrEnum):
    BOOKED = "записан"
    ASKED = "оставил заявку"
    LOST = "не понял, что делать"


@dataclass(frozen=True)
class Story:
    phone: str
    end: End
    tries: int
    seen: list[Seen]
    last: str
    """The end of the person's way: the path, and the status when it was a strange one."""


@dataclass(frozen=True)
class Person:
    browser: Browser
    phone: str
    doctor: str
    specialty: str
    service: str
    day: str
    code_of: Callable[[str], str]
    rng: random.Random

    def live(self) -> Story:
        page, tries = self.look(), 0
        while page.times and tries <= TRIES:
            tries += 1
            page = self.finish(self.take(self.rng.choice(page.times), again=tries > 1))
            if page.path.startswith("/v/") and page.status == 200:
                return self.told(End.BOOKED, tries, page)
            if page.status != 409:
                return self.told(End.LOST, tries, page)
        if page.status not in (200, 409):
            return self.told(End.LOST, tries, page)
        page = self.leave_request()
        sent = page.path.startswith("/r/") and page.status == 200
        return self.told(End.ASKED if sent else End.LOST, tries, page)

    def look(self) -> Page:
        """Looks at the doctor's page and its nearest times; every second person looks at the whole day."""
        page = self.browser.get(f"{reverse('site:doctor', args=[self.doctor])}?service={self.service}")
        if page.status != 200 or not page.times or self.rng.random() < 0.5:
            return page
        query = f"service={self.service}&doctor={self.doctor}&day={self.day}"
        return self.browser.get(f"{reverse('site:day', args=[self.specialty])}?{query}")

    def take(self, slot: str, *, again: bool) -> Page:
        chosen = {"slot": slot, "service": self.service} | ({"finish": "1"} if again else {})
        return self.browser.post(reverse("site:take"), chosen)

    def finish(self, page: Page) -> Page:
        """Goes from wherever the site has led to up to the visit, or to the page that says why not."""
        if page.path == reverse("site:details") and page.status == 200:
            page = self.browser.post(page.path, people.typed(self.phone))
        if page.path == reverse("site:code") and page.status == 200:
            page = self.browser.post(page.path, {"code": self.code_of(self.phone)})
        return page

    def leave_request(self) -> Page:
        path = f"{reverse('site:request', args=[self.specialty])}?service={self.service}"
        self.browser.get(path)
        return self.browser.post(path, people.typed(self.phone))

    def told(self, end: End, tries: int, page: Page) -> Story:
        last = page.path if page.status == 200 else f"{page.path}: {page.status}"
        return Story(self.phone, end, tries, self.browser.seen, last)
