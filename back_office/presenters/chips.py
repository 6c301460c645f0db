"""Wishes that were understood stand as chips under the line; each leads to the same page without it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from back_office.forms.wishes import WishesForm

NOT_KEPT = ("line", "skip", "told", "cancel", "unmet", "notice", "note", "urgent_reason")
"""What is said of one page alone, or asked for the waitlist alone: the next page does not say it again."""


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    without: str
    """The query of the same page without this wish."""


def chips_of(form: WishesForm, asked: QueryDict) -> list[Chip]:
    """Returns a chip for each wish of a form that is valid; without a specialty nothing is looked for."""
    return [Chip(label, _without(asked, name, value)) for name, value, label in _said(form)]


def kept(asked: QueryDict) -> list[tuple[str, str]]:
    """Returns the wishes of the address for hidden fields: what is typed next is said beside them."""
    return [(name, value) for name, values in asked.lists() if name not in NOT_KEPT for value in values]


def _said(form: WishesForm) -> Iterator[tuple[str, str, str]]:
    data = form.cleaned_data
    yield "specialty", "", data["specialty"].name
    if data["service"]:
        yield "service", "", data["service"].name
    for doctor in data["doctors"]:
        yield "doctors", str(doctor.pk), doctor.short_name
    if form["date_from"].value():
        yield "date_from", "", _("from %(first)s on") % {"first": f"{data['date_from']:%d.%m}"}
    if data["date_until"]:
        yield "date_until", "", _("until %(last)s") % {"last": f"{data['date_until']:%d.%m}"}
    for day in data["weekdays"]:
        yield "weekdays", str(day), str(WEEKDAYS_ABBR[day - 1]).lower()
    if data["time_from"]:
        yield "time_from", "", _("after %(time)s") % {"time": f"{data['time_from']:%H:%M}"}
    if data["time_until"]:
        yield "time_until", "", _("before %(time)s") % {"time": f"{data['time_until']:%H:%M}"}


def _without(asked: QueryDict, name: str, value: str) -> str:
    query = asked.copy()
    for other in NOT_KEPT:
        query.pop(other, None)
    query.setlist(name, [each for each in query.getlist(name) if value and each != value])
    return query.urlencode()
