"""docs/asvs.md is true: every requirement of levels 1 and 2 stands there once, and what it names exists."""

import re

import pytest
from django.conf import settings

TEXT = (settings.BASE_DIR / "docs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d., ]+|all) \| (\w+) \| (.+) \|$", re.MULTILINE)
SECTIONS = {  # how many requirements a section has, and those of level 3
    "1": [(2,), (10, 10), (12, 12), (3,), (3, 3)],
    "2": [(3,), (3,), (5, 5), (2, 2)],
    "3": [(1, 1), (3, 3), (5, 5), (8, 7, 8), (8, 6, 7, 8), (1, 1), (5, 3, 4, 5)],
    "4": [(5, 4, 5), (5, 2, 3, 4, 5), (2,), (4,)],
    "5": [(1,), (6, 4, 5, 6), (3, 3), (3,)],
    "6": [(3,), (12,), (8, 5, 6, 7, 8), (6, 5, 6), (8, 6, 7, 8), (4, 4), (2, 1, 2), (4,)],
    "7": [(3,), (4,), (2,), (5,), (3, 3), (2,)],
    "8": [(4, 3, 4), (4, 4), (3, 2, 3), (2, 2)],
    "9": [(3,), (4,)],
    "11": [(4, 3, 4), (5, 4, 5), (5, 4, 5), (4,), (2, 2), (2, 2), (2, 1, 2)],
    "12": [(5, 4, 5), (2,), (5, 5)],
    "13": [(4, 2, 3, 4), (6, 6), (4, 3, 4), (7, 6, 7)],
    "14": [(2,), (8, 5, 6, 7, 8), (3,)],
    "15": [(5, 4, 5), (5, 4, 5), (7,), (4, 1, 2, 3, 4)],
    "16": [(1,), (5,), (4,), (3,), (4, 4)],
}
"""Chapters 10 and 17 do not apply as a whole."""
WANTED = [
    f"{chapter}.{number}.{each}"
    for chapter, sections in SECTIONS.items()
    for number, (count, *highest) in enumerate(sections, 1)
    for each in range(1, count + 1)
    if each not in highest
]


def rows() -> list[tuple[list[str], str, str]]:
    return [(numbers.split(", "), state, by) for numbers, state, by in ROW.findall(TEXT)]


def paths(by: str) -> list[str]:
    return [name for name in re.findall(r"`([\w./-]+)`", by) if "/" in name and not name.startswith("/")]


def test_every_requirement_stands_there_once():
    named = [number for numbers, _state, _by in rows() for number in numbers if number != "all"]
    assert sorted(named) == sorted(WANTED)


def test_each_row_has_a_state_and_a_reason():
    assert {state for _numbers, state, _by in rows()} == {"met", "no", "open"}
    assert [row for row in rows() if len(row[2]) < 5] == []


@pytest.mark.parametrize("by", sorted({by for _numbers, _state, by in rows() if paths(by)}))
def test_what_is_named_is_there(by):
    assert [name for name in paths(by) if not (settings.BASE_DIR / name).exists()] == []


def test_control_what_is_not_there_is_noticed():
    assert paths("as in `tests/nowhere.py` and `SECRET_KEY`") == ["tests/nowhere.py"]
    assert not (settings.BASE_DIR / "tests/nowhere.py").exists()
