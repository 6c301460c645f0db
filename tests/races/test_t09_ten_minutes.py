"""T09: twenty operators phone for ten minutes (`--long`), each on their own; otherwise for two."""

import random
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from uuid import uuid4

import pytest
import time_machine

import booking
from foundation.accounts.choices import Role
from foundation.changes import as_text
from foundation.errors import DomainError
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from tests.races.harness import dropped, overlaps, run_at_once
from waitlist import matching
from waitlist.actions import offers
from waitlist.choices import CallOutcome, OfferState
from waitlist.models import CallAttempt, SlotOffer
from worklist.actions import claims
from worklist.models import Claim

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

OPERATORS = 20
STEP = 10
"""Seconds between two moments at which everybody does something at once."""
SHORT, LONG = 12, 60
FAMILIES, MEMBERS = 20, 3
"""People who wait for one specialty each and have one number."""
ALONE = 40
OUTCOMES = [
    CallOutcome.NO_ANSWER,
    CallOutcome.NO_ANSWER,
    CallOutcome.BUSY,
    CallOutcome.DECLINED_SLOT,
    CallOutcome.DECLINED_ALL,
    CallOutcome.WRONG_NUMBER,
]


@dataclass(eq=False)
class Operator:
    """Somebody who presses «Следующий», talks for a while, and tells how it ended."""

    by: object
    chance: random.Random
    offer: SlotOffer | None = None
    number: str = ""
    until: int = 0
    gone: bool = False
    """Their browser has died in this call; what they have typed comes later all the same."""
    told: list[str] = field(default_factory=list)
    said_yes: list[object] = field(default_factory=list)
    talked: list[tuple[int, int, str]] = field(default_factory=list)
    """From, until, number."""
    lost: list[str] = field(default_factory=list)

    def step(self, at: int) -> None:
        if self.offer is None:
            self._next(at)
        elif at >= self.until:
            self._end(at)
        elif not self.gone and not phoning.keep_alive(offer=self.offer.pk, by=self.by):
            self.lost.append(f"the claim of {self.number}")

    def _next(self, at: int) -> None:
        self.offer = phoning.claim_next(by=self.by)
        if self.offer:
            self.number = as_text(self.offer.task.claim_key)
            self.gone = self.chance.random() < 0.05
            self.until = at + (40 if self.gone else self.chance.randint(1, 15))
            self.began = at

    def _end(self, at: int) -> None:
        if not self.gone:
            self.talked.append((self.began, at, self.number))
        if self.gone or not self._yes():
            self._tell()
        self.offer = None

    def _yes(self) -> bool:
        if self.chance.random() > 0.3:
            return False
        try:
            self.said_yes.append(booking.from_offer(offer=self.offer.pk, by=self.by).pk)
        except DomainError:  # the whole family was offered one doctor's day
            return False
        return True

    def _tell(self) -> None:
        note = uuid4().hex
        booking.finish_call(offer=self.offer.pk, outcome=self.chance.choice(OUTCOMES), by=self.by, note=note)
        self.told.append(note)


@pytest.fixture
def people():
    """Everybody waits for one of three specialties, and enough times of each were given back."""
    specialties = [make.specialty() for _ in range(MEMBERS)]
    for _ in range(FAMILIES):
        phone = as_text(make.patient().phone)
        for specialty in specialties:
            make.entry(specialty, who=make.patient(phone=phone))
    for number in range(ALONE):
        make.entry(specialties[number % MEMBERS])
    for specialty in specialties:
        doctors = [make.doctor(make.service(specialty)) for _ in range(5)]
        freed = [slot for doctor in doctors for slot in make.slots_of(make.shift(doctor, days=3, slots=10))]
        slots.announce(freed, reason=ReleaseReason.CANCELLED)


def phone(steps: int) -> list[Operator]:
    """Lets everybody phone for so many steps, and ends their calls then."""
    operators = [Operator(make.actor(Role.OPERATOR), random.Random(seed)) for seed in range(OPERATORS)]
    with time_machine.travel(make.moment(0, "12:00"), tick=False) as clock:
        for at in range(steps):
            run_at_once([*(partial(each.step, at) for each in operators), sweep])
            clock.shift(STEP)
        for each in operators:
            each.until = 0
        run_at_once([partial(each.step, steps) for each in operators if each.offer])
    return operators


def sweep() -> None:
    offers.return_lapsed()
    matching.match_freed()


def phoned_by_two(operators: list[Operator]) -> list[str]:
    """Returns the numbers at which two have talked at the same time; a dead browser talks with nobody."""
    calls = sorted((number, *when) for each in operators for *when, number in each.talked)
    return [one[0] for one, other in pairwise(calls) if one[0] == other[0] and other[1] < one[2]]


def test_t09_nobody_is_phoned_by_two_and_no_claim_or_outcome_is_lost(people, request):
    operators = phone(LONG if request.config.getoption("--long") else SHORT)
    assert phoned_by_two(operators) == []
    assert [lost for each in operators for lost in each.lost] == []
    told = sorted(note for each in operators for note in each.told)
    assert sorted(CallAttempt.objects.exclude(note="").values_list("note", flat=True)) == told
    booked = sorted(visit for each in operators for visit in each.said_yes)
    assert sorted(Appointment.objects.values_list("pk", flat=True)) == booked
    assert CallAttempt.objects.filter(outcome=CallOutcome.BOOKED).count() == len(booked)
    assert len(told) + len(booked) > OPERATORS
    assert overlaps() == {"doctor": 0, "room": 0, "patient": 0}
    assert not SlotOffer.objects.filter(state=OfferState.OPEN, task__state="done").exists()


def test_control_without_lock_and_constraint_numbers_are_phoned_by_two(people, monkeypatch):
    monkeypatch.setattr(claims, "try_advisory_lock", lambda key: True)
    with dropped(Claim, "claim_one_per_number", heal=Claim.objects.all().delete):
        assert phoned_by_two(phone(SHORT))
