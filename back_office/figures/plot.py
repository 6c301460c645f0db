"""Plots of numbers as SVG: sizes are percents of the width, so that the words keep their size on any screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from back_office.figures.tables import Column, FigureTable, Value

HEIGHT = 180
"""Pixels of the highest column."""
ABOVE, BELOW = 20, 24
ROW, BAR = 22, 18
"""Pixels of a name and of one bar under it."""
WIDEST = 80
"""Percent of the width of the longest bar; its number stands behind it."""
NAMES = 8
"""So many names stand under columns; each has its own in the table."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle, as written into the attributes of SVG."""

    series: int
    x: str
    y: str
    width: str
    height: str
    words: str


@dataclass(frozen=True, slots=True)
class Text:
    x: str
    y: str
    words: str
    at: str = "start"


@dataclass(frozen=True, slots=True)
class Plot:
    key: str
    title: str
    description: str
    height: int
    bars: Sequence[Bar]
    texts: Sequence[Text]
    legend: Sequence[tuple[int, str]]

    @classmethod
    def of(cls, table: FigureTable, *, key: str) -> "Plot":
        plotted = [(place, column) for place, column in enumerate(table.columns) if column.plotted]
        most = max((line.values[place] or 0 for line in table.lines for place, _column in plotted), default=0)
        drawn = _columns if table.in_time else _rows
        height, bars, texts = drawn(table, plotted, most)
        legend = [(series, column.name) for series, (_place, column) in enumerate(plotted)]
        return cls(key, table.title, _described(table, plotted, most), height, bars, texts, legend)


Plotted = Sequence[tuple[int, Column]]
Drawn = tuple[int, list[Bar], list[Text]]


def _columns(table: FigureTable, plotted: Plotted, most: float) -> Drawn:
    """Draws upright bars, a group for each day or hour."""
    group = 100 / max(len(table.lines), 1)
    width = group * 0.8 / max(len(plotted), 1)
    bars, texts = [], []
    every = -(-len(table.lines) // NAMES)
    for number, line in enumerate(table.lines):
        for series, (place, column) in enumerate(plotted):
            if value := line.values[place]:
                height = HEIGHT * value / most
                x, y = group * number + group * 0.1 + width * series, ABOVE + HEIGHT - height
                said = _said(line.name, column, value)
                bars.append(Bar(series, _percent(x), _px(y), _percent(width), _px(height), said))
        if number % every == 0:
            texts.append(Text(_percent(group * number), _px(ABOVE + HEIGHT + 16), line.name))
    if most:
        texts.append(Text("0", "12", plotted[0][1].words(most)))
    return ABOVE + HEIGHT + BELOW, bars, texts


def _rows(table: FigureTable, plotted: Plotted, most: float) -> Drawn:
    """Draws lying bars, under the name of what each is about."""
    bars, texts, y = [], [], 0
    for line in table.lines:
        y += ROW
        texts.append(Text("0", _px(y - 6), line.name))
        for series, (place, column) in enumerate(plotted):
            value = line.values[place]
            width = WIDEST * value / most if value and most else 0
            bars.append(Bar(series, "0", _px(y), _percent(width), _px(BAR - 4), _said(line.name, column, value)))
            texts.append(Text(_percent(width + 1), _px(y + BAR - 7), column.words(value)))
            y += BAR
    return y + 4, bars, texts


def _described(table: FigureTable, plotted: Plotted, most: float) -> str:
    names = ", ".join(column.name for _place, column in plotted)
    if not most:
        return _("%(what)s: there is nothing to show. The table below has the same numbers.") % {"what": names}
    said = _("%(what)s: at most %(most)s. The table below has the same numbers.")
    return said % {"what": names, "most": plotted[0][1].words(most)}


def _said(name: str, column: Column, value: Value) -> str:
    return f"{name}, {column.name}: {column.words(value)}"


def _percent(value: float) -> str:
    return f"{value:.2f}%"


def _px(value: float) -> str:
    return f"{value:.1f}"
