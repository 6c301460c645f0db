"""A request written once: as bytes for the load generator, and through Django's test client to count statements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http.response import HttpResponseBase
from django.test import Client

CSRF = "a" * 32
"""The cookie and the field have to be equal; nobody says that they must be secret here."""


@dataclass(frozen=True)
class Request:
    path: str
    form: Mapping[str, object] | None = None
    """Posted when there is one."""
    session: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def render(self, *, keep: bool = True) -> bytes:
        """Returns the request as bytes; without `keep` the server closes the connection after its answer."""
        cookies = f"csrftoken={CSRF}" + (f"; sessionid={self.session}" if self.session else "")
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: localhost", f"Cookie: {cookies}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [] if keep else ["Connection: close"]
        body = b""
        if self.form is not None:
            body = urlencode({**self.form, "csrfmiddlewaretoken": CSRF}).encode()
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def here(self) -> HttpResponseBase:
        """Returns the answer of this very process, by whatever database it has at the moment."""
        client = Client(headers={"host": "localhost", **self.headers})
        if self.session:
            client.cookies["sessionid"] = self.session
        return client.post(self.path, self.form) if self.form is not None else client.get(self.path)

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"
