"""A request asks verbs, or it looks at a form that was kept, and then no verb does anything."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from foundation.drafts.errors import NotSent
from foundation.errors import DomainError

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Refusal:
    """The verb of this name has refused the form, after those in `passed` had done their work."""

    verb: str
    error: DomainError
    passed: Mapping[str, object] = field(default_factory=dict)
    """Their results by their names."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent, to be looked at; without a `refusal` it has been shown to no verb, or needed none."""

    path: str
    sent: dict[str, list[str]]
    refusal: Refusal | None = None
    unsent: bool = False
    """The request had no good token or no session, so nothing was asked of anybody."""


@dataclass(slots=True)
class Attempt:
    looks_at: Kept | None = None
    refusal: Refusal | None = field(default=None, init=False)
    """The last answer of a verb; None when it was done."""
    passed: dict[str, object] = field(default_factory=dict, init=False)
    """The results of verbs that have done their work."""

    @property
    def shows_result(self) -> bool:
        return bool(self.passed) and self.refusal is None


_current: ContextVar[Attempt | None] = ContextVar("what this request does", default=None)


def current() -> Attempt | None:
    """Returns the attempt of the request at work; None outside of requests."""
    return _current.get()


@contextmanager
def attempt() -> Iterator[Attempt]:
    token = _current.set(made := Attempt())
    try:
        yield made
    finally:
        _current.reset(token)


def look_at(kept: Kept) -> None:
    """Makes the request at work one that looks at this form. Raises LookupError outside of requests."""
    if (here := current()) is None:
        raise LookupError("no request is at work")
    here.looks_at = kept


def noted(verb: str, use_case: Callable[[], R]) -> R:
    """Remembers of the request what this verb has done, or why it refused."""
    here = current()
    try:
        result = use_case()
    except DomainError as error:
        if here:
            here.refusal = Refusal(verb, error, dict(here.passed))
        raise
    if here:
        here.passed[verb], here.refusal = result, None
    return result


def is_look() -> bool:
    here = current()
    return here is not None and here.looks_at is not None


def look(verb: str) -> object:
    """Stands for a verb while a kept form is looked at: refuses as it did then, or returns what was done then.

    Raises NotSent for a verb that has not been asked.
    """
    here = current()
    looks_at = here.looks_at if here else None
    refusal = looks_at.refusal if looks_at else None
    if refusal and refusal.verb == verb:
        raise refusal.error
    if refusal is None or verb not in refusal.passed:
        raise NotSent(told_above=bool(looks_at and looks_at.unsent))
    return refusal.passed[verb]
