import argparse
import json
from datetime import datetime

import pytest

from bench import options, report
from bench.report import Row

ROWS = [
    Row("день врача", "×1.90", "≤ 2", True, {"ratio": 1.9}),
    Row("  запросов к базе", "5", "≤ 4", False),
    Row("размер", "3 КБ"),
]


def test_table_is_aligned_and_says_what_is_met():
    assert report.table("Чтение", ROWS).split("\n") == [
        "Чтение",
        "──────────────────────────────────────────",
        "что                измерено  планка  взята",
        "день врача         ×1.90     ≤ 2     да",
        "  запросов к базе  5         ≤ 4     НЕТ",
        "размер             3 КБ              –",
    ]


def test_numbers_go_to_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")
    file = report.save({"reads": ROWS}, arguments=["reads"], at=datetime(2026, 3, 4, 5, 6, 7))
    assert file.name == "2026-03-04-050607.json"
    assert json.loads(file.read_text())["parts"]["reads"][0]["numbers"] == {"ratio": 1.9}


@pytest.mark.parametrize(("number", "met"), [(2.004, True), (2.006, False)])
def test_bar_is_judged_as_it_is_shown(number, met):
    assert report.at_most(number, 2) is met


@pytest.mark.parametrize(("text", "number"), [("10k", 10_000), ("1M", 1_000_000), ("250", 250)])
def test_counts_are_read_and_shown(text, number):
    assert options.count(text) == number
    assert options.short(number) == text.lower()


def test_what_is_no_count_is_refused():
    with pytest.raises(argparse.ArgumentTypeError):
        options.count("много")
