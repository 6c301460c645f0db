"""Database errors of a lost race become one sentence; a passing one is tried again."""

import pytest
from django.db import IntegrityError, OperationalError
from psycopg import errors

from scheduling import db_errors
from scheduling.db_errors import ATTEMPTS, translate_db_errors
from scheduling.errors import (
    DoctorBusy,
    IdempotencyConflict,
    NoEarlierVisit,
    PatientBusy,
    RoomBusy,
    SlotTaken,
    TryAgain,
)


class Diagnosis:
    def __init__(self, constraint_name):
        self.constraint_name = constraint_name


class Violated(Exception):
    def __init__(self, constraint_name):
        self.diag = Diagnosis(constraint_name)


def caused(error, cause):
    error.__cause__ = cause
    return error


@pytest.fixture
def outside(monkeypatch):
    """As on a page: no transaction is open. No database is asked here."""

    class Connection:
        in_atomic_block = False

    monkeypatch.setattr(db_errors.transaction, "get_connection", Connection)
    return Connection


def failing(*failures):
    """Fails so, one after the other, then succeeds. Counts its calls."""
    left, calls = list(failures), []

    @translate_db_errors
    def action(word, *, number):
        calls.append((word, number))
        if left:
            raise left.pop(0)
        return word * number

    return action, calls


@pytest.mark.parametrize(
    ("constraint", "error"),
    [
        ("appointment_doctor_once", DoctorBusy),
        ("appointment_room_once", RoomBusy),
        ("appointment_patient_once", PatientBusy),
        ("appointment_request_once", IdempotencyConflict),
        ("appointment_follows_earlier_visit", NoEarlierVisit),
        ("slot_doctor_of_appointment", SlotTaken),
        ("slot_booked_not_held", SlotTaken),
    ],
)
def test_a_constraint_has_its_sentence(outside, constraint, error):
    action, calls = failing(caused(IntegrityError(), Violated(constraint)))
    with pytest.raises(error) as refused:
        action("a", number=2)
    assert (type(refused.value), type(refused.value.__cause__), len(calls)) == (error, IntegrityError, 1)


@pytest.mark.parametrize("cause", [Violated("patient_named"), Violated(None), Exception("no diagnosis"), None])
def test_any_other_violation_is_a_fault_of_ours(outside, cause):
    action, calls = failing(caused(IntegrityError("the row"), cause))
    with pytest.raises(IntegrityError, match="the row"):
        action("a", number=2)
    assert len(calls) == 1


@pytest.mark.parametrize("passing", [errors.DeadlockDetected, errors.SerializationFailure])
def test_what_passes_is_tried_again(outside, passing):
    action, calls = failing(*(caused(OperationalError(), passing()) for _ in range(ATTEMPTS - 1)))
    assert action("a", number=2) == "aa"
    assert calls == [("a", 2)] * ATTEMPTS


@pytest.mark.parametrize("passing", [errors.DeadlockDetected, errors.SerializationFailure])
def test_what_does_not_pass_is_told_in_the_end(outside, passing):
    action, calls = failing(*(caused(OperationalError(), passing()) for _ in range(ATTEMPTS)))
    with pytest.raises(TryAgain):
        action("a", number=2)
    assert len(calls) == ATTEMPTS


def test_a_lock_that_does_not_come_is_told_at_once(outside):
    action, calls = failing(caused(OperationalError(), errors.LockNotAvailable()))
    with pytest.raises(TryAgain):
        action("a", number=2)
    assert len(calls) == 1


def test_inside_another_transaction_nothing_is_tried_again(outside):
    outside.in_atomic_block = True
    action, calls = failing(caused(OperationalError(), errors.DeadlockDetected()))
    with pytest.raises(TryAgain):
        action("a", number=2)
    assert len(calls) == 1


@pytest.mark.parametrize("cause", [errors.QueryCanceled(), None])
def test_a_server_that_is_away_is_a_fault(outside, cause):
    action, calls = failing(caused(OperationalError("gone"), cause))
    with pytest.raises(OperationalError, match="gone"):
        action("a", number=2)
    assert len(calls) == 1


def test_an_action_called_by_another_leaves_the_trying_to_the_outer_one(outside):
    inner, inner_calls = failing(caused(OperationalError(), errors.DeadlockDetected()))
    outer_calls = []

    @translate_db_errors
    def outer():
        outer_calls.append(1)
        return inner("a", number=3)

    assert outer() == "aaa"
    assert (len(outer_calls), len(inner_calls)) == (2, 2)


def test_an_action_called_by_another_names_what_it_violates(outside):
    inner, _calls = failing(caused(IntegrityError(), Violated("appointment_room_once")))

    @translate_db_errors
    def outer():
        with pytest.raises(RoomBusy):
            inner("a", number=1)
        return "told"

    assert outer() == "told"


def test_after_a_failure_the_next_action_is_an_outer_one_again(outside):
    first, _calls = failing(caused(OperationalError(), errors.LockNotAvailable()))
    with pytest.raises(TryAgain):
        first("a", number=1)
    second, calls = failing(caused(OperationalError(), errors.DeadlockDetected()))
    assert (second("a", number=1), len(calls)) == ("a", 2)
