"""Runs mutmut for `run.py mutants`, which counts the changes of a rule that the tests notice.

Each module of tests/mutants.txt has a copy of the sources of its own, in which mutmut changes it in one place after
another and runs the tests that judge it, on the servers of `run.py test`.
"""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from standalone.speech import Refusal, say, tail
from standalone.stack import python, state_folder
from standalone.supervisor import ROOT
from standalone.testing import on_kept_servers

TABLE = ROOT / "tests" / "mutants.txt"
ENOUGH = 85
"""Per cent of the changes of each module that its tests have to notice."""
AT_ONCE = 2
NOTICED = {"killed", "timeout"}
BESIDE = ["tests", "templates", "static", "locale", "manage.py"]
"""What tests read besides the apps."""


class Judged(NamedTuple):
    """A module with the tests that judge it."""

    module: str
    tests: list[str]


class Result(NamedTuple):
    module: str
    changes: dict[str, str]
    """The state of each change: `killed`, `survived`, `timeout` and so on."""
    survivors: str
    """The differences that no test has noticed."""

    @property
    def score(self) -> float:
        noticed = sum(state in NOTICED for state in self.changes.values())
        return 100 * noticed / len(self.changes) if self.changes else 0


def table(text: str) -> list[Judged]:
    lines = [line.partition(":") for line in text.splitlines() if line and not line.startswith("#")]
    return [Judged(module, tests.split()) for module, _, tests in lines]


def chosen(words: list[str]) -> list[Judged]:
    """Returns the modules whose path holds one of the words; all without words."""
    judged = table(TABLE.read_text(encoding="utf-8"))
    found = [each for each in judged if not words or any(word in each.module for word in words)]
    if not found:
        raise Refusal(f"Нет такого модуля: {' '.join(words)}. Все модули — в {TABLE.relative_to(ROOT)}.")
    return found


def mutants(words: list[str]) -> int:
    """Judges the modules, two at a time, prints what became of each; returns 1 when one is below the bar."""
    modules, folder = chosen(words), state_folder(place="mutants")
    environment = on_kept_servers(state_folder(place="test"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(lambda each: _judge(each, environment, folder), modules))
    return int(any(result.score < ENOUGH for result in results))


def _judge(judged: Judged, environment: Mapping[str, str], folder: Path) -> Result:
    place = folder / judged.module.removesuffix(".py").replace("/", ".")
    _lay_out(judged, place)
    own = {**environment, "PYTEST_XDIST_WORKER": place.name}  # gives it a database of its own: tests/template.py
    with (place / "log").open("wb") as log:
        command = python("mutmut", "run", "--max-children", "1")
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=place, env=own)
    if done.returncode:
        raise Refusal(f"Не удалось проверить {judged.module}. Журнал {log.name}:\n{tail(place / 'log')}")
    result = _read(judged.module, place)
    _tell(result)
    return result


def _lay_out(judged: Judged, place: Path) -> None:
    """Makes the folder in which mutmut works: links to the sources, which it copies, and settings for one module."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    apps = sorted({file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"})
    for name in [*apps, *BESIDE]:
        if (ROOT / name).exists():
            (place / name).symlink_to(ROOT / name)
    settings = {
        "source_paths": apps,
        "only_mutate": [judged.module],
        "also_copy": BESIDE,
        "pytest_add_cli_args": ["-n", "0", "-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": judged.tests,
        "use_git_change_detection": False,
        "track_dependencies": False,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    own = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text("\n".join([own, "[tool.mutmut]", *lines, ""]), encoding="utf-8")


def _read(module: str, place: Path) -> Result:
    listed = _mutmut(place, "results", "--all", "true").splitlines()
    changes = {name.strip(): state.strip() for name, _, state in (line.partition(":") for line in listed) if state}
    left = [name for name, state in changes.items() if state not in NOTICED]
    return Result(module, changes, "\n".join(_mutmut(place, "show", name) for name in left))


def _mutmut(place: Path, *arguments: str) -> str:
    return subprocess.run(python("mutmut", *arguments), capture_output=True, text=True, cwd=place, check=True).stdout


def _tell(result: Result) -> None:
    counted = ", ".join(f"{state} {number}" for state, number in Counter(result.changes.values()).most_common())
    say(f"{result.score:5.1f} %  {result.module}  ({counted})")
    if result.survivors:
        print(result.survivors)
