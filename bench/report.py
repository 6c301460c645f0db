"""Reports what a part found: a calm table for the eye, the numbers for later."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
MARKS = {True: "да", False: "НЕТ", None: "–"}


@dataclass(frozen=True)
class Row:
    """One thing measured. `ok` is None where there is no bar; `numbers` go to the file."""

    what: str
    value: str
    bar: str = ""
    ok: bool | None = None
    numbers: dict[str, Any] = field(default_factory=dict)


def table(title: str, rows: Sequence[Row]) -> str:
    lines = [("что", "измерено", "планка", "взята"), *((row.what, row.value, row.bar, MARKS[row.ok]) for row in rows)]
    wide = [max(len(line[column]) for line in lines) for column in range(4)]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(line, wide, strict=True)).rstrip() for line in lines]
    return "\n".join([title, "─" * max(map(len, drawn)), *drawn])


def save(found: Mapping[str, Sequence[Row]], *, arguments: Sequence[str], at: datetime) -> Path:
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{at:%Y-%m-%d-%H%M%S}.json"
    content = {
        "at": at.isoformat(timespec="seconds"),
        "arguments": list(arguments),
        "machine": {"processor": processor(), "cores": cores(), "python": platform.python_version()},
        "parts": {name: [asdict(row) for row in rows] for name, rows in found.items()},
    }
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def cores() -> int:
    return sum(line.startswith("processor") for line in Path("/proc/cpuinfo").read_text().splitlines())


def ratio(number: float) -> str:
    return f"×{number:.2f}"


def at_most(number: float, limit: float) -> bool:
    """Tells whether a number keeps the limit as it is shown: 2.004 times is 2.00."""
    return round(number, 2) <= limit
