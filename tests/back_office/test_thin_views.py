"""The doors' sources keep the rules of their views: short, behind the one decorator, nothing hung on a row."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

MOST_LINES = 20
DECORATED = {"back_office": {"requires", "render"}, "booking_site": {"public", "render"}}
"""What the one decorator of the door does; a view that does it itself goes past the decorator."""

REQUESTS = {"HttpRequest", "StaffRequest", "SiteRequest"}


def sources(folder: str) -> dict[str, str]:
    root = Path(settings.BASE_DIR)
    return {str(path.relative_to(root)): path.read_text(encoding="utf-8") for path in (root / folder).rglob("*.py")}


def faults(modules: dict[str, str], faults_in) -> list[str]:
    return sorted(f"{name} {what}" for name, source in modules.items() for what in faults_in(source))


def too_long(source: str) -> Iterator[str]:
    """Functions with more lines than a view may have: the docstring, blank lines and decorators do not count."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            code = sum(bool(lines[number].strip()) for number in lines_of(node))
            if code > MOST_LINES:
                yield f"{node.name} has {code} lines"


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[int]:
    whole = set(range(function.lineno - 1, function.end_lineno))
    if ast.get_docstring(function) is None:
        return whole
    return whole - set(range(function.body[0].lineno - 1, function.body[0].end_lineno))


def hung(source: str) -> Iterator[str]:
    """Attributes that are set on something else than `self`, a request, the field of a form, or an object of this file.

    A request is a parameter that says so; an object of this file is known by its attributes: a class here that is not
    frozen declares them.
    """
    nodes = list(ast.walk(ast.parse(source)))
    requests = {node.arg for node in nodes if isinstance(node, ast.arg) and is_request(node)}
    own = {name for node in nodes if isinstance(node, ast.ClassDef) for name in changeable(node)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
            yield f"line {node.lineno}: {ast.unparse(node)}"
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            on = ast.unparse(node.value)
            if on not in {"self", *requests} and ".fields[" not in on and node.attr not in own:
                yield f"line {node.lineno}: {ast.unparse(node)}"


def is_request(parameter: ast.arg) -> bool:
    return parameter.annotation is not None and ast.unparse(parameter.annotation) in REQUESTS


def changeable(declared: ast.ClassDef) -> Iterator[str]:
    """The fields of a class whose objects may be changed after they are made."""
    if not any("frozen=True" in ast.unparse(decorator) for decorator in declared.decorator_list):
        yield from (row.target.id for row in declared.body if isinstance(row, ast.AnnAssign))


def past_the_decorator(source: str, names: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        used = {getattr(node, part, None) for part in ("id", "attr", "name")} & names
        yield from (f"uses {name}" for name in used)


def calls_a_view(source: str) -> Iterator[str]:
    nodes = list(ast.walk(ast.parse(source)))
    views = {node.name for node in nodes if isinstance(node, ast.FunctionDef) and is_view(node)}
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in views:
            yield f"line {node.lineno} calls {node.func.id}"


def is_view(function: ast.FunctionDef) -> bool:
    decorators = (ast.unparse(decorator) for decorator in function.decorator_list)
    return any(decorator.startswith(("staff_view(", "site_view(")) for decorator in decorators)


@pytest.mark.parametrize("door", DECORATED)
def test_a_view_is_short(door):
    assert faults(sources(f"{door}/views"), too_long) == []


NO_PAGES = {"simulation", "sheet.py"}
"""The simulation draws no page, and a workbook is written cell by cell."""


@pytest.mark.parametrize("door", DECORATED)
def test_nothing_is_hung_on_a_row(door):
    drawn = {name: source for name, source in sources(door).items() if not set(name.split("/")) & NO_PAGES}
    assert faults(drawn, hung) == []


@pytest.mark.parametrize("door", DECORATED)
def test_no_view_goes_past_the_decorator(door):
    names = DECORATED[door]
    assert faults(sources(f"{door}/views"), lambda source: past_the_decorator(source, names)) == []


@pytest.mark.parametrize("door", DECORATED)
def test_no_view_calls_another(door):
    assert faults(sources(f"{door}/views"), calls_a_view) == []


def view_of(lines: int) -> str:
    return "\n".join(["def view(request):", '    """Two', '    lines."""', "", *["    look()"] * (lines - 1)])


def test_control_a_long_view_is_noticed():
    assert faults({"short": view_of(MOST_LINES), "long": view_of(MOST_LINES + 1)}, too_long) == [
        "long view has 21 lines"
    ]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("offer.place = 1", "line 1: offer.place"),
        ("row.words, row.time = said", "line 1: row.time"),
        ("for offer.place, _task in tasks: ...", "line 1: offer.place"),
        ("setattr(row, 'words', said)", "line 1: setattr(row, 'words', said)"),
        ("def view(request: StaffRequest, row): row.words = said", "line 1: row.words"),
        ("def enter(request: WaitlistRequest): request.words = said", "line 1: request.words"),
        ("@dataclass(frozen=True)\nclass Row:\n    words: str\nrow.words = said", "line 4: row.words"),
    ],
)
def test_control_what_is_hung_on_a_row_is_noticed(planted, found):
    assert found in list(hung(planted))


@pytest.mark.parametrize(
    "allowed",
    [
        "class Panel:\n    def __init__(self):\n        self.day = day",
        "form.fields['note'].required = False",
        "def scope(request: SiteRequest, token): request.by = holder",
        "@dataclass(slots=True)\nclass Cell:\n    href: str\ncell.href = '/'",
        "row = replace(row, words=said)",
    ],
)
def test_control_objects_of_ones_own_may_be_changed(allowed):
    assert list(hung(allowed)) == []


@pytest.mark.parametrize(
    ("door", "planted"),
    [
        ("back_office", "from django.shortcuts import render"),
        ("back_office", "@requires(Permission.OFFICE)\ndef view(request): ..."),
        ("back_office", "def view(request):\n    return shortcuts.render(request, 'page.html')"),
        ("booking_site", "from django.shortcuts import redirect, render"),
        ("booking_site", "@public\ndef view(request): ..."),
        ("booking_site", "def view(request):\n    return shortcuts.render(request, 'page.html')"),
    ],
)
def test_control_a_view_past_the_decorator_is_noticed(door, planted):
    assert len(list(past_the_decorator(planted, DECORATED[door]))) == 1


@pytest.mark.parametrize("decorator", ["site_view()", "staff_view(Permission.OFFICE)"])
def test_control_a_view_that_calls_another_is_noticed(decorator):
    planted = f"@{decorator}\ndef one(request): ...\n\n@{decorator}\ndef two(request):\n    return one(request)"
    assert list(calls_a_view(planted)) == ["line 6 calls one"]
