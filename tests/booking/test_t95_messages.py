"""T95: a provider that is away, and all that happens meanwhile: nothing untrue leaves, and who is not told is a task.

What is true is asked of the rows by this file, not by the product's judge.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

import booking
from foundation.changes import Changes
from foundation.errors import DomainError
from notifications import texts
from notifications.actions import outbox, sending
from notifications.gateways.contract import GatewayError, Receipt
from notifications.models import Message
from notifications.queries.undelivered import LATE, SOON
from patients.contact import number_of
from patients.models import Patient
from scheduling import links
from scheduling.choices import CancelReason
from scheduling.models import Appointment, Doctor, Slot
from tests import factories as make
from tests.examples import few
from tests.factories.timetable import MOSCOW
from tests.phone import Phone
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db
MORNING = datetime(2027, 3, 1, 8, tzinfo=MOSCOW)
NUMBERS = ["+79210000001", "+79210000002", ""]
NAMES = ["Белова", "Вознесенская-Добролюбова"]
DEEDS = ["book", "move", "cancel", "mistake", "correct", "rename", "tell", "again"]
Step = tuple[str, int, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(DEEDS), st.integers(0, 5), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.sampled_from([1, 10, 20, 60, 24 * 60]), st.just(0)),
        st.tuples(st.sampled_from(["away", "back"]), st.just(0), st.just(0)),
        st.tuples(st.just("while one is sent"), st.integers(0, 7), st.integers(0, 5)),
    ),
    min_size=3,
    max_size=14,
)


@dataclass
class Life:
    """A doctor, two patients, and a provider that is away from the first."""

    clock: Any
    untrue: list[str] = field(default_factory=list)
    untold: list[object] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self.slots = make.slots_of(make.shift(make.doctor(), days=1, slots=6))
        self.patients = [make.patient(phone=NUMBERS[0]), make.patient(last_name="Цой", phone="")]
        Phone.clear()
        Phone.away = True

    def do(self, steps: list[Step]) -> None:
        for name, first, second in [*steps, ("back", 0, 0), ("wait", 31, 0)]:
            if name == "wait":
                self.clock.shift(timedelta(minutes=first))
            elif name in ("away", "back"):
                Phone.away = name == "away"
            elif name == "while one is sent":
                self.meanwhile = lambda one=first, other=second: self.deed(DEEDS[one % len(DEEDS)], other, one)
            else:
                self.deed(name, first, second)
            sending.send_due()
            self.meanwhile = None
            booking.renew_untold()
            self.untold += who_is_untold() ^ open_tasks()

    def deed(self, name: str, first: int, second: int) -> None:
        with suppress(DomainError), transaction.atomic():
            getattr(self, f"_{name}")(first, second)

    def _visit(self, number: int) -> Appointment:
        visits = list(Appointment.objects.order_by("created_at"))
        if not visits:
            raise DomainError
        return visits[number % len(visits)]

    def _book(self, first: int, second: int) -> None:
        slot = self.slots[first]
        patient = Patient.objects.get(pk=self.patients[second % 2].pk)
        seen = [make.PASSPORT]
        service = slot.doctor.services.get()
        booking.at_desk(slot=slot.pk, service=service, patient=patient, seen=seen, by=make.TEST)

    def _move(self, first: int, second: int) -> None:
        booking.move(appointment=self._visit(first).pk, to_slot=self.slots[second].pk, by=make.TEST)

    def _cancel(self, first: int, second: int) -> None:
        booking.cancel(appointment=self._visit(first).pk, reason=CancelReason.PATIENT, by=make.TEST)

    def _mistake(self, first: int, second: int) -> None:
        booking.enter_in_error(appointment=self._visit(first).pk, note="не тот", by=make.TEST)

    def _correct(self, first: int, second: int) -> None:
        patient = Patient.objects.get(pk=self.patients[first % 2].pk)
        booking.correct_patient(patient=patient, changes=Changes({"phone": NUMBERS[second % 3]}), by=make.TEST)

    def _rename(self, first: int, second: int) -> None:
        Doctor.objects.update(last_name=NAMES[second % 2])

    def _tell(self, first: int, second: int) -> None:
        booking.mark_informed(appointment=self._visit(first).pk, by=make.TEST)

    def _again(self, first: int, second: int) -> None:
        booking.send_again(appointment=self._visit(first).pk, by=make.TEST)

    def provider(self, outgoing) -> Receipt:
        """Looks at each message at the moment it leaves, and takes it unless the provider is away."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if not Phone.away:
            self.untrue += untrue(outgoing)
        if meanwhile:
            meanwhile()
        if Phone.away:
            raise GatewayError("503")
        return Receipt(provider_id="", accepted_at=timezone.now())


