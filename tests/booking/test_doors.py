"""A view calls a verb: it opens no transaction and writes no row itself."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

DOORS = ("booking_site", "back_office")
NO_ROWS = {"simulation", "sheet.py"}
"""The simulation plays in a database of its own, and a workbook is saved into a file."""
WRITES = {"save", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete"}


def sources():
    paths = (path for door in DOORS for path in (Path(settings.BASE_DIR) / door).rglob("*.py"))
    inside = (path for path in paths if not NO_ROWS & set(path.parts))
    return {str(path.relative_to(settings.BASE_DIR)): path.read_text() for path in inside}


def faults(modules: dict[str, str]) -> list[str]:
    return sorted(f"{name}: {what}" for name, source in modules.items() for what in faults_in(ast.parse(source)))


def faults_in(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from imported & {"django.db.transaction", "foundation.database.writes"}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            yield f"line {node.lineno} calls {node.func.attr}"


def test_doors_open_no_transaction_and_write_nothing():
    assert faults(sources()) == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("from django.db import transaction", "planted: django.db.transaction"),
        ("from foundation.database import writes", "planted: foundation.database.writes"),
        ("def view(request, visit):\n    visit.save()", "planted: line 2 calls save"),
    ],
)
def test_control_a_planted_write_is_found(planted, fault):
    assert faults(sources() | {"planted": planted}) == [fault]
