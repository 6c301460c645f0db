"""Claims a state folder for one stack: a lock, and a note of who holds it and where it answers."""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from standalone import processes
from standalone.speech import Refusal, say

SERVING = ("serve", "dev")
"""Commands beside which others may use the servers."""
GUARD_SECONDS = 120
"""After a kill -9 the guard stops five processes, each within 20 s at worst."""


@dataclass
class Note:
    pid: int
    born: str
    command: str
    address: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    """The addresses of the servers, once they answer."""
    made_from: str = ""
    """A mark of what servers kept for the next run were made from."""

    def is_true(self) -> bool:
        return processes.is_alive(self.pid) and processes.born(self.pid) == self.born


class AlreadyRunning(Refusal):
    def __init__(self, note: Note) -> None:
        self.note = note
        super().__init__(describe(note))


def describe(note: Note) -> str:
    if note.command not in SERVING:
        return f"Уже выполняется «run.py {note.command}» (процесс {note.pid}). Дождитесь его конца."
    return (
        f"Клиника уже запущена: {note.address} (процесс {note.pid}).\n"
        f"Остановить её: Ctrl-C в её окне или kill {note.pid}"
    )


class Claim:
    """A claim on a state folder, held from start to end.

    The guard shares it, so that it outlives a killed supervisor until all is clean.
    """

    def __init__(self, folder: Path, command: str, address: str = "", made_from: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._take()
        self.note = Note(os.getpid(), processes.born(os.getpid()), command, address, made_from=made_from)
        self.write()

    def write(self) -> None:
        file = self.folder / "running.json"
        new = file.with_suffix(".new")
        new.write_text(json.dumps(asdict(self.note)), encoding="utf-8")
        new.chmod(0o600)
        new.replace(file)

    def is_in_place(self) -> bool:
        """Tells whether others can read the claim: the folder may have been thrown away and claimed anew."""
        note = read(self.folder)
        return note is not None and note.pid == self.note.pid

    def withdraw(self) -> None:
        """Removes the note, so that nobody comes any more; the lock stays until all is clean."""
        if self.is_in_place():
            (self.folder / "running.json").unlink(missing_ok=True)

    def release(self) -> None:
        self.withdraw()
        os.close(self.lock)

    def _take(self) -> None:
        deadline = time.monotonic() + GUARD_SECONDS
        told = False
        while not self._try():
            note = read(self.folder)
            if note and note.is_true():
                os.close(self.lock)
                raise AlreadyRunning(note)
            if time.monotonic() > deadline:
                raise Refusal("Прошлый запуск никак не завершится. Перезагрузите машину или найдите его процессы.")
            if not told:
                say("Жду, пока завершится прошлый запуск")
                told = True
            time.sleep(0.2)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def read(folder: Path) -> Note | None:
    try:
        return Note(**json.loads((folder / "running.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
