"""Texts for the person at the terminal. Plain Russian here: the catalogue is compiled only later."""

import contextlib
import sys
from pathlib import Path


class Refusal(Exception):
    """The command cannot go on; the text says why and what to do, in words for the person at the terminal."""


def say(text: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(f"· {text}", flush=True)


def complain(text: str) -> None:
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def tail(log: Path, lines: int = 15) -> str:
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join("    " + line for line in text.splitlines()[-lines:])
