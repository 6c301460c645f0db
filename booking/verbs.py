"""`@verb(Kind.MAKE)` makes a function a use case: one press of one button, one transaction."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast

from foundation.database import writes
from foundation.drafts import attempts
from foundation.idempotency.once import once
from scheduling.db_errors import translate_db_errors

P = ParamSpec("P")
R = TypeVar("R")


class Kind(StrEnum):
    """The effect of a verb on visits, by which the gate chooses its checks."""

    MAKE = "make"
    """The verb makes a visit or puts it elsewhere; it is refused where the rules do not allow that."""
    CORRECT = "correct"
    """The verb puts something right; it is always allowed."""
    END = "end"
    """The verb ends a visit or a wish; the gate never refuses it."""
    RECEIVE = "receive"
    """The verb receives the patient on the day."""
    BESIDE = "beside"
    """The verb does not change who comes when (a hold, a code, a wish, a call); the gate is not called."""


KINDS: dict[str, Kind] = {}
"""The kind of each verb by its module and name."""
_running: ContextVar[Kind | None] = ContextVar("kind of the running verb", default=None)


@dataclass(frozen=True, slots=True)
class _Kept:
    refusal: Exception


def verb(kind: Kind, *, keeps: tuple[type[Exception], ...] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function a use case of this kind, in one transaction and with the database's refusals as domain errors.

    A refusal rolls everything back, except the errors in `keeps`: what was written before them stays. The same form
    sent again gets what the first press has made, where the door says that it counts once. While a kept form is looked
    at (`foundation.drafts`), no verb does anything.
    """

    def decorate(use_case: Callable[P, R]) -> Callable[P, R]:
        name = f"{use_case.__module__}.{use_case.__qualname__}"

        @translate_db_errors
        @writes.atomic
        def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> R | _Kept:
            try:
                return once(name, partial(use_case, *args, **kwargs))
            except keeps as refusal:
                return _Kept(refusal)

        @wraps(use_case)
        def done(*args: P.args, **kwargs: P.kwargs) -> R:
            if _running.get():
                raise RuntimeError(f"{use_case.__name__} is a verb: it is not called by another one")
            if attempts.is_look():
                return cast(R, attempts.look(name))
            return attempts.noted(name, partial(_result, kind, partial(in_one_transaction, *args, **kwargs)))

        KINDS[name] = kind
        return done

    return decorate


def _result(kind: Kind, use_case: Callable[[], R | _Kept]) -> R:
    token = _running.set(kind)
    try:
        made = use_case()
    finally:
        _running.reset(token)
    if isinstance(made, _Kept):
        raise made.refusal
    return made


def running_kind() -> Kind:
    """Returns the kind of the running verb. Raises LookupError outside of a verb."""
    if kind := _running.get():
        return kind
    raise LookupError("no verb is at work")
