"""docs/rules.md is true: every rule of the clinic stands there, with names of what holds it that exist."""

import ast
import re
from functools import cache
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
RULES = [f"R{number}" for number in range(1, 28)]
IN_SQL = "scheduling/migrations/0002_same_doctor_same_patient.py"
"""Keys over two columns that Django cannot write."""


class Rule(NamedTuple):
    number: str
    constraints: list[str]
    functions: list[str]
    tests: list[str]


def rules() -> list[Rule]:
    rows = re.findall(r"^\| (R\d+) \| .+? \| (.*?) ?\| (.+?) \| (.+?) \|$", text(), re.MULTILINE)
    return [Rule(number, *(re.findall(r"`(.+?)`", cell) for cell in cells)) for number, *cells in rows]


def text() -> str:
    return (ROOT / "docs" / "rules.md").read_text()


@cache
def constraints() -> set[str]:
    models = [model for model in apps.get_models() if not model.__module__.startswith("django")]
    return {constraint.name for model in models for constraint in model._meta.constraints}


def exists(dotted: str) -> bool:
    """Whether a module of the longest beginning of this path has the rest as an attribute."""
    parts = dotted.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            module = import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        try:
            attrgetter(".".join(parts[end:]))(module)
        except AttributeError:
            return False
        return True
    return False


@cache
def functions_in(path: str) -> set[str]:
    file = ROOT / path
    nodes = ast.walk(ast.parse(file.read_text())) if file.exists() else ()
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def is_test(name: str) -> bool:
    path, _, function = name.partition("::")
    return function.startswith("test_") and function in functions_in(path)


def test_every_rule_stands_there_once_and_in_order():
    assert [rule.number for rule in rules()] == RULES


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.number)
def test_what_holds_a_rule_is_there(rule):
    known = constraints() | set(re.findall(r"\w+", (ROOT / IN_SQL).read_text()))
    assert [name for name in rule.constraints if name not in known] == []
    assert [name for name in rule.functions if not exists(name)] == []
    assert rule.functions
    assert [name for name in rule.tests if not is_test(name)] == []
    assert rule.tests


@pytest.mark.parametrize(
    ("is_known", "name"),
    [
        (exists, "booking.at_the_window"),
        (exists, "scheduling.nowhere.at_all"),
        (is_test, "tests/docs/test_rules.py::test_nothing"),
        (is_test, "tests/docs/test_nowhere.py::test_nothing"),
        (is_test, "tests/docs/test_rules.py::rules"),
    ],
)
def test_a_name_of_nothing_is_noticed(is_known, name):
    assert not is_known(name)
