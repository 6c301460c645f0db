"""A person at a browser, paced together with all the others."""

from collections.abc import Mapping
from urllib.parse import urlencode

from locust import FastHttpUser, constant
from locust.contrib.fasthttp import FastResponse
from requests.cookies import create_cookie

from bench.load.world import NOTES, TURNS

CSRF = "a" * 32
HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"


class Person(FastHttpUser):
    abstract = True
    wait_time = constant(0)
    connection_timeout = network_timeout = 60.0

    def on_start(self) -> None:
        self.begin_anew()

    def begin_anew(self, session: str = "") -> None:
        """Starts the browser anew with no cookies but the one of forms and, for staff, the session's."""
        self.client.cookiejar.clear()
        for name, value in (("csrftoken", CSRF), ("sessionid", session)):
            if value:
                self.client.cookiejar.set_cookie(create_cookie(name, value, domain=HOST, path="/"))

    def fetch(
        self,
        name: str,
        path: str,
        form: Mapping[str, object] | None = None,
        *,
        expect: tuple[int, ...] = (200,),
        htmx: bool = False,
    ) -> FastResponse:
        """Sends a request; an unexpected answer is a failure, that of a lost race is none."""
        begun = TURNS.wait()
        headers = {"Connection": "close"} | ({"HX-Request": "true"} if htmx else {})
        data = None
        if form is not None:
            headers["Content-Type"] = FORM
            data = urlencode({**form, "csrfmiddlewaretoken": CSRF})
        with self.client.request(
            "GET" if form is None else "POST",
            path,
            name=name,
            data=data,
            headers=headers,
            allow_redirects=False,
            catch_response=True,
        ) as answer:
            NOTES.answered(name, answer.status_code, begun=begun)
            if answer.status_code in expect:
                answer.success()
            else:
                answer.failure(f"ответ {answer.status_code}")
        return answer

    def led_to(self, answer: FastResponse) -> str:
        """Returns where a redirect leads; empty when there was none."""
        return str(answer.headers["Location"]) if answer.status_code == 302 and answer.headers else ""
