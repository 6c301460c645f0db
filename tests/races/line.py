"""A line between a web server and the database, which can fall silent: the server is there and says nothing."""

import os
import selectors
import shutil
import socket
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from django.db import connection

from standalone.postgres import SOCKET


class Line:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="clinic-line-"))
        database = connection.settings_dict
        self.to = str(Path(database["HOST"]) / SOCKET)
        self.url = f"postgres://{database['USER']}@{quote(str(self.folder), safe='')}:5432/{database['NAME']}"
        self.flows, self.closing = threading.Event(), threading.Event()
        self.flows.set()
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(self.folder / SOCKET))
        self.door.listen(100)
        threading.Thread(target=self._take, daemon=True).start()

    def hang(self) -> None:
        self.flows.clear()

    def go_on(self) -> None:
        self.flows.set()

    def close(self) -> None:
        self.closing.set()
        self.flows.set()
        self.door.close()
        shutil.rmtree(self.folder)

    def _take(self) -> None:
        with suppress(OSError):
            while not self.closing.is_set():
                near, _address = self.door.accept()
                threading.Thread(target=self._carry, args=[near], daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self.flows.wait()
        with near, socket.socket(socket.AF_UNIX) as far, suppress(OSError):
            far.connect(self.to)
            with selectors.DefaultSelector() as both:
                both.register(near, selectors.EVENT_READ, far)
                both.register(far, selectors.EVENT_READ, near)
                while not self.closing.is_set():
                    for key, _events in both.select(timeout=0.2):
                        self.flows.wait()
                        if not (said := os.read(key.fd, 65536)):
                            return
                        key.data.sendall(said)