def untrue(outgoing) -> list[str]:
    """Returns what leaves and is not so: of another time, state, name or number than the visit has at this moment."""
    message = Message.objects.get(pk=outgoing.id)
    visit = Appointment.objects.select_related("patient", "representation", "doctor", "room__location").get(
        pk=message.about
    )
    doctor, place = visit.doctor.full_name, visit.room.location
    if message.template == "cancelled":
        so = visit.status == "cancelled"
        where = {"address": place.told_address, "zone": place.timezone}
        facts = texts.Cancelled(starts_at=visit.starts_at, doctor=doctor, **where)
    else:
        so = visit.status == "booked" and visit.starts_at > timezone.now()
        kind = texts.Moved if message.template == "moved" else texts.Booked
        where = {"address": place.told_address, "zone": place.timezone, "link": links.url_of(visit)}
        facts = kind(starts_at=visit.starts_at, doctor=doctor, **where)
    with translation.override("ru"):
        so = so and outgoing.text == facts.text() and outgoing.address == number_of(visit.patient, visit.representation)
    return [] if so else [outgoing.text]


def who_is_untold() -> set[object]:
    """Returns the visits of which the newest word has not arrived and is of use, and nobody has told it."""
    found: set[object] = set()
    now = timezone.now()
    for visit in Appointment.objects.filter(status__in=["booked", "cancelled"]):
        newest = Message.objects.filter(about=visit.pk).order_by("created_at", "pk").last()
        until = visit.ends_at if visit.status == "cancelled" else visit.starts_at
        failing = newest.failing_since
        late = failing is not None and (failing <= now - LATE or until <= now + SOON)
        waits = newest.state == "failed" or (newest.state in ("queued", "sending") and late)
        if waits and until > now and newest.told_at is None:
            found.add(visit.pk)
    return found


def open_tasks() -> set[object]:
    return set(Task.objects.filter(kind=TaskKind.UNTOLD, state="open").values_list("subject", flat=True))


@contextmanager
def life(monkeypatch) -> Iterator[Life]:
    """Gives a life of its own to each example, and takes it back."""
    with transaction.atomic(), time_machine.travel(MORNING, tick=False) as clock, monkeypatch.context() as patched:
        lived = Life(clock)
        patched.setattr(Phone, "send", lambda _self, outgoing: lived.provider(outgoing))
        yield lived
        transaction.set_rollback(True)


@pytest.fixture
def live(phone, monkeypatch):
    def live(steps: list[Step]) -> Life:
        with life(monkeypatch) as lived:
            lived.do(steps)
        return lived

    return live


def test_t95_nothing_untrue_leaves_and_whoever_is_not_told_is_a_task(live):
    @few(20)
    @given(steps=STEPS)
    def holds(steps: list[Step]) -> None:
        lived = live(steps)
        assert (lived.untrue, lived.untold) == ([], [])

    holds()


def test_t95_control_without_the_judge_something_untrue_leaves(live, settings):
    settings.MESSAGE_JUDGES = {}
    lived = live([("book", 0, 0), ("rename", 0, 1)])
    assert len(lived.untrue) == 1


def test_t95_control_without_the_replacement_and_the_judge_so_do_old_times(live, settings, monkeypatch):
    settings.MESSAGE_JUDGES = {}
    monkeypatch.setattr(outbox, "withdraw", lambda *, about: None)
    lived = live([("book", 0, 0), ("move", 0, 1), ("cancel", 0, 0)])
    assert sorted(text.split(" ")[0] for text in lived.untrue) == ["Запись", "Перенос:"]


def test_t95_control_without_the_sweep_somebody_is_not_told(live, monkeypatch):
    monkeypatch.setattr(booking, "renew_untold", lambda: 0)
    assert live([("book", 0, 1)]).untold


def test_t95_slots_are_there(live):
    """The examples are about something: visits are booked and messages leave."""
    with_slots = live([("back", 0, 0), ("book", 0, 0)])
    assert (with_slots.untrue, Slot.objects.count()) == ([], 0)
