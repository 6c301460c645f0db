"""A browser that comes through the proxy: TLS with the name's own certificate, cookies, forms."""

import re
import ssl
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from tests.deploy.forms import Forms

SORRY = re.compile(r'class="(?:field__error|notice__title)[^>]*>([^<]+)')


class Browser:
    def __init__(self, name: str, port: int, certificate: Path) -> None:
        self.name = name
        self.client = httpx.Client(
            base_url=f"https://127.0.0.1:{port}",
            verify=ssl.create_default_context(cafile=str(certificate)),
            headers={"Host": name, "Referer": f"https://{name}/"},
            timeout=60,
            trust_env=False,
            limits=httpx.Limits(max_keepalive_connections=0),  # none is left open at the end of the test
        )
        self.path = "/"
        self.text = ""

    def open(self, path: str) -> str:
        return self._follow("GET", path)

    def send(self, *, having: str = "", **typed: str | list[str]) -> str:
        """Fills in the form of this page that has this field, and sends it; a choice is named by its words."""
        form = next(form for form in Forms(self.text).found if having in ("", *form.sent, *form.choices))
        many = {name: text for name, text in typed.items() if isinstance(text, list)}
        filled = form.filled({name: text for name, text in typed.items() if name not in many})
        before = self.path
        filled |= {name: [form.filled({name: each})[name][0] for each in texts] for name, texts in many.items()}
        said = self._follow("POST", urljoin(self.path, form.action), filled)
        assert self.path != before or self.status == 200, f"{before} refuses: {SORRY.findall(said)}"
        assert self.status == 200, f"{self.path}: {self.status} {SORRY.findall(said)}"
        return said

    def _follow(self, method: str, path: str, data: dict[str, list[str]] | None = None) -> str:
        for _step in range(9):
            answer = self.client.request(method, path, data=data, extensions={"sni_hostname": self.name})
            if not answer.is_redirect:
                break
            place = urlsplit(urljoin(path, answer.headers["Location"]))
            method, path, data = "GET", place._replace(scheme="", netloc="").geturl(), None
        self.path, self.text, self.status = path, answer.text, answer.status_code
        assert answer.status_code < 500, f"{path}: {answer.status_code}"
        return answer.text
