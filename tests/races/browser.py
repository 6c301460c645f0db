"""A browser as far as cookies and forms go, for pages that are served by processes of their own."""

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    location: str


class Browser:
    """A browser whose cookies belong to the host, whatever the port, as everywhere."""

    def __init__(self, **cookies: str) -> None:
        self.cookies = dict(cookies)
        self._token = ""

    def get(self, port: int, path: str) -> Page:
        return self._send(port, "GET", path)

    def post(self, port: int, path: str, typed: dict) -> Page:
        """Sends a form with the token of the form seen last."""
        return self._send(port, "POST", path, urlencode(typed | {"csrfmiddlewaretoken": self._token}))

    def _send(self, port: int, method: str, path: str, body: str | None = None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = Page(answer.status, answer.read().decode(), answer.getheader("Location", ""))
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        self._token = (CSRF.findall(page.text) or [self._token])[-1]
        return page
