"""Measures, prints and writes `bench/results/`: `python3 run.py bench [part ...]`."""

import importlib
import pkgutil
import sys
from collections.abc import Sequence
from datetime import datetime

import django

from bench import options, parts, report
from bench.client import Unexpected
from standalone.speech import Refusal, complain, say

django.setup()

from bench.harness import Bench  # noqa: E402  # needs the models

PARTS = {
    module.name: importlib.import_module(f"bench.parts.{module.name}")
    for module in pkgutil.iter_modules(parts.__path__)
}


def main(arguments: list[str]) -> int:
    asked = options.read(arguments)
    if asked.show_parts:
        show()
        return 0
    if unknown := sorted(set(asked.parts) - set(PARTS)):
        complain(f"Нет такой части: {', '.join(unknown)}. Есть: {', '.join(PARTS)}")
        return 2
    names = asked.parts or [name for name in PARTS if not is_long(name)]
    return measure(asked, names)


def measure(asked: options.Options, names: Sequence[str]) -> int:
    """Measures all parts; one that cannot be measured does not keep the others from it."""
    bench, at, code = Bench(asked), datetime.now(), 0
    found: dict[str, list[report.Row]] = {}
    try:
        for name in names:
            say(f"Измеряю: {PARTS[name].TITLE}")
            try:
                found[name] = PARTS[name].run(bench)
            except (Refusal, Unexpected) as problem:
                complain(str(problem))
                code = 1
            else:
                print(f"\n{report.table(PARTS[name].TITLE, found[name])}\n", flush=True)
    finally:
        if found:
            say(f"Записано: {report.save(found, arguments=sys.argv[1:], at=at)}")
    return code


def show() -> None:
    for name, part in PARTS.items():
        print(f"{name:<12} {part.TITLE}{' (только по имени)' if is_long(name) else ''}")


def is_long(name: str) -> bool:
    """Tells whether the part is measured only when it is asked for by name."""
    return getattr(PARTS[name], "LONG", False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
