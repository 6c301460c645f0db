"""T04: whatever is done in whatever order, no invariant of the clinic breaks."""

from datetime import timedelta

import pytest
import time_machine
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import booking
from tests.any_order.invariants import INVARIANTS
from tests.any_order.machine import DEEDS, Broken, clinic_of
from tests.any_order.planted import FAULTS
from tests.any_order.world import MORNING, made
from tests.examples import programs

pytestmark = pytest.mark.django_db
OUTSIDE = {
    "finish_missed_call",
    "open_recording",
    "report_call",
    "settle_missed_calls",
    "add_patient",
    "add_person",
    "add_reference",
    "answer_freed_time",
    "ask_new_password",
    "block_person",
    "change_organization",
    "change_person",
    "change_reference",
    "correct_patient",
    "correct_representative",
    "describe_emergency",
    "end_representation",
    "expiring_not_reached",
    "export_audit",
    "link_emergency",
    "link_representative",
    "make_first_head",
    "make_head",
    "mark_emergency_mistaken",
    "merge_patients",
    "name_representative",
    "open_emergency",
    "prove_phone",
    "recheck_doctor",
    "recheck_service",
    "record_unmet",
    "renew_untold",
    "reopen_emergency",
    "represent",
    "reset_password",
    "take_call_over",
    "take_second_step_away",
    "send_again",
    "send_code",
    "set_reminders",
    "set_urgency",
    "pause_entry",
    "end_pause",
    "take_emergency",
    "tell",
    "unblock_person",
    "undo_merge",
    "visitor_not_reached",
    "wait_on",
}
"""Verbs that touch no time: people of the register, what is known of doctors, emergencies, messages, calls, logins."""


@pytest.fixture
def world(settings):
    settings.UNDO_SECONDS = 10
    with time_machine.travel(MORNING - timedelta(minutes=5)):
        return made()


def test_t04_no_invariant_breaks_in_any_order(world):
    any_order = clinic_of(DEEDS)
    run_state_machine_as_test(lambda: any_order(world), settings=programs())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.plant.__name__)
def test_a_planted_fault_is_found(world, fault, monkeypatch):
    """The negative control: with any one of these faults the machine goes red, and says what is wrong."""
    fault.plant(monkeypatch)
    machine = clinic_of(fault.deeds)
    with pytest.raises(Broken) as broken:
        run_state_machine_as_test(lambda: machine(world), settings=settings(programs(), phases=[Phase.generate]))
    assert broken.value.name == fault.noticed_by


def test_each_invariant_has_a_fault_of_its_own():
    assert {fault.noticed_by for fault in FAULTS} == {asked.__name__ for asked in INVARIANTS} | {"history"}


def test_every_verb_is_among_the_deeds():
    assert sorted(DEEDS.keys() & set(booking.__all__) | OUTSIDE) == booking.__all__
    assert DEEDS.keys() - set(booking.__all__) == {"match", "lapse"}
