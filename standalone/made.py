"""Makes what comes from the sources before anything runs: the compiled catalogue, static files, the database."""

from collections.abc import Callable
from pathlib import Path

from standalone import fresh
from standalone.speech import say
from standalone.stack import python
from standalone.supervisor import ROOT

Step = Callable[[str, list[str]], None]
"""A command that has to finish, run under a name for the refusal when it fails."""


def compile_catalogues(step: Step) -> None:
    if fresh.stale_catalogues(ROOT):
        say("Перевожу каталог сообщений в рабочий вид")
        step("перевод каталога", python("babel.messages.frontend", "-q", "compile", "-d", "locale", "-D", "django"))


def static_if_stale(folder: Path) -> list[str]:
    """Returns the step that collects the static files, unless those in the state folder are up to date."""
    mark = folder / "static.mark"
    fresh_enough = mark.exists() and mark.read_text() == fresh.static_mark(ROOT)
    return [] if fresh_enough and (folder / "static").exists() else ["static"]


def prepare(step: Step, folder: Path, *names: str) -> None:
    """Runs these steps of `standalone.prepare` for the state folder."""
    if names:
        step("подготовка клиники", python("standalone.prepare", *names))
    if "static" in names:
        (folder / "static.mark").write_text(fresh.static_mark(ROOT))
