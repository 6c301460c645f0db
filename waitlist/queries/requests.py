"""Reads of requests for their own page: whose phone is proved, and which are of one person (W23)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q

from foundation.text.folding import fold
from patients.choices import Channel
from waitlist.choices import OPEN, RequestState
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.queries.entries import requests_waiting, requests_with_times
from worklist import queries as worklist
from worklist.choices import TaskKind

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from waitlist.queries.entries import ShownRequest

PROVED = Q(phone_proved=True) | ~Q(channel=Channel.SITE)
"""The number was proved by a code, or somebody of the staff has taken it from the person."""
READ = 500
"""How many requests are read at most to find those of the same people."""


@dataclass(frozen=True, slots=True)
class Counted:
    proved: int
    unproved: int


def to_enter() -> "QuerySet[ShownRequest]":
    """Returns the requests that wait for a decision, without those whose visitor waits for a call."""
    return requests_waiting().filter(~worklist.open_without_cause(TaskKind.NO_CODE))


def proved_to_enter() -> "QuerySet[WaitlistRequest]":
    """Returns those of a proved number among the requests that wait for a decision, in no order."""
    return _to_enter().filter(PROVED)


def counted() -> Counted:
    there = _to_enter()
    return Counted(**there.aggregate(proved=Count("pk", PROVED), unproved=Count("pk", ~PROVED)))


def _to_enter() -> "QuerySet[WaitlistRequest]":
    called = worklist.open_without_cause(TaskKind.NO_CODE)
    return WaitlistRequest.objects.filter(~called, state=RequestState.HANDED_OVER)


def of_the_same(rows: Iterable[WaitlistRequest]) -> dict[UUID, list[WaitlistRequest]]:
    """Returns for each of these the other open requests of its number, or of its name and birth date."""
    rows = list(rows)
    number_or_day = Q(phone__in={row.phone for row in rows}) | Q(birth_date__in={row.birth_date for row in rows})
    there = requests_with_times().filter(number_or_day, state=RequestState.HANDED_OVER).order_by("created_at", "pk")
    found = list(there[:READ]) if rows else []
    return {row.pk: [other for other in found if other.pk != row.pk and _same(row, other)] for row in rows}


def with_outcome(request: UUID) -> WaitlistRequest | None:
    """Returns a request with what has become of it, or None when there is none."""
    related = ("specialty", "entry__appointment", "appointment")
    return WaitlistRequest.objects.select_related(*related).filter(pk=request).first()


def open_entries_of(patients: Iterable[UUID]) -> "QuerySet[WaitlistEntry]":
    """Returns the entries by which these patients wait now."""
    return WaitlistEntry.objects.filter(patient__in=list(patients), state__in=OPEN).select_related("specialty")


def _same(one: WaitlistRequest, other: WaitlistRequest) -> bool:
    return one.phone == other.phone or _who(one) == _who(other)


def _who(row: WaitlistRequest) -> tuple[object, ...]:
    return row.birth_date, fold(row.last_name), fold(row.first_name)
