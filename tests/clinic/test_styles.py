"""A stylesheet holds no rule for a class that no page can have."""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.contrib.messages.utils import get_level_tags

from back_office.presenters import grid
from back_office.presenters.statuses import STATUSES

ROOT = Path(settings.BASE_DIR)
STYLES = ROOT / "static" / "css"
CODE = [path for room in ("booking_site", "back_office", "clinic") for path in (ROOT / room).rglob("*.py")]
CLASS = re.compile(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', re.S)
BODY_CLASS = re.compile(r"\{% block body_class %\}(.*?)\{% endblock", re.S)
KIND = re.compile(r"""(?:\bkind=|\bkind\|default:|\{% notice )["'](\w+)["']""")


def test_every_class_of_the_stylesheets_is_on_some_page():
    assert sorted(styled(everything()) - produced()) == []


def test_a_class_that_no_page_has_is_noticed():
    css = "/* .told */ @media (min-width: 1.5rem) { .button, .nobody:not(.row) > p[title='.said'] { width: .5em; } }"
    assert styled(css) - produced() == {"nobody"}


def test_places_of_the_day_grid_are_exactly_those_a_cell_can_have():
    columns, rows, lanes = (range(1, number + 1) for number in (grid.COLUMNS, grid.ROWS, grid.LANES))
    rules = [
        *(f".cols-{n}{{--cols:{n}}}" for n in columns),
        *(f".c-{n}{{grid-column:{n + 1}}}" for n in columns),
        *(f".r-{n}{{grid-row-start:{n + 1}}}" for n in rows),
        *(f".span-{n}{{grid-row-end:span {n}}}" for n in rows),
        *(f".of-{n}{{--of:{n}}}" for n in lanes),
        *(f".lane-{n}{{--lane:{n - 1}}}" for n in lanes),
    ]
    assert (STYLES / "grid-places.css").read_text().splitlines()[1:] == rules


def everything() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in STYLES.glob("*.css"))


def styled(css: str) -> set[str]:
    """Returns the classes in what stands before each block of declarations."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    heads = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"\"[^\"]*\"|'[^']*'", "", bare))
    return set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", heads))


def produced() -> set[str]:
    return set(chain(_of_templates(), _of_code(), _of_scripts(), _of_families()))


def _of_templates() -> Iterator[str]:
    """Returns what is written in class attributes; classes that a variable ends are in `_of_families`."""
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for value in chain(CLASS.findall(text), BODY_CLASS.findall(text)):
            yield from re.sub(r"\{%.*?%\}", " ", value).split()


def _of_code() -> Iterator[str]:
    """Returns `{"class": "…"}` of widgets and tags, and what properties called `css` are put together from."""
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                values = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "class"]
            else:
                values = [node] if isinstance(node, ast.FunctionDef) and node.name == "css" else []
            for value in chain.from_iterable(ast.walk(value) for value in values):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield from value.value.split()


def _of_scripts() -> Iterator[str]:
    for path in (ROOT / "static" / "js").glob("*.js"):
        yield from re.findall(r'classList\.\w+\("([\w-]+)"', path.read_text(encoding="utf-8"))


def _of_families() -> Iterator[str]:
    """Returns classes whose end is the state of a visit, the kind of a component or a place in the day grid."""
    yield from (f"{family}--{code}" for family in ("cell", "status") for code in STATUSES)
    kinds = {kind for path in (ROOT / "templates").rglob("*.html") for kind in KIND.findall(path.read_text())}
    kinds |= set(get_level_tags().values())
    yield from (f"{family}--{kind}" for family in ("button", "notice") for kind in kinds)
    yield from (f"{axis}-{n}" for axis in ("c", "cols") for n in range(1, grid.COLUMNS + 1))
    yield from (f"{axis}-{n}" for axis in ("lane", "of") for n in range(1, grid.LANES + 1))
    yield from (f"{axis}-{n}" for axis in ("r", "span") for n in range(1, grid.ROWS + 1))
