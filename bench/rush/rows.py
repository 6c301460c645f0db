"""The table of the rush."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bench.browser import Seen
from bench.report import Row
from bench.rush.person import End, Story


@dataclass(frozen=True)
class Held:
    """The state of the database afterwards."""

    booked: int
    """Visits to the doctor."""
    of_the_booked: int
    """Visits of people who were told that they are booked."""
    requests: int
    pairs: int
    """Visits that overlap."""
    sold_after: float
    """Seconds until the last time was sold."""


def of(stories: Sequence[Story], held: Held, *, times: int, seconds: float) -> list[Row]:
    ends = Counter(story.end for story in stories)
    seen = [page for story in stories for page in story.seen]
    sold = min(times, len(stories))
    once = held.booked == held.of_the_booked == ends[End.BOOKED] == sold and not held.pairs
    everybody = not ends[End.LOST] and held.requests == ends[End.ASKED]
    words = ", ".join(f"{end}: {number}" for end, number in sorted(ends.items()))
    lost = sorted({story.last for story in stories if story.end == End.LOST})
    statuses = Counter(page.status for page in seen)
    faults = sum(number for status, number in statuses.items() if status >= 500 or not status)
    answers = ", ".join(f"{status}: {number}" for status, number in sorted(statuses.items()))
    return [
        Row("записей у врача", f"{held.booked}, пересечений {held.pairs}", f"{sold}, по одной", once),
        Row("чем кончилось", words, "всем понятно", everybody, {"lost_at": lost, "tries": tries(stories)}),
        Row("ответы", answers, "≥ 500: 0", not faults),
        Row("последнее время продано через", f"{held.sold_after:.1f} с"),
        Row("все ушли через", f"{seconds:.1f} с, страниц {len(seen) / seconds:.0f}/с"),
        page_row("страница", seen),
        *(page_row(f"  {name}", pages) for name, pages in by_name(seen).items()),
    ]


def tries(stories: Sequence[Story]) -> dict[str, int]:
    """Counts how many people tried how many times."""
    return {str(number): many for number, many in sorted(Counter(story.tries for story in stories).items())}


def by_name(seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for page in seen:
        found[page.name].append(page)
    return dict(sorted(found.items()))


def page_row(name: str, pages: Sequence[Seen]) -> Row:
    ms = sorted(page.ms for page in pages)
    half, most = (ms[min(len(ms) - 1, len(ms) * percent // 100)] for percent in (50, 95))
    words = f"p50 {half / 1000:.2f} с, p95 {most / 1000:.2f} с, до {ms[-1] / 1000:.2f} с ({len(ms)})"
    return Row(name, words, numbers={"p50_ms": round(half), "p95_ms": round(most), "slowest_ms": round(ms[-1])})
