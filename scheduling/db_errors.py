"""Translates database errors of a lost race into the one sentence a person can act on."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors

from foundation.errors import DomainError
from scheduling.errors import (
    AlreadyInUse,
    DoctorBusy,
    IdempotencyConflict,
    NoEarlierVisit,
    PatientBusy,
    RoomBusy,
    SlotTaken,
    TryAgain,
)

P = ParamSpec("P")
R = TypeVar("R")

ATTEMPTS = 5
_CONSTRAINT_ERRORS: dict[str, type[DomainError]] = {
    "room_name_unique": AlreadyInUse,
    "scheduling_doctor_user_id_key": AlreadyInUse,
    "appointment_doctor_once": DoctorBusy,
    "appointment_room_once": RoomBusy,
    "appointment_patient_once": PatientBusy,
    "appointment_request_once": IdempotencyConflict,
    "appointment_follows_earlier_visit": NoEarlierVisit,
    "slot_doctor_of_appointment": SlotTaken,
    "slot_booked_not_held": SlotTaken,
}
_PASSING = (errors.DeadlockDetected, errors.SerializationFailure)
_inside = ContextVar("inside another guarded action", default=False)


def translate_db_errors(action: Callable[P, R]) -> Callable[P, R]:
    """Retries a deadlock, and translates a database error into the domain error of the violated constraint.

    A lock that does not come is TryAgain. Inside another transaction nothing can be tried again: an action called by
    another leaves that to the outer one.
    """

    @wraps(action)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if _inside.get():
            return _named(action, *args, **kwargs)
        outer = _inside.set(True)
        try:
            return _again(action, *args, **kwargs)
        finally:
            _inside.reset(outer)

    return guarded


def _again(action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    attempts = 1 if transaction.get_connection().in_atomic_block else ATTEMPTS
    for attempt in range(1, attempts + 1):
        try:
            return _named(action, *args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.__cause__, _PASSING) or attempt == attempts:
                raise _operational(error) from error
    raise AssertionError("unreachable")


def _named(action: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return action(*args, **kwargs)
    except IntegrityError as error:
        raise _integrity(error) from error


def _operational(error: OperationalError) -> Exception:
    busy = (errors.LockNotAvailable, *_PASSING)
    return TryAgain() if isinstance(error.__cause__, busy) else error


def _integrity(error: IntegrityError) -> Exception:
    diagnosis = getattr(error.__cause__, "diag", None)
    named = _CONSTRAINT_ERRORS.get(getattr(diagnosis, "constraint_name", None) or "")
    return named() if named else error
