"""Measures the memory that processes hold."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.servers import children


@dataclass(frozen=True)
class Memory:
    """Megabytes. `pss` shares what several processes hold together out among them; it can be added up."""

    rss: float
    pss: float

    def __add__(self, other: "Memory") -> "Memory":
        return Memory(self.rss + other.rss, self.pss + other.pss)

    def __str__(self) -> str:
        return f"{self.pss:.0f} МБ (RSS {self.rss:.0f})"


def of(*pids: int) -> Memory:
    return sum((_of(pid) for pid in pids), Memory(0, 0))


def _of(pid: int) -> Memory:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    rss, pss = (re.findall(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[0] for name in ("Rss", "Pss"))
    return Memory(int(rss) / 1024, int(pss) / 1024)


def with_children(pid: int) -> Iterable[int]:
    return [pid, *children(pid)]


def postgres(state: Path) -> Iterable[int]:
    """Returns the server's processes; none where the person brought a server of their own."""
    note = state / "postgres" / "data" / "postmaster.pid"
    return with_children(int(note.read_text().split("\n", 1)[0])) if note.exists() else []
