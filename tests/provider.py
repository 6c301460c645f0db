"""A provider of SMS on a port of its own: it can be away, slow, silent after it has taken a message, or talk twice."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


class Provider(ThreadingHTTPServer):
    """Answers as SMS.ru does under `/sms/`, and as any provider with a body of JSON under `/messages`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.taken: list[dict[str, str]] = []
        self.status = 200
        """The status of HTTP that it answers."""
        self.code = 100
        """What SMS.ru says of the message."""
        self.whole = 100
        """What SMS.ru says of the request."""
        self.silent = 0.0
        """Seconds of silence after it has taken a message."""
        self.rings: list[str] = []
        """The numbers that it has rung."""
        self.codes: dict[str, int] = {}
        """What has become of a message, by its number here."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Keeps quiet about clients that did not wait."""


class _Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        typed = json.loads(body) if self.headers["Content-Type"] == "application/json" else dict(parse_qsl(body))
        said = {
            "/sms/send": self._take,
            "/sms/status": self._tell,
            "/code/call": self._ring,
            "/messages": self._take_any,
        }[self.path](typed)
        time.sleep(self.server.silent)
        text = json.dumps(said).encode() if self.server.status < 500 else b"<html>"
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _take(self, typed: dict[str, str]) -> dict[str, object]:
        if self.server.whole != 100:
            return {"status": "ERROR", "status_code": self.server.whole}
        mine = {"status_code": self.server.code, "sms_id": self._number(typed)}
        return {"status": "OK", "status_code": 100, "sms": {typed["to"]: mine}}

    def _ring(self, typed: dict[str, str]) -> dict[str, object]:
        """Rings from a number that ends in 1435, 1436, …"""
        if self.server.whole != 100:
            return {"status": "ERROR", "status_code": self.server.whole}
        self.server.rings.append(typed["phone"])
        return {"status": "OK", "code": f"{1434 + len(self.server.rings)}", "call_id": "1-1", "cost": 0.4}

    def _number(self, typed: dict[str, str]) -> str:
        self.server.taken.append(typed)
        return f"n-{len(self.server.taken)}"

    def _tell(self, typed: dict[str, str]) -> dict[str, object]:
        asked = typed["sms_id"].split(",")
        return {"status_code": 100, "sms": {one: {"status_code": self.server.codes.get(one, 102)} for one in asked}}

    def _take_any(self, typed: dict[str, str]) -> dict[str, object]:
        return {"data": {"id": self._number(typed | {"key": self.headers.get("X-Key", "")})}}

    def log_message(self, format: str, *args: object) -> None:
        """Writes no log."""


@contextmanager
def serving() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        thread.join()
        provider.server_close()
