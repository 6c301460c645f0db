"""Runs Chromium against a live server; every page a test looks at is free of CSP and accessibility violations."""

import os
import re
import shutil
import subprocess
import sys
import time
from functools import cached_property

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection
from playwright.sync_api import Error, Page, expect

from standalone.demo.logins import DEMO_PASSWORD

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAVIGATIONS = 3
"""How often a page may be left for another while it is looked at."""

# Playwright's loop runs in this thread, which Django takes for asynchronous code; the tests are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_collection_modifyitems(config, items):
    here = [item for item in items if "tests/browser" in str(item.path)]
    for item in here:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True))
        if CHROMIUM is None and not os.environ.get("CI"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine: apt install chromium"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """Switches the sandbox off for root alone, who can have none."""
    return {"executable_path": CHROMIUM, "args": [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}


@pytest.fixture(scope="session")
def browser_context_args():
    return {"locale": "ru-RU", "timezone_id": "Asia/Vladivostok", "viewport": {"width": 1366, "height": 768}}


class Person:
    """A person at a browser, who moves by what is written on the screen and checks every page they come to."""

    def __init__(self, page: Page, base: str, *, scripts: bool = True) -> None:
        self.page = page
        self.base = base
        self.scripts = scripts
        self.violations: list[str] = []
        page.set_default_timeout(15_000)
        page.on("console", self._console)
        page.on("response", self._response)

    def _console(self, message):
        if "Content Security Policy" in message.text or message.type == "error":
            self.violations.append(message.text)

    def _response(self, response):
        if response.status >= 500:
            self.violations.append(f"{response.status} {response.url}")

    @cached_property
    def axe(self):
        return Axe()

    def open(self, path: str):
        self.page.goto(self.base + path)
        return self.look()

    def look(self):
        """Checks the page as it stands."""
        assert self.problems() == [], self.page.url
        return self

    def problems(self) -> list[str]:
        """Returns what is wrong with the page and what went wrong since the last look; axe needs scripts to be on."""
        self.page.wait_for_load_state()
        heard, self.violations = self.violations, []
        found = [text for text in heard if not re.search(r"status of (403|404|409|410|422)", text)]
        if self.scripts:
            found += [f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in self._axe_violations()]
        return found

    def _axe_violations(self) -> list[dict]:
        """Returns what axe finds on the page that stays: a press may be answered while axe is at work."""
        for _attempt in range(NAVIGATIONS):
            try:
                answer = self.axe.run(self.page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
                return answer.response["violations"]
            except Error as error:
                if "context was destroyed" not in str(error):
                    raise
                self.page.wait_for_load_state()
        raise AssertionError(f"the page does not come to rest: {self.page.url}")

    def press(self, name: str, *, role: str = "button", exact: bool = False):
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        return self.look()

    def follow(self, name: str):
        return self.press(name, role="link")

    def fill(self, **fields: str):
        """Fills in a field by its name."""
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").first.fill(value)
        return self

    def submit(self):
        """Presses the one primary button of the page."""
        self.page.locator("main button.button--primary").first.click()
        return self.look()

    def sees(self, text: str | re.Pattern, *, within: float = 10):
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=within * 1000)
        return self

    def sign_in(self, username: str, password: str = DEMO_PASSWORD):
        self.open("/office/")
        self.fill(login=username, password=password)
        self.press("Войти")
        return self


@pytest.fixture
def people(browser, browser_context_args, live_server):
    """`people()` gives a new person with a browser of their own; keyword arguments change the browser."""
    contexts = []

    def person(**context) -> Person:
        contexts.append(browser.new_context(**browser_context_args | context))
        scripts = context.get("java_script_enabled", True)
        return Person(contexts[-1].new_page(), live_server.url, scripts=scripts)

    yield person
    for context in contexts:
        context.close()


@pytest.fixture
def worker(live_server, settings):
    """Starts a real Celery worker on the test database, woken through the real broker by a queue of its own."""
    name = connection.settings_dict["NAME"]
    settings.CELERY_TASK_DEFAULT_QUEUE = name
    url = re.sub(r"/[^/]*$", f"/{name}", os.environ["DATABASE_URL"])
    changes = {"CALL_HOURS": "00:00-24:00,00:00-24:00", "QUEUE": name, "DATABASE_URL": url}
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "clinic", "worker", "-c", "1", "-l", "warning", "-P", "solo"],
        cwd=django_settings.BASE_DIR,
        env=os.environ | changes,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _wait_for_first_sweep(name)
    yield process
    process.terminate()
    process.wait(20)


def _wait_for_first_sweep(queue):
    from celery import current_app

    from waitlist.matching import SWEEP
    from waitlist.models import Sweep

    deadline = time.monotonic() + 60
    while not Sweep.objects.filter(name=SWEEP).exists():
        assert time.monotonic() < deadline, "the worker did not start"
        current_app.send_task(SWEEP, queue=queue, ignore_result=True)
        time.sleep(0.5)
