"""Free times from a replica that lags, stands still or dies, read by two web servers and two workers.

A shown time may be out of date, a confirmed one may not; and nobody is shown as free what they have just taken
themselves.
"""

import json
import random
import re
import time
from dataclasses import dataclass
from functools import partial
from statistics import median
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from foundation.database.replica import COOKIE
from foundation.database.replica_lag import READ_SECONDS, Marks, ReplicaState
from patients.choices import DocumentKind
from patients.demandable import Demandable
from scheduling import links
from scheduling.models import Appointment, Service, Slot, SlotRelease
from tests import factories as make
from tests.messages import code_of
from tests.races import servers
from tests.races.browser import Browser
from tests.races.databases import Databases, own_databases
from tests.races.harness import in_turns, overlaps, run_at_once
from waitlist.models import SlotOffer

pytestmark = [pytest.mark.race, pytest.mark.embedded]

MAX_LAG = 8
"""Seconds, in REPLICA_MAX_LAG_SECONDS of the processes under test."""
SLOT = re.compile(r'name="slot" value="([0-9a-f-]{36})"')
OFFICE_SLOT = re.compile(r"/office/book/([0-9a-f-]{36})/\?patient")
TOMORROW = make.moment().date()
VISITORS, REGISTRARS, EACH = 10, 6, 2


@dataclass(frozen=True)
class Clinic:
    databases: Databases
    ports: tuple[int, int]

    @property
    def port(self) -> int:
        return random.choice(self.ports)


@pytest.fixture(scope="module")
def clinic(django_db_blocker):
    with django_db_blocker.unblock(), own_databases() as databases, servers.own_broker() as broker:
        ports = servers.free_port(), servers.free_port()
        replica = {"REPLICA_URL": databases.replica.url, "REPLICA_MAX_LAG_SECONDS": str(MAX_LAG)}
        webs = [servers.web(broker, port, **replica) for port in ports]
        workers = [servers.worker(broker), servers.worker(broker)]
        with servers.running(*webs, *workers):
            for port in ports:
                servers.wait_until(partial(answers, port), seconds=60)
            for worker in workers:
                servers.wait_until(worker.is_ready, seconds=60)
            yield Clinic(databases, ports)


@pytest.fixture
def service(clinic):
    """A service of two doctors with a long day tomorrow; both web servers read the replica again."""
    made = make.service(minutes=10)
    for _ in range(2):
        make.shift(make.doctor(made), starts="08:00", slots=40, minutes=10)
    wait_until_read(clinic)
    return made


def answers(port: int) -> bool:
    try:
        return Browser().get(port, "/healthz").status == 200
    except OSError:
        return False


def wait_until_read(clinic: Clinic) -> None:
    for port in clinic.ports:
        servers.wait_until(lambda port=port: lag_of(port) is not None, seconds=20)


def lag_of(port: int) -> float | None:
    return json.loads(Browser().get(port, "/readyz").text)["replica_lag_seconds"]


def offered(browser: Browser, port: int, service: Service) -> list[str]:
    """Returns every free time of tomorrow, as this browser is shown it."""
    page = browser.get(
        port, f"{reverse('site:day', args=[service.specialty.slug])}?service={service.pk}&day={TOMORROW}"
    )
    assert page.status == 200
    return SLOT.findall(page.text)


def take(browser: Browser, port: int, slot: str, service: Service):
    return browser.post(port, reverse("site:take"), {"slot": slot, "service": service.pk})


def book(browser: Browser, clinic: Clinic, phone: str) -> str:
    """Books from the details to the confirmation, each step on any of the two servers; returns its address."""
    typed = {"last_name": "Лунина", "first_name": "Вера", "birth_date": "17.05.1990", "phone": phone}
    page = browser.post(
        clinic.port, reverse("site:details"), typed | {"who": "self", "patronymic": "", "consent": "on"}
    )
    assert (page.status, page.location) == (302, reverse("site:code"))
    code = code_of(phone)
    page = browser.post(clinic.port, reverse("site:code"), {"code": code})
    assert page.status == 302
    return page.location


