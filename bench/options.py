import argparse
import re
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = {"": 1, "k": 1_000, "m": 1_000_000}


@dataclass(frozen=True)
class Options:
    parts: tuple[str, ...]
    quick: bool
    slots: int
    minutes: int
    rounds: int
    rate: float
    people: int
    times: int
    fresh: bool
    show_parts: bool
    state: Path

    @property
    def windows(self) -> int:
        return 3 if self.quick else 7

    @property
    def seconds(self) -> float:
        """Seconds of one window."""
        return 0.4 if self.quick else 2.0


def read(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser("run.py bench", description="Измеряет клинику в долях того, что могут её движки.")
    parser.add_argument("parts", nargs="*", metavar="часть", help="что измерить; без них все короткие")
    parser.add_argument("--list", action="store_true", dest="show_parts", help="показать части")
    parser.add_argument("--quick", action="store_true", help="короткие окна: проверить, что всё работает")
    parser.add_argument("--slots", type=count, default=count("1m"), help="времён в базе: 100k, 1m (обычно), 10m")
    parser.add_argument("--minutes", type=int, default=10, help="сколько минут длится нагрузка (часть load)")
    parser.add_argument("--rate", type=float, default=50, help="запросов в секунду (часть load)")
    parser.add_argument("--rounds", type=int, default=100, help="сколько гонок за одно время (часть race)")
    parser.add_argument("--people", type=int, default=500, help="сколько человек приходит в девять часов (часть rush)")
    parser.add_argument("--times", type=int, default=40, help="на сколько времён (часть rush)")
    parser.add_argument("--fresh", action="store_true", help="заполнить базы заново")
    parser.add_argument("--state", type=Path, default=Path("local/bench"), help=argparse.SUPPRESS)
    return Options(**vars(parser.parse_args(arguments)) | {"parts": tuple(parser.parse_args(arguments).parts)})


def count(text: str) -> int:
    """Reads `250k` as 250000."""
    found = re.fullmatch(r"(\d+)([km]?)", text.lower())
    if not found:
        raise argparse.ArgumentTypeError(f"не число: {text}")
    return int(found[1]) * SUFFIXES[found[2]]


def short(number: int) -> str:
    """Writes 250000 as `250k`."""
    for suffix, size in (("m", 1_000_000), ("k", 1_000)):
        if number and number % size == 0:
            return f"{number // size}{suffix}"
    return str(number)
