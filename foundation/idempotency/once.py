"""A form that is sent twice does its work once: the door says which form it is, the verb asks here.

The same form is the same key, of the same person, at the same address, with the same contents. So nobody can use
somebody else's key, and a form that was corrected and sent again is another one.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.database import clock, writes
from foundation.database.locks import advisory_lock
from foundation.idempotency import made
from foundation.idempotency.models import HandledForm

R = TypeVar("R")
View = Callable[..., HttpResponseBase]
FIELD = "form_key"
A_DAY = timedelta(days=1)
"""No form is remembered for longer."""
NEWEST = "ON CONFLICT (key) DO UPDATE SET made = EXCLUDED.made, at = EXCLUDED.at"
"""A form that counts anew, because it was sent long ago, has made what it made last."""


@dataclass(frozen=True, slots=True)
class SentForm:
    """The form of the request at work. The same one that came `within` this time is a second press."""

    fingerprint: str
    within: timedelta


_sent: ContextVar[SentForm | None] = ContextVar("the form that was sent", default=None)


def counts_once(within: timedelta | None) -> Callable[[View], View]:
    """Marks a view whose forms have a key: a test finds a form without one, and a view that takes forms unmarked."""

    def decorate(view: View) -> View:
        view.counts_once = within  # type: ignore[attr-defined]  # the tests read it; a function's type has no such name
        return view

    return decorate


@contextmanager
def form_sent(request: HttpRequest, *, within: timedelta | None, by: str = "") -> Iterator[None]:
    """Makes the verb inside do its work once for the form of this request, if it has a key and is to count once."""
    key = request.POST.get(FIELD) if within and request.method == "POST" else None
    sent = SentForm(_fingerprint(request, by), within) if within and key else None
    token = _sent.set(sent)
    try:
        yield
    finally:
        _sent.reset(token)


def once(verb: str, work: Callable[[], R]) -> R:
    """Runs the work of a verb in its transaction, or returns what the same form has made by it before.

    A second press waits until the first one has ended; after a refusal nothing is remembered. Raises MadeIsGone.
    """
    if (sent := _sent.get()) is None:
        return work()
    key = _hash(sent.fingerprint, verb)
    advisory_lock(key)
    now = clock.now()
    if before := HandledForm.objects.filter(pk=key, at__gt=now - sent.within).first():
        return cast(R, made.read_again(before.made))
    result = work()
    writes.insert(HandledForm(key=key, made=made.described(result), at=now), conflict=NEWEST)
    return result


def _fingerprint(request: HttpRequest, by: str) -> str:
    contents = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
    return _hash(by, request.get_full_path(), json.dumps(contents))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
