"""Measures the search for people in a register of a hundred thousand and in one of a million (U31)."""

from bench import searches
from bench.comparison import compared
from bench.harness import Bench
from bench.report import Row

TITLE = "Поиск людей: миллион в регистратуре к ста тысячам"
LONG = True
SLOTS, FEW, MANY = 100_000, 100_000, 1_000_000
TIMES = 2


def run(bench: Bench) -> list[Row]:
    registers = [bench.database(SLOTS, patients=patients) for patients in (FEW, MANY)]
    rows = []
    for name, way in searches.WAYS.items():
        asked = []
        for register in registers:
            with register.here():
                asked.append((register, searches.typed(way)))
        rows += compared(bench, name, asked, limit=TIMES)
    return rows
