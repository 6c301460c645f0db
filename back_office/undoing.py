"""The last step of a person can be undone from every page of the office, for as long as its effects wait.

A signed cookie that lives as long names it: a page costs no statement for it, and it needs no clock of the browser.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from foundation.accounts.actors import Actor
from foundation.accounts.models import User
from foundation.database import clock
from scheduling.models import Appointment
from scheduling.queries.last_step import booking_undoable_until, undoable_until

COOKIE = "undo"
DONE = {
    "booked": _("The appointment is booked."),
    "booked_again": _("The appointment is booked again."),
    "moved": _("The appointment is moved."),
    "cancelled": _("The appointment is cancelled."),
    "entered_in_error": _("The appointment is marked as entered in error."),
    "arrived": _("The arrival is marked."),
    "started": _("The visit is begun."),
    "finished": _("The visit is completed."),
    "noshow": _("The patient is marked as not come."),
}
"""The steps that can be undone, by their events, and what is said of each."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A step that this person can still undo."""

    visit: UUID
    step: str
    until: float
    """Seconds since the epoch."""
    new: bool
    """True when this very request has made it."""

    @property
    def words(self) -> str:
        return str(DONE[self.step])

    @property
    def seconds(self) -> int:
        return max(1, round(self.until - clock.now().timestamp()))


class Undoing(HttpRequest):
    """The request knows the step that its person can still undo."""

    user: User
    by: Actor
    htmx: HtmxDetails
    undo: Offered | None


def offered(request: Undoing) -> Offered | None:
    """Returns the step that the person who is signed in can undo now."""
    kept = request.get_signed_cookie(COOKIE, default="", salt=_salt(request)) or ""
    visit, _bar, rest = kept.partition("|")
    step, _bar, until = rest.partition("|")
    if not until or float(until) <= clock.now().timestamp():
        return None
    return Offered(UUID(visit), step, float(until), new=False)


def offer(request: Undoing, visit: UUID, step: str) -> None:
    """Offers the step, named by its event, to be undone: if this person has made it just now and nothing came since.

    A step that was made before and is only pressed again is offered for what is left of its grace.
    """
    _offer(request, visit, step, until=undoable_until(appointment=visit, step=step, by=request.by))


def offer_booked(request: Undoing, made: Appointment) -> None:
    """Offers a visit that was just booked to be undone, without a statement more."""
    _offer(request, made.pk, "booked", until=booking_undoable_until(made, by=request.by))


def _offer(request: Undoing, visit: UUID, step: str, *, until: datetime | None) -> None:
    if until:
        request.undo = Offered(visit, step, until.timestamp(), new=True)


def remembered(request: Undoing, response: HttpResponseBase) -> HttpResponseBase:
    """Lets the browser keep a new step for the time of its grace; beside the grid the bar is drawn with the answer."""
    step = request.undo
    if step is None or not step.new:
        return response
    response.set_signed_cookie(
        COOKIE,
        f"{step.visit}|{step.step}|{step.until}",
        salt=_salt(request),
        max_age=settings.UNDO_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    if request.htmx and isinstance(response, HttpResponse):
        response.write(render_to_string("back_office/_undo.html", {"rides": True}, request=request))
    return response


def forget(response: HttpResponseBase) -> None:
    response.delete_cookie(COOKIE)


def _salt(request: Undoing) -> str:
    """Nobody else who signs in at this browser finds the step."""
    return f"back_office.undo:{request.user.pk}"
