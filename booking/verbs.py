"""`@verb(Kind.MAKE)`: one press of one button is one use case in one transaction."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from foundation.database import writes
from scheduling.db_errors import translate_db_errors

P = ParamSpec("P")
R = TypeVar("R")


class Kind(StrEnum):
    """What a verb does to visits, which is what the gate goes by."""

    MAKE = "make"
    """Makes a visit or puts it elsewhere: refused where the rules do not allow it."""
    CORRECT = "correct"
    """Puts something right: always done."""
    END = "end"
    """Ends a visit or a wish: never refused by the gate."""
    RECEIVE = "receive"
    """Receives the patient on the day."""
    BESIDE = "beside"
    """Leaves open who comes when: a time is held, a code sent, a wish noted, a number rung. Nothing is asked."""


KINDS: dict[str, Kind] = {}
"""Of every verb there is, by its module and name."""
_running: ContextVar[Kind | None] = ContextVar("kind of the running verb", default=None)


@dataclass(frozen=True, slots=True)
class _Kept:
    refusal: Exception


def verb(kind: Kind, *, keeps: tuple[type[Exception], ...] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Gives a use case its kind and its one transaction. What the database refuses becomes an error with a sentence.

    A refusal leaves nothing behind, but for those it `keeps`: with them what was written until then stays.
    """

    def decorate(use_case: Callable[P, R]) -> Callable[P, R]:
        @translate_db_errors
        @writes.atomic
        def in_one_transaction(*args: P.args, **kwargs: P.kwargs) -> R | _Kept:
            try:
                return use_case(*args, **kwargs)
            except keeps as refusal:
                return _Kept(refusal)

        @wraps(use_case)
        def done(*args: P.args, **kwargs: P.kwargs) -> R:
            if _running.get():
                raise RuntimeError(f"{use_case.__name__} is a verb: it is not called by another one")
            token = _running.set(kind)
            try:
                made = in_one_transaction(*args, **kwargs)
            finally:
                _running.reset(token)
            if isinstance(made, _Kept):
                raise made.refusal
            return made

        KINDS[f"{use_case.__module__}.{use_case.__qualname__}"] = kind
        return done

    return decorate


def running_kind() -> Kind:
    """Of the verb that is at work. Outside of one nobody asks the gate: LookupError."""
    if kind := _running.get():
        return kind
    raise LookupError("no verb is at work")
