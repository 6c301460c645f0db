"""A person's browser: it keeps its session, follows redirects, remembers how long each page took."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bench import client
from bench.client import Answer, Unexpected
from bench.requests import Request

REDIRECTS = 5
BROKEN = Answer(0, b"", b"")
_SESSION = re.compile(rb"^set-cookie: sessionid=([^;\r]*)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"^location: ([^\r]+)", re.IGNORECASE | re.MULTILINE)
_CHOICE = re.compile(r'name="slot" value="([0-9a-f-]{36})"')


class Seen(NamedTuple):
    """One answer. `name` is the first parts of its path: the rest differs from person to person."""

    name: str
    status: int
    ms: float


@dataclass(frozen=True)
class Page:
    path: str
    status: int
    text: str

    @property
    def times(self) -> list[str]:
        """The slots that can be chosen on the page."""
        return list(dict.fromkeys(_CHOICE.findall(self.text)))


class Browser:
    def __init__(self, port: int) -> None:
        self.port = port
        self.session = ""
        self.seen: list[Seen] = []

    def get(self, path: str) -> Page:
        return self._follow(path, self._ask(Request(path, session=self.session)))

    def post(self, path: str, form: Mapping[str, object]) -> Page:
        return self._follow(path, self._ask(Request(path, form, session=self.session)))

    def _follow(self, path: str, answer: Answer) -> Page:
        for _ in range(REDIRECTS):
            if answer.status not in (301, 302) or not (found := _LOCATION.search(answer.head)):
                break
            path = found[1].decode()
            answer = self._ask(Request(path, session=self.session))
        return Page(path, answer.status, answer.body.decode("utf-8", "replace"))

    def _ask(self, request: Request) -> Answer:
        begun = time.perf_counter()
        try:
            answer = client.once(self.port, request.render())
        except (Unexpected, OSError):
            answer = BROKEN
        name = f"{request.method} {short(request.path)}"
        self.seen.append(Seen(name, answer.status, (time.perf_counter() - begun) * 1000))
        if found := _SESSION.search(answer.head):
            self.session = found[1].decode()
        return answer


def short(path: str) -> str:
    """Shortens `/v/abc…/` and `/doctor/bench-12/` to `/v/…/` and `/doctor/…/`."""
    parts = path.partition("?")[0].strip("/").split("/")
    named = [part if part.isalpha() and len(part) < 10 else "…" for part in parts]
    return "/" + "/".join([*named, ""]) if parts != [""] else "/"
