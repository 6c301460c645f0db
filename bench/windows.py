"""Measures a thing and its floor in turns, A B A B …, so that a noisy machine is equally noisy for both."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.client import Sample

STOLEN_AT_MOST = 0.10
"""A window in which the machine gave more than this to its neighbours is measured again."""
RETRIES = 5

Window = Callable[[], Sample]


@dataclass(frozen=True)
class Series:
    """The good windows of one thing."""

    samples: Sequence[Sample]
    stolen: int = 0
    """Windows that were kept although they were robbed: the retries had run out."""

    @property
    def p50(self) -> float:
        return statistics.median(sample.percentile(50) for sample in self.samples)

    @property
    def p95(self) -> float:
        return statistics.median(sample.percentile(95) for sample in self.samples)

    @property
    def rate(self) -> float:
        return statistics.median(sample.rate for sample in self.samples)

    @property
    def numbers(self) -> dict[str, object]:
        return {
            "p50_ms": [round(sample.percentile(50), 3) for sample in self.samples],
            "p95_ms": [round(sample.percentile(95), 3) for sample in self.samples],
            "per_second": [round(sample.rate, 1) for sample in self.samples],
            "requests": sum(len(sample.latencies) for sample in self.samples),
            "stolen_windows": self.stolen,
        }


def note(*series: Series) -> str:
    """Returns a remark beside the number for when other machines had their share in it."""
    stolen = sum(each.stolen for each in series)
    return f" [окон с чужой нагрузкой: {stolen}]" if stolen else ""


def in_turns(*things: Window, windows: int, retries: int = RETRIES) -> list[Series]:
    """Measures each thing `windows` times, in turns."""
    kept: list[list[Sample]] = [[] for _ in things]
    stolen = [0] * len(things)
    for _ in range(windows):
        for number, thing in enumerate(things):
            sample, robbed = undisturbed(thing, retries)
            kept[number].append(sample)
            stolen[number] += robbed
    return [Series(samples, robbed) for samples, robbed in zip(kept, stolen, strict=True)]


def undisturbed(thing: Window, retries: int = RETRIES) -> tuple[Sample, bool]:
    """Returns the first window that was not robbed, or the last one and True."""
    for _ in range(retries + 1):
        before = processor_times()
        sample = thing()
        if stolen_share(before, processor_times()) <= STOLEN_AT_MOST:
            return sample, False
    return sample, True


def processor_times() -> list[int]:
    return parse(Path("/proc/stat").read_text(encoding="ascii"))


def parse(stat: str) -> list[int]:
    """Reads user nice system idle iowait irq softirq steal, of all cores together."""
    return [int(number) for number in stat.split("\n", 1)[0].split()[1:9]]


def stolen_share(before: Sequence[int], after: Sequence[int]) -> float:
    passed = [late - early for early, late in zip(before, after, strict=True)]
    return passed[7] / total if (total := sum(passed)) > 0 else 0.0


def busy_share(before: Sequence[int], after: Sequence[int]) -> float:
    """Returns the busy share of all cores, by whomever: neither idle nor waiting for a disk."""
    passed = [late - early for early, late in zip(before, after, strict=True)]
    return 1 - (passed[3] + passed[4]) / total if (total := sum(passed)) > 0 else 0.0