def test_a_standing_replica_hides_nothing_from_whoever_wrote(clinic, service):
    """The stranger is the control: without the cookie the same page does offer the time that is taken."""
    writer, databases = Browser(), clinic.databases
    slot = offered(writer, clinic.port, service)[0]
    databases.pause()
    try:
        paused_at = time.monotonic()
        assert take(writer, clinic.port, slot, service).status == 302
        book(writer, clinic, "+79217770001")
        assert Slot.objects.get(pk=slot).appointment_id
        for port in clinic.ports:
            assert slot not in offered(writer, port, service)
            assert slot in offered(Browser(), port, service)
            assert slot in offered(Browser(**{COOKIE: "9:forged"}), port, service)
        late = Browser()
        offered(late, clinic.port, service)
        refused = take(late, clinic.port, slot, service)
        assert time.monotonic() - paused_at < MAX_LAG, "the machine was too slow to tell"
        assert (refused.status, len(SLOT.findall(refused.text)), slot in refused.text) == (409, 3, False)

        for port in clinic.ports:
            servers.wait_until(lambda port=port: slot not in offered(Browser(), port, service), seconds=MAX_LAG + 2)
            assert lag_of(port) is None
    finally:
        databases.resume()
    wait_until_read(clinic)
    assert slot not in offered(Browser(), clinic.port, service)


def test_a_replica_that_dies_is_not_waited_for(clinic, service):
    clinic.databases.kill_replica()
    spent = seconds_of(30, clinic, service)
    assert (median(spent) < 0.5, max(spent) < 3) == (True, True)
    assert [lag_of(port) for port in clinic.ports] == [None, None]
    clinic.databases.start_replica()
    wait_until_read(clinic)


def test_a_replica_that_hangs_is_waited_for_once(clinic, service):
    clinic.databases.freeze_replica()
    try:
        spent = seconds_of(30, clinic, service)
        assert READ_SECONDS <= max(spent) < 3 * READ_SECONDS, "whoever was reading just then waited, nobody for long"
        assert median(spent) < READ_SECONDS / 2
        assert [lag_of(port) for port in clinic.ports] == [None, None]
    finally:
        clinic.databases.thaw_replica()
    wait_until_read(clinic)


def seconds_of(pages: int, clinic: Clinic, service: Service) -> list[float]:
    """Returns how long each page took; every page is complete."""
    spent = []
    for number in range(pages):
        started = time.monotonic()
        assert len(offered(Browser(), clinic.ports[number % 2], service)) == 2 * 40
        spent.append(time.monotonic() - started)
        time.sleep(0.02)
    return spent


def visitor(clinic: Clinic, service: Service, phone: str) -> tuple[str, str]:
    """Looks, takes one of the first times, books. Returns the time and the confirmation's address."""
    browser = Browser()
    free = offered(browser, clinic.port, service)[:6]
    for _ in range(30):
        slot = random.choice(free)
        page = take(browser, clinic.port, slot, service)
        if page.status == 302:
            break
        assert page.status == 409
        free = SLOT.findall(page.text)
    address = book(browser, clinic, phone)
    for port in clinic.ports:
        assert slot not in offered(browser, port, service), "their own time is offered to them"
    return slot, address


def registrar_browser() -> Browser:
    session = Client()
    session.force_login(make.user(Role.REGISTRAR), backend="foundation.accounts.backend.StaffBackend")
    return Browser(sessionid=session.cookies["sessionid"].value)


