"""Hand-written SQL stays where it is looked for: in `queries/`, in the waitlist's ranking and in the foundation."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

PRODUCT = (
    *(
        "clinic",
        "booking_site",
        "back_office",
        "api",
        "telephony",
        "booking",
        "waitlist",
        "worklist",
        "scheduling",
        "patients",
    ),
    *("notifications", "foundation"),
)
AT_HOME = ("*/queries/*", "*/*/queries/*", "waitlist/ranking/*", "foundation/database/*", "*/migrations/*")
AT_HOME_TOO = "*/*/migrations/*", "foundation/audit/append_only.py", "back_office/simulation/database.py"
"""Operations of migrations that several apps share, and a database that is made for a simulation alone."""
CALLS = {"fetch", "fetch_first", "fetch_values", "cursor", "execute", "executemany", "raw", "extra"}
CALLS |= {"RawSQL", "RunSQL"}


def product() -> list[Path]:
    return sorted(path for app in PRODUCT for path in (settings.BASE_DIR / app).rglob("*.py"))


def is_at_home(path: Path) -> bool:
    return any(path.relative_to(settings.BASE_DIR).match(pattern) for pattern in (*AT_HOME, *AT_HOME_TOO))


def raw_sql(code: str) -> Iterator[str]:
    """Returns names of the calls that send or carry SQL."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in CALLS:
                yield called


def test_nowhere_else():
    files = product()
    assert len(files) > 200
    strayed = {path: found for path in files if not is_at_home(path) and (found := list(raw_sql(path.read_text())))}
    assert strayed == {}


def test_there_it_is_seen():
    """The negative control: the walk finds what the homes are for."""
    home = settings.BASE_DIR / "scheduling" / "queries" / "facts.py"
    assert is_at_home(home)
    assert "fetch" in set(raw_sql(home.read_text()))
    assert not is_at_home(settings.BASE_DIR / "scheduling" / "actions" / "slots.py")
    assert not is_at_home(settings.BASE_DIR / "waitlist" / "matching.py")


@pytest.mark.parametrize("call", sorted(CALLS))
def test_each_way_is_noticed(call):
    assert list(raw_sql(f"def read(rows):\n    return rows.{call}('SELECT 1') or {call}('SELECT 1')")) == [call, call]
