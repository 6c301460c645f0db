"""Measures what a request asks of the database: how many statements, and what its reads cost there."""

import json
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import ttl_cache

FRAMES = ("BEGIN", "COMMIT", "ROLLBACK")
SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK TO")
READS = re.compile(r"[(\s]*(SELECT|WITH)\b")
WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\b")
"""A locking read is one of them: `FOR UPDATE`."""
TIMES = 5
"""Each plan is executed so often; the median counts, the first time warms."""


@dataclass(frozen=True)
class Statements:
    asked: Sequence[str]
    frames: int
    savepoints: int
    result: Any = None

    @property
    def count(self) -> int:
        """Counts statements without the frames of transactions and without savepoints."""
        return len(self.asked)

    def __str__(self) -> str:
        words = f"{self.count}"
        words += f" + {self.frames} BEGIN/COMMIT" if self.frames else ""
        return words + (f" + {self.savepoints} SAVEPOINT" if self.savepoints else "")

    @property
    def reads(self) -> list[str]:
        return [sql for sql in self.asked if READS.match(sql) and not WRITES.search(sql)]


def of(action: Callable[[], Any], *, remembered: bool = False) -> Statements:
    """Counts what `action` asks in this process: everything, or as it is asked while the catalogue is `remembered`."""
    ttl_cache.clear()
    if remembered:
        action()
    with CaptureQueriesContext(connection) as captured:
        result = action()
    everything = [query["sql"].strip() for query in captured.captured_queries]
    savepoints = [sql for sql in everything if sql.upper().startswith(SAVEPOINTS)]
    frames = [sql for sql in everything if sql.upper().startswith(FRAMES) and sql not in savepoints]
    return Statements(
        [sql for sql in everything if sql not in savepoints and sql not in frames],
        len(frames),
        len(savepoints),
        result,
    )


@dataclass(frozen=True)
class Cost:
    """The cost of reads inside the database. `ms` is planning and execution together."""

    ms: float
    planning: float
    buffers: int

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.ms + other.ms, self.planning + other.planning, self.buffers + other.buffers)


def cost(reads: Sequence[str], *, times: int = TIMES) -> Cost:
    """Returns the cost when warm; buffers hit and read."""
    return sum((_cost_of(sql, times) for sql in reads), Cost(0.0, 0.0, 0))


def _cost_of(sql: str, times: int) -> Cost:
    _explain(sql)
    plans = [_explain(sql) for _ in range(times)]
    planning, execution = (
        statistics.median(plan[f"{step} Time"] for plan in plans) for step in ("Planning", "Execution")
    )
    top = plans[-1]["Plan"]
    return Cost(planning + execution, planning, top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def _explain(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {re.sub('%', '%%', sql)}", [])
        plan = cursor.fetchone()[0]
    return (json.loads(plan) if isinstance(plan, str) else plan)[0]
