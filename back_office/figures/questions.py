"""The questions of the head about the waitlist, and how each is answered: one statement a question."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from back_office.figures.tables import Column, Days, FigureTable, Line, Question, Value, day_words
from telephony.queries import figures as exchange
from waitlist import calling_hours
from waitlist.choices import UnmetReason
from waitlist.queries import figures
from waitlist.queries.figures import Refilled


class OfDay(Protocol):
    @property
    def day(self) -> date | None:
        """The day counted; None for all of them together."""


Row = TypeVar("Row", bound=OfDay)


def first_dial(days: Days) -> Sequence[FigureTable]:
    hours = [calling_hours.window(day) for day in days.all()]
    rows = _by_day(figures.first_dial(days.period, hours=hours))
    columns = [
        Column(_("Times freed")),
        Column(_("Phoned about")),
        Column(_("half within, min"), 1, plotted=True),
        Column(_("nine of ten within, min"), 1, plotted=True),
    ]
    lines = {day: [row.freed, row.dialled, row.p50, row.p90] for day, row in rows.items()}
    return [_of_days(_("Minutes of calling time to the first call"), columns, lines, days, nothing=[0, 0, None, None])]


def refilled(days: Days) -> Sequence[FigureTable]:
    found = figures.refilled(days.period)
    notices = {row.notice: row for row in found if row.notice is not None}
    all_of_them = next(row for row in found if row.notice is None and row.specialty is None)
    columns = [
        Column(_("Times freed")),
        Column(_("by the waitlist, %"), 1, plotted=True),
        Column(_("by anybody, %"), 1, plotted=True),
    ]
    named = [(_("less than 24 h before"), 0), (_("24 to 48 h before"), 1), (_("more than 48 h before"), 2)]
    of_notice = [Line(name, _shares(notices.get(code))) for name, code in named]
    of_specialty = [Line(row.specialty, _shares(row)) for row in found if row.specialty]
    total = Line(_("All"), _shares(all_of_them))
    return [
        FigureTable(_("By notice"), _("How long before"), columns, of_notice, total),
        FigureTable(_("By route"), _("Route"), [Column(_("how many"), plotted=True)], _routes(all_of_them)),
        FigureTable(_("By specialty"), _("Specialty of the doctor"), columns, of_specialty, total),
    ]


def effort(days: Days) -> Sequence[FigureTable]:
    columns = [
        Column(_("Calls")),
        Column(_("Booked")),
        Column(_("Minutes of operators"), 1),
        Column(_("calls a booking"), 1, plotted=True),
        Column(_("minutes a booking"), 1, plotted=True),
    ]
    lines = {
        day: [row.dials, row.fills, row.minutes, _ratio(row.dials, row.fills), _ratio(row.minutes, row.fills)]
        for day, row in _by_day(figures.effort(days.period)).items()
    }
    return [_of_days(_("Calls and minutes a booking"), columns, lines, days, nothing=[0, 0, 0, None, None])]


def kept(days: Days) -> Sequence[FigureTable]:
    columns = [
        Column(_("first refusal, h"), 1, plotted=True),
        Column(_("during calls, h"), 1, plotted=True),
        Column(_("together, h"), 1),
    ]
    rows = _by_day(figures.kept(days.period))
    lines = {day: [row.refusal, row.calls, row.refusal + row.calls] for day, row in rows.items()}
    return [_of_days(_("Hours of slots kept from the public"), columns, lines, days, nothing=[0, 0, 0])]


def unmet(days: Days) -> Sequence[FigureTable]:
    found = figures.unmet(days.period)
    columns = [
        Column(_("people"), plotted=True),
        Column(_("of them entered by phone")),
        Column(_("of these, nothing free suited")),
        Column(_("requests of the site and the desk")),
        Column(_("did not want to wait")),
    ]
    by_hour = {row.hour: row for row in found if row.hour is not None}
    by_reason = {row.reason: row.left_without for row in found if row.reason}
    all_of_them = next(row for row in found if row.hour is row.specialty is row.reason is None)
    total = Line(_("All"), _demand(all_of_them))
    specialties = [Line(row.specialty, _demand(row)) for row in found if row.specialty]
    hours = [Line(f"{hour:02}:00", _demand(by_hour.get(hour))) for hour in range(24)]
    reasons = [Line(str(reason.label), [by_reason.get(reason, 0)]) for reason in UnmetReason]
    left = Column(_("people"), plotted=True)
    return [
        FigureTable(_("By specialty"), _("Specialty"), columns, specialties, total),
        FigureTable(_("By hour of the day"), _("From"), columns, hours, total, in_time=True),
        FigureTable(_("Why they did not want to wait"), _("Reason"), [left], reasons),
    ]


def answered(days: Days) -> Sequence[FigureTable]:
    columns = [
        Column(_("Calls")),
        Column(_("hidden numbers")),
        Column(_("answered")),
        Column(_("answered in 20 s, %"), 1, plotted=True),
        Column(_("abandoned, %"), 1, plotted=True),
        Column(_("half within, s")),
        Column(_("nine of ten within, s")),
    ]
    lines: dict[date | None, list[Value]] = {
        day: [
            row.calls,
            row.hidden,
            row.answered,
            _share(row.soon, row.answered + row.missed),
            _share(row.missed, row.answered + row.missed),
            row.p50,
            row.p90,
        ]
        for day, row in _by_day(exchange.answered(*days.period)).items()
    }
    nothing = [0, 0, 0, None, None, None, None]
    return [_of_days(_("Calls answered in 20 seconds, and abandoned"), columns, lines, days, nothing=nothing)]


def _by_day(rows: Iterable[Row]) -> dict[date | None, Row]:
    return {row.day: row for row in rows}


def _of_days(
    title: str,
    columns: Sequence[Column],
    lines: Mapping[date | None, Sequence[Value]],
    days: Days,
    *,
    nothing: Sequence[Value],
) -> FigureTable:
    shown = [Line(day_words(day), lines.get(day, nothing)) for day in days.all()]
    return FigureTable(title, _("Day"), columns, shown, Line(_("All"), lines[None]), in_time=True)


def _shares(row: Refilled | None) -> list[Value]:
    if row is None:
        return [0, None, None]
    return [row.freed, _share(row.waitlist, row.freed), _share(row.refilled, row.freed)]


def _routes(row: Refilled) -> list[Line]:
    return [
        Line(_("waitlist"), [row.waitlist]),
        Line(_("site"), [row.site]),
        Line(_("registry"), [row.registry]),
        Line(_("phone"), [row.phone]),
        Line(_("other"), [row.other]),
        Line(_("nobody"), [row.freed - row.refilled]),
    ]


def _demand(row: figures.Unmet | None) -> list[Value]:
    return [row.all, row.entries, row.none_suits, row.requests, row.left_without] if row else [0] * 5


def _share(part: int, whole: int) -> Value:
    return 100 * part / whole if whole else None


def _ratio(part: float, whole: int) -> Value:
    return part / whole if whole else None


QUESTIONS = {
    each.name: each
    for each in (
        Question(
            "first_dial",
            gettext_lazy("From freed to the first call"),
            gettext_lazy(
                "By the day on which a time was given back. The hours in which the clinic phones nobody do not count."
            ),
            first_dial,
        ),
        Question(
            "refilled",
            gettext_lazy("Freed times taken again"),
            gettext_lazy(
                "Times given back in these days of which it is known who has them by now. Closed ones do not count."
            ),
            refilled,
        ),
        Question(
            "effort",
            gettext_lazy("Calls and minutes a booking"),
            gettext_lazy("Calls about free times; minutes from taking a call to its outcome."),
            effort,
        ),
        Question(
            "kept",
            gettext_lazy("Times kept from the public"),
            gettext_lazy("At most: by the first refusal until somebody was phoned, and in calls until their outcome."),
            kept,
        ),
        Question(
            "unmet",
            gettext_lazy("Demand that was not met"),
            gettext_lazy(
                "People put on the waitlist, requests of the site and the desk, and callers who did not want to wait, "
                "because nothing was free or suited. Those who have a visit and wait for an earlier time do not count."
            ),
            unmet,
        ),
        Question(
            "answered",
            gettext_lazy("Calls that came in"),
            gettext_lazy("As the telephone exchange has told of them: of those answered or abandoned."),
            answered,
        ),
    )
}
