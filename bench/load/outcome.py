"""Compares what Locust measured with what was promised, as rows of the table."""

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.memory import Memory
from bench.report import Row
from scheduling import links
from scheduling.models import Appointment

P95_MS = 300
GROWTH = 1.2
ALL = "Aggregated"


@dataclass(frozen=True)
class Kind:
    name: str
    number: int
    failures: int
    p50: float
    p95: float
    p99: float

    @property
    def row(self) -> Row:
        words = f"{self.number}: p50 {self.p50:.0f}, p95 {self.p95:.0f}, p99 {self.p99:.0f} мс"
        words += f", не то {self.failures}" if self.failures else ""
        numbers: dict[str, float] = {"count": self.number, "failures": self.failures}
        numbers |= {"p50_ms": self.p50, "p95_ms": self.p95, "p99_ms": self.p99}
        return Row(f"  {self.name}", words, f"p95 ≤ {P95_MS} мс", self.p95 <= P95_MS, numbers)


def kinds(file: Path) -> list[Kind]:
    """Returns the kinds of requests; the last line of Locust's file is all of them together."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [_kind(line) for line in csv.DictReader(lines)]


def _kind(line: Mapping[str, str]) -> Kind:
    p50, p95, p99 = (float(line[name]) if line[name] not in ("", "N/A") else 0.0 for name in ("50%", "95%", "99%"))
    return Kind(line["Name"], int(line["Request Count"]), int(line["Failure Count"]), p50, p95, p99)


def rows(found: Sequence[Kind], notes: Mapping[str, Any], *, rate: float) -> list[Row]:
    together = next(kind for kind in found if kind.name == ALL)
    each = sorted((kind for kind in found if kind.name != ALL), key=lambda kind: kind.name)
    quick = sum(kind.p95 <= P95_MS for kind in each)
    reached = together.number / notes["seconds"]
    return [
        Row("запросов в секунду", f"{reached:.1f}", f"{rate:.0f}", round(reached / rate, 2) >= 0.95),
        answers(notes["statuses"]),
        Row("видов запросов с p95 ≤ 300 мс", f"{quick} из {len(each)}", "большинство", quick * 2 > len(each)),
        *(kind.row for kind in each),
    ]


def answers(statuses: Mapping[str, Mapping[str, int]]) -> Row:
    """Returns the row of answers by status; 0 is an answer that never came."""
    found = Counter[int]()
    for of_kind in statuses.values():
        found.update({int(status): number for status, number in of_kind.items()})
    faults = sum(number for status, number in found.items() if status >= 500 or not status)
    words = ", ".join(f"{status}: {number}" for status, number in sorted(found.items()))
    return Row("ответы", words, "≥ 500: 0", not faults, {"by_kind": {name: dict(of) for name, of in statuses.items()}})


def promises(notes: Mapping[str, Any]) -> Row:
    """Returns the row that tells whether every booking a person was told of is in the database."""
    tokens, ids = set(notes["tokens"]), set(notes["appointments"])
    there = Appointment.objects.filter(link_hash__in=[links.hash_of(token) for token in tokens]).count()
    there += Appointment.objects.filter(pk__in=ids).count()
    promised = len(tokens) + len(ids)
    numbers = {"promised": promised, "there": there, "cancelled": len(notes["cancelled"])}
    return Row("обещанные записи есть в базе", f"{there} из {promised}", "все", there == promised > 0, numbers)


def pairs(found: Mapping[str, int]) -> Row:
    words = f"у врача {found['doctor']}, в кабинете {found['room']}, у пациента {found['patient']}"
    return Row("пересечений приёмов", words, "0", not any(found.values()), dict(found))


def busy(share: float) -> Row:
    """Returns the row of the machine's load: near the whole of it the pace measures the machine."""
    return Row("процессоры заняты, кем бы то ни было", f"{share:.0%}", numbers={"share": round(share, 3)})


def growth(name: str, before: Memory, after: Memory) -> Row:
    times = after.pss / before.pss
    numbers = {"before_mb": round(before.pss, 1), "after_mb": round(after.pss, 1)}
    return Row(f"память: {name}", f"{before.pss:.0f} → {after.pss:.0f} МБ", f"≤ ×{GROWTH:g}", times <= GROWTH, numbers)


def read_notes(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text(encoding="utf-8"))
