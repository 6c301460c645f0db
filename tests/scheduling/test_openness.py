"""T90: a time inside an absence is never free, held or offered, whatever is done and in whatever order.

Random deeds of all who change times, held against a slow reference that asks every absence about every slot.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import booking
from foundation.accounts.choices import Role
from foundation.errors import DomainError
from scheduling.actions import openness, slots
from scheduling.choices import AbsenceKind, CancelReason, HoldReason
from scheduling.models import Absence, Appointment, Doctor, Service, Slot, SlotRelease
from scheduling.queries import availability
from tests import factories as make
from tests import phoning
from tests.examples import few, is_noticed
from waitlist import matching
from waitlist.choices import OfferState
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db

DAYS, SLOTS = (2, 3), 4
Deed = tuple[str, int, int]
NUMBERS = st.integers(0, 11)
DEEDS = st.tuples(
    st.sampled_from(
        [
            *("away", "away", "away", "back", "back"),
            *("book", "book", "move", "cancel", "in error", "hold", "lapse"),
            *("close", "open", "publish", "match", "accept"),
        ]
    ),
    NUMBERS,
    NUMBERS,
)
PLANS = st.lists(DEEDS, min_size=1, max_size=9)


@dataclass
class World:
    service: Service
    doctors: list[Doctor]
    operator: object
    published: int = 0
    holders: list[str] = field(default_factory=list)

    def slot(self, number: int) -> Slot:
        return Slot.objects.order_by("starts_at", "pk")[number % Slot.objects.count()]

    def visit(self, number: int) -> Appointment | None:
        booked = Appointment.objects.filter(status="booked").order_by("pk")
        return booked[number % len(booked)] if booked else None


@pytest.fixture(autouse=True)
def noon():
    """Operators phone at this hour."""
    with time_machine.travel(make.moment(1, "12:00")):
        yield


@pytest.fixture
def world():
    service = make.service()
    doctors = [make.doctor(service) for _ in range(2)]
    for doctor in doctors:
        for days in DAYS:
            make.shift(doctor, days=days, slots=SLOTS)
    for _ in range(3):
        make.entry(service.specialty)
    return World(service=service, doctors=doctors, operator=make.actor(Role.OPERATOR))


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def away(world: World, first: int, second: int) -> None:
    """Of one doctor, of a room, of the location or of everybody; from half an hour to a whole day."""
    doctor = world.doctors[first % 2]
    whose = [{"doctor": doctor}, {"doctor": doctor}, {"room": doctor.room}, {"location": doctor.room.location}, {}]
    starts_at = make.moment(DAYS[second % 2], "09:00") + timedelta(minutes=15 * second)
    span = timedelta(minutes=[15, 30, 60, 24 * 60][first % 4])
    columns = {"doctor": None} | whose[second % 5]
    make.absence(columns.pop("doctor"), starts_at, starts_at + span, **columns)


def back(world: World, first: int, second: int) -> None:
    absences = Absence.objects.exclude(kind=AbsenceKind.BY_HAND).order_by("pk")
    if absences:
        booking.remove_absence(absence=absences[first % len(absences)], by=make.TEST)


def book(world: World, first: int, second: int) -> None:
    make.appointment(world.slot(first), service=world.service)


def move(world: World, first: int, second: int) -> None:
    if visit := world.visit(first):
        booking.move(appointment=visit.pk, to_slot=world.slot(second).pk, by=make.TEST)


def cancel(world: World, first: int, second: int) -> None:
    if visit := world.visit(first):
        booking.cancel(appointment=visit.pk, reason=CancelReason.DOCTOR_AWAY, by=make.TEST)


def in_error(world: World, first: int, second: int) -> None:
    if visit := world.visit(first):
        booking.enter_in_error(appointment=visit.pk, note="не тот", by=make.TEST)


def hold(world: World, first: int, second: int) -> None:
    slots.hold(start=world.slot(first).pk, service=world.service, reason=HoldReason.DESK, by=make.actor())


def lapse(world: World, first: int, second: int) -> None:
    Slot.objects.filter(hold_token__isnull=False, hold_reason=HoldReason.DESK).update(held_until=timezone.now())
    slots.release_lapsed()


def close(world: World, first: int, second: int) -> None:
    make.close(world.slot(first))


def open_again(world: World, first: int, second: int) -> None:
    booking.unblock(slots=[world.slot(first).pk], by=make.TEST)


def publish(world: World, first: int, second: int) -> None:
    """Another shift of a day on which somebody may be away already."""
    doctor = world.doctors[first % 2]
    starts = f"{12 + world.published}:00"
    world.published += 1
    shift = make.shift(doctor, days=DAYS[second % 2], starts=starts, slots=2)
    openness.close_shifts([shift])


def match(world: World, first: int, second: int) -> None:
    slots.announce(list(Slot.objects.free(timezone.now())[:3]), reason="published")
    matching.match_freed()


def accept(world: World, first: int, second: int) -> None:
    if offer := phoning.claim_next(by=world.operator):
        booking.from_offer(offer=offer.pk, by=world.operator)


DO: dict[str, Callable[[World, int, int], None]] = {
    "away": away,
    "back": back,
    "book": book,
    "move": move,
    "cancel": cancel,
    "in error": in_error,
    "hold": hold,
    "lapse": lapse,
    "close": close,
    "open": open_again,
    "publish": publish,
    "match": match,
    "accept": accept,
}


def done(world: World, deed: Deed) -> None:
    """What is refused is not done."""
    name, first, second = deed
    with suppress(DomainError), transaction.atomic():
        DO[name](world, first, second)


def is_touched(slot: Slot, absences: list[Absence]) -> bool:
    """The slow reference: every absence is asked."""
    room = slot.shift.room
    return any(
        absence.starts_at < slot.ends_at
        and slot.starts_at < absence.ends_at
        and absence.doctor_id in (None, slot.doctor_id)
        and absence.room_id in (None, room.pk)
        and absence.location_id in (None, room.location_id)
        for absence in absences
    )


def broken(world: World, since: datetime) -> list[str]:
    """What is wrong now, in words."""
    there = list(Slot.objects.select_related("shift__room").order_by("starts_at", "pk"))
    absences = list(Absence.objects.all())
    touched = {slot.pk for slot in there if is_touched(slot, absences)}
    free = {slot.pk for slot in there if slot.pk not in touched and not slot.appointment_id}
    free -= {slot.pk for slot in there if slot.held_against(None, timezone.now())}
    shown = {slot.pk for slot in availability.nearest(service=world.service, limit=100)}
    offered = SlotOffer.objects.filter(state=OfferState.OPEN, slot__in=touched)
    announced = SlotRelease.objects.filter(at__gte=since, slot__in=touched)
    wrong = {
        "closed is what is touched": {slot.pk for slot in there if slot.absence_id} != touched,
        "what is shown is what is free": shown != free,
        "nothing touched is held": any(slot.hold_token for slot in there if slot.pk in touched),
        "nothing touched is offered": offered.exists(),
        "nothing touched is announced": announced.exists(),
    }
    return [what for what, is_wrong in wrong.items() if is_wrong]


def test_t90_a_time_inside_an_absence_is_never_to_be_had(world):
    @few(300)
    @given(PLANS)
    def holds(plan):
        with undone():
            world.published = 0
            for number, deed in enumerate(plan):
                since = timezone.now()
                done(world, deed)
                assert broken(world, since) == [], plan[: number + 1]

    holds()


def forget_the_absence(monkeypatch):
    """What a release without the question would do: the time is free whoever is away."""
    release = slots.release

    def careless(run, *, reason):
        release(run, reason=reason)
        Slot.objects.filter(pk__in=[slot.pk for slot in run]).update(absence=None)

    monkeypatch.setattr(slots, "release", careless)


def forget_the_others(monkeypatch):
    """What taking back by the text of a reason did: everything of the day is open."""

    def careless(absence):
        Slot.objects.filter(absence=absence).update(absence=None)
        return 0

    monkeypatch.setattr(openness, "open_again", careless)


def forget_what_is_booked(monkeypatch):
    """What closing only the free times did: a booked time is open again as soon as it is left."""
    close_all = openness._close

    def careless(touched):
        closed = close_all(touched)
        Slot.objects.filter(pk__in=[slot.pk for slot in closed.slots], appointment__isnull=False).update(absence=None)
        return closed

    monkeypatch.setattr(openness, "_close", careless)


@pytest.mark.parametrize("forget", [forget_the_absence, forget_the_others, forget_what_is_booked])
def test_a_road_around_it_is_noticed(world, forget, monkeypatch):
    """The negative control: as the product was, each of these is found."""
    forget(monkeypatch)

    def goes_wrong(plan):
        with undone():
            world.published = 0
            since = timezone.now()
            for deed in plan:
                done(world, deed)
            return "closed is what is touched" in broken(world, since)

    assert is_noticed(PLANS, goes_wrong)
