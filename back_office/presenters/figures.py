"""The page of one question of the head: a plot on top, the same numbers as a table under it."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from back_office.figures.plot import Plot
from back_office.figures.questions import QUESTIONS
from back_office.figures.tables import Days, FigureTable, Line, Question
from back_office.forms.figures import PeriodForm


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    name: str
    numbers: list[str]

    @classmethod
    def of(cls, line: Line, table: FigureTable) -> "ShownLine":
        return cls(line.name, [of.words(value) for value, of in zip(line.values, table.columns, strict=True)])


@dataclass(frozen=True, slots=True)
class ShownTable:
    key: str
    title: str
    by: str
    heads: list[str]
    lines: list[ShownLine]
    total: ShownLine | None
    plot: Plot

    @classmethod
    def of(cls, table: FigureTable, *, key: str) -> "ShownTable":
        return cls(
            key=key,
            title=table.title,
            by=table.by,
            heads=[column.name for column in table.columns],
            lines=[ShownLine.of(line, table) for line in table.lines],
            total=ShownLine.of(table.total, table) if table.total else None,
            plot=Plot.of(table, key=key),
        )


@dataclass(frozen=True, slots=True)
class FiguresPage:
    title: str
    note: str
    form: PeriodForm
    days: Days
    questions: list[Link]
    periods: list[Link]
    tables: list[ShownTable]
    file: str
    """The address of the same numbers as a workbook."""

    @classmethod
    def of(cls, question: Question, form: PeriodForm) -> "FiguresPage":
        days = form.days()
        tables = question.answer(days)
        return cls(
            title=str(question.title),
            note=str(question.note),
            form=form,
            days=days,
            questions=_questions(question, days),
            periods=_periods(question, days),
            tables=[ShownTable.of(table, key=f"figure-{number}") for number, table in enumerate(tables, start=1)],
            file=f"{reverse('office:figures_file', args=[question.name])}?{_query(days)}",
        )


def _questions(asked: Question, days: Days) -> list[Link]:
    return [
        Link(f"{reverse('office:figures', args=[each.name])}?{_query(days)}", str(each.title), each is asked)
        for each in QUESTIONS.values()
    ]


def _periods(question: Question, days: Days) -> list[Link]:
    today = timezone.localdate()
    named = ((_("Today"), 1), (_("7 days"), 7), (_("30 days"), 30))
    offered = [(label, Days(today - timedelta(days=number - 1), today)) for label, number in named]
    url = reverse("office:figures", args=[question.name])
    return [Link(f"{url}?{_query(each)}", label, each == days) for label, each in offered]


def _query(days: Days) -> str:
    return urlencode({"since": f"{days.first:%d.%m.%Y}", "until": f"{days.last:%d.%m.%Y}"})
