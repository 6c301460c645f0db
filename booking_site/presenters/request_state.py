"""The page of a private link tells what has become of a request, and lets it be taken back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.urls import reverse

from foundation.text import phones
from scheduling import links
from scheduling.models import Appointment
from waitlist.choices import EntryState, RequestState
from waitlist.models import WaitlistRequest
from waitlist.queries.entries import Place, places
from worklist import queries as worklist
from worklist.choices import TaskKind


class Stage(StrEnum):
    """The stage of a request, by which the page says what comes next."""

    HANDED = "handed"
    CALLED = "called"
    WAITING = "waiting"
    OFFERED = "offered"
    UNREACHED = "unreached"
    BOOKED = "booked"
    LEFT = "left"
    CANCELLED = "cancelled"
    CLOSED = "closed"


OF_ENTRY = {
    EntryState.WAITING: Stage.WAITING,
    EntryState.OFFERED: Stage.OFFERED,
    EntryState.UNREACHABLE: Stage.UNREACHED,
    EntryState.BOOKED: Stage.BOOKED,
    EntryState.REMOVED: Stage.LEFT,
}


@dataclass(frozen=True, slots=True)
class RequestStatePage:
    """The page names the person by the first name alone, and the number by its last digits."""

    token: str
    stage: Stage
    left: WaitlistRequest
    last_digits: str
    is_proved: bool
    """The number was proved by a code: otherwise the operator's call is what proves it."""
    place: Place | None
    visit: str
    """The link to the visit; empty before there is one, and for whoever has not proved the number of the request."""
    can_cancel: bool

    @classmethod
    def of(cls, row: WaitlistRequest, token: str, *, proved: bool) -> "RequestStatePage":
        visit, entry = visit_of(row), row.entry
        return cls(
            token=token,
            stage=stage_of(row),
            left=row,
            last_digits=phones.last_digits(str(row.phone)),
            is_proved=row.phone_proved,
            place=places([entry]).get(entry.pk) if entry else None,
            visit=reverse("site:visit", args=[links.token_of(visit)]) if visit and proved else "",
            can_cancel=can_cancel(row, proved=proved),
        )


@dataclass(frozen=True, slots=True)
class CancelRequestPage:
    token: str
    left: WaitlistRequest


def stage_of(row: WaitlistRequest) -> Stage:
    if row.entry:
        return OF_ENTRY[EntryState(row.entry.state)]
    if row.state == RequestState.BOOKED:
        return Stage.BOOKED
    if row.state == RequestState.CLOSED:
        return Stage.CANCELLED if row.handled_by.startswith("site:") else Stage.CLOSED
    return Stage.CALLED if worklist.open_about(kind=TaskKind.NO_CODE, subject=row.pk) else Stage.HANDED


def can_cancel(row: WaitlistRequest, *, proved: bool) -> bool:
    """Tells whether this link takes the request back: one of a proved number belongs to whoever has proved it."""
    return row.state == RequestState.HANDED_OVER and (proved or not row.phone_proved)


def visit_of(row: WaitlistRequest) -> Appointment | None:
    return row.appointment or (row.entry.appointment if row.entry else None)


def ended_at(row: WaitlistRequest) -> datetime | None:
    """Returns when nothing more could come of the request; None while something can."""
    return row.entry.closed_at if row.entry else row.handled_at