def registrar(clinic: Clinic, service: Service, browser: Browser, patient) -> tuple[str, str]:
    """Finds a time by wishes, books it for the patient with their passport seen."""
    search = f"{reverse('office:find_time')}?specialty={service.specialty_id}&patient={patient.pk}"
    paper = Demandable.IDENTITY.value
    sent = {"patient": patient.pk, "applicant": "self", "service": service.pk, f"{paper}-seen": "on"}
    sent |= {f"{paper}-kind": DocumentKind.RF_PASSPORT, f"{paper}-seen_as": "original"}
    for _ in range(60):
        slot = random.choice(OFFICE_SLOT.findall(browser.get(clinic.port, search).text))
        page = browser.post(clinic.port, reverse("office:book", args=[slot]), sent | {"key": uuid4().hex})
        if page.status == 302:
            break
        assert page.status == 409
    assert page.status == 302
    for port in clinic.ports:
        assert slot not in OFFICE_SLOT.findall(browser.get(port, search).text), "their own time is offered to them"
    return slot, page.location


class Lag:
    """A replica that stands still and goes on by turns."""

    def __init__(self, databases: Databases) -> None:
        self.databases, self.turns = databases, 0

    def turn(self) -> None:
        self.turns += 1
        (self.databases.pause if self.turns % 2 else self.databases.resume)()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_error: object) -> None:
        self.databases.resume()


def test_every_confirmation_is_a_booking_and_every_offer_is_made_once(clinic, service):
    desks = [(registrar_browser(), [make.patient() for _ in range(EACH)]) for _ in range(REGISTRARS)]
    before = clinic.databases.reads_of_slots()
    lag = Lag(clinic.databases)
    with lag, servers.every(0.3, lag.turn):
        result = run_at_once(
            in_turns(
                [partial(visitor, clinic, service, f"+7921888{number:04d}") for number in range(VISITORS * EACH)],
                [partial(registrar, clinic, service, browser, one) for browser, people in desks for one in people],
            ),
            threads=12,
        )
    assert lag.turns > 3
    assert clinic.databases.reads_of_slots() > before
    assert_each_is_booked(service, result.values)
    assert_cancelled_times_are_offered_once(clinic, service, result.values)


def assert_each_is_booked(service, confirmed):
    booked = {str(slot.pk): slot.appointment_id for slot in Slot.objects.filter(doctor__services=service)}
    for slot, address in confirmed:
        made = booked[slot]
        assert address in (links_to(made), reverse("office:appointment", args=[made]))
    assert len(confirmed) == len({slot for slot, _ in confirmed}) == VISITORS * EACH + REGISTRARS * EACH
    assert Appointment.objects.filter(service=service).count() == len(confirmed)
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}


def links_to(appointment: UUID) -> str:
    return reverse("site:visit", args=[links.token_for(appointment)])


def assert_cancelled_times_are_offered_once(clinic, service, confirmed):
    """Two workers are woken for each; more people wait than times become free."""
    for _ in range(20):
        make.entry(service.specialty)
    on_site = [(slot, address) for slot, address in confirmed if address.startswith("/v/")][:12]
    asked_at = timezone.now()

    def cancel(address):
        browser = Browser()
        browser.get(clinic.port, f"{address}cancel/")
        return browser.post(clinic.port, f"{address}cancel/", {}).status

    result = run_at_once([partial(cancel, address) for _slot, address in on_site], threads=6)
    assert result.values == [302] * len(on_site)
    releases = SlotRelease.objects.filter(at__gt=asked_at)
    offers = SlotOffer.objects.filter(slot__in=[slot for slot, _address in on_site]).values_list("slot", "entry")
    servers.wait_until(lambda: releases.exists() and offers.count() >= len(on_site), seconds=20)
    assert sorted(str(slot) for slot, _entry in offers) == sorted(slot for slot, _address in on_site)
    assert len({entry for _slot, entry in offers}) == len(on_site)


def test_marks_tell_since_when_the_replica_has_everything():
    marks = Marks(seconds=5)
    for at, position in ((0.0, 100), (1.0, 200), (2.0, 200), (3.0, 300)):
        marks.add(at=at, position=position)
    assert marks.state(99) is None
    assert marks.state(250) == ReplicaState(250, as_of=2.0)
    assert marks.state(300) == ReplicaState(300, as_of=3.0)
    marks.add(at=7.5, position=300)
    assert marks.state(250) is None, "the moment it has reached is forgotten: too long ago"
