"""`run.py dev` in the browser: the toolbar lives under the policy of the pages."""

import os
import signal
import subprocess
import sys
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from standalone import processes
from standalone.dev import VARIABLES
from tests.races.servers import free_port, wait_until

ADDRESS = "http://127.0.0.1:{}"


@pytest.fixture
def dev_server(live_server, tmp_path):
    """Starts the web process as `run.py dev` does, on the test's database."""
    port = free_port()
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + "/" + connection.settings_dict["NAME"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "manage", "runserver", f"127.0.0.1:{port}"],
            cwd=settings.BASE_DIR,
            env=os.environ | VARIABLES | {"DATABASE_URL": url},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def answers():
        try:
            return urlopen(f"{ADDRESS.format(port)}/healthz", timeout=1).status == 200
        except OSError:
            assert process.poll() is None, (tmp_path / "log").read_text()

    wait_until(answers, seconds=60)
    yield ADDRESS.format(port)
    processes.end(process.pid, signal.SIGTERM, alive=lambda _pid: process.poll() is None)
    process.wait()


def test_a_page_shows_its_statements(dev_server, people):
    person = people()
    person.page.goto(dev_server)
    person.page.locator("#djDebug").get_by_text("SQL").first.click()
    expect(person.page.locator("#SQLPanel table").first).to_be_visible(timeout=20_000)
    assert person.violations == []
