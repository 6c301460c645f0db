"""The office shows each state of a time and of a visit by a word and a shape beside the colour."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment
from scheduling.queries.day import DayVisit


class Status(NamedTuple):
    code: str
    shape: str
    label: str | Promise


STATUSES = {
    status.code: status
    for status in (
        Status("free", "○", _("free")),
        Status("held", "◔", _("held")),
        Status("booked", "●", _("booked")),
        Status("confirmed", "✓", _("confirmed")),
        Status("arrived", "▸", _("arrived")),
        Status("in_room", "▶", _("in the room")),
        Status("done", "✔", _("done")),
        Status("no_show", "✕", _("no-show")),
        Status("cancelled", "–", _("cancelled")),
        Status("blocked", "▨", _("blocked")),
        Status("overbooked", "‼", _("overbooked")),
        Status("short", "·", _("too short for any service")),
        Status("unfit", "·", _("does not suit")),
        Status("past", "·", _("past")),
        Status("error", "⌫", _("entered in error")),
    )
}
# The same states as the domain's choices spell them.
ALIASES = {
    "checked-in": "in_room",
    "fulfilled": "done",
    "noshow": "no_show",
    "entered-in-error": "error",
}


def status(value: object) -> Status:
    """Returns the shape, word and CSS code of a state; an unknown one keeps its own word."""
    code = str(value)
    return STATUSES.get(ALIASES.get(code, code)) or Status("other", "•", getattr(value, "label", code))


def state_of(visit: Appointment | DayVisit) -> str:
    """Returns the state a person sees: confirmed and overbooked are states of a booked visit too."""
    if visit.status == AppointmentStatus.BOOKED:
        if visit.overbooked:
            return "overbooked"
        return "confirmed" if visit.confirmed_at else "booked"
    return status(visit.status).code
