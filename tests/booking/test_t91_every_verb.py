"""T91: every verb that makes a visit, with every rule broken that a new visit has to keep."""

import pytest
from django.db import transaction

import booking
from booking import gate, verbs
from booking.gate import CHECKS
from booking.verbs import Kind, verb
from foundation.errors import DomainError
from patients.models import RegistryEntry
from scheduling.models import Appointment
from tests.booking.t91.kinds import verbs_of
from tests.booking.t91.making import EXCUSED, WAYS, WITHOUT_ENTRY, Excuse
from tests.booking.t91.rules import RULES
from tests.booking.t91.world import World

pytestmark = pytest.mark.django_db


def answer(way: str, broken: str | None) -> type[Exception] | None:
    """Returns the refusal of this verb when that rule is broken; None when the visit is made."""
    rule = RULES[broken or "papers"]
    world = World(rule.comes, follows=rule.follows)
    make_visit = WAYS[way](world)
    if broken:
        rule.broken_by(world)
    before = Appointment.objects.count()
    try:
        with transaction.atomic():
            visit = make_visit()
    except DomainError as refusal:
        assert Appointment.objects.count() == before
        return type(refusal)
    assert (visit.starts_at, visit.patient, visit.status) == (world.slot.starts_at, world.patient, "booked")
    return None


def right_answer(way: str, broken: str) -> type[Exception] | None:
    excuse = EXCUSED.get((way, broken))
    return excuse.error if excuse else RULES[broken].error


POSSIBLE = [(way, rule) for way in WAYS for rule in RULES if EXCUSED.get((way, rule), Excuse("")).possible]


def test_every_verb_that_makes_a_visit_is_here():
    assert verbs_of(Kind.MAKE) == sorted(WAYS)
    assert {way for way, _rule in EXCUSED} <= set(WAYS)
    assert {rule for _way, rule in EXCUSED} <= set(RULES)


@pytest.mark.parametrize("way", WAYS)
def test_what_keeps_every_rule_is_made(way):
    assert answer(way, None) is None


@pytest.mark.parametrize("way", WAYS)
def test_r8_what_the_registry_books_has_its_entry(way):
    world = World()
    make_visit = WAYS[way](world)
    before = RegistryEntry.objects.count()
    make_visit()
    assert RegistryEntry.objects.count() - before == (way not in WITHOUT_ENTRY)


@pytest.mark.parametrize(("way", "rule"), POSSIBLE)
def test_making_is_refused_exactly_as_a_new_booking_at_the_desk(way, rule):
    assert answer(way, rule) == right_answer(way, rule)


NOTICED_BY = {
    gate.channel_allows: ("overbook", "channel"),
    gate.doctor_gives_service: ("at_desk", "doctor's services"),
    gate.doctor_sees_the_age: ("move", "age on the day"),
    gate.earlier_visit_is_completed: ("by_doctor", "earlier visit"),
    gate.patient_is_free: ("overbook", "overlap"),
    gate.old_enough_for_the_site: ("on_site", "child alone"),
    gate.somebody_may_act: ("move", "child alone"),
    gate.papers_were_shown: ("move", "power of attorney"),
}
"""The place where the walk notices that a check is gone."""


def test_every_check_is_noticed_somewhere():
    assert list(NOTICED_BY) == list(CHECKS[Kind.MAKE])


@pytest.mark.parametrize("check", NOTICED_BY, ids=lambda check: check.__name__)
def test_control_a_check_taken_out_of_the_gate_is_noticed(check, monkeypatch):
    way, rule = NOTICED_BY[check]
    monkeypatch.setitem(CHECKS, Kind.MAKE, tuple(each for each in CHECKS[Kind.MAKE] if each is not check))
    try:
        got = answer(way, rule)
    except Exception:  # what comes behind the gate stumbles over what it let through
        return
    assert got != right_answer(way, rule)


def test_control_a_verb_that_nobody_calls_here_is_noticed(monkeypatch):
    monkeypatch.setattr(verbs, "KINDS", dict(verbs.KINDS))

    @verb(Kind.MAKE)
    def give_away(): ...

    verbs.KINDS["booking.planted.give_away"] = Kind.MAKE
    assert verbs_of(Kind.MAKE) != sorted(WAYS)


def test_every_verb_is_exported_by_its_kind():
    assert sorted(name for kind in Kind for name in verbs_of(kind)) == booking.__all__
