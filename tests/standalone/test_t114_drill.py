"""T114: parts of a running clinic are killed one after another; the site answers all the time, all come back."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from standalone import processes
from standalone.supervisor import ROOT
from tests.races.servers import free_port, wait_until

pytestmark = [pytest.mark.embedded, pytest.mark.long]

CLINIC = """
import sys
from standalone.serve import address, open_clinic, stay_open
from standalone.stack import Stack
place, port = sys.argv[1], int(sys.argv[2])
with Stack("serve", place=place, address=address("127.0.0.1", port)) as stack:
    print(stack.folder, flush=True)
    sys.exit(stay_open(stack, lambda: open_clinic(stack, "127.0.0.1", port)))
"""
OWN = ("DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "QUEUE")
BACK_SECONDS = 10
SITE_SECONDS = 40
"""The site itself is no background part: a busy machine takes long to load it."""
PARTS = ("postgres", "valkey", "worker", "beat")
"""In the order in which they are launched; the web process follows."""


class Clinic:
    def __init__(self, place):
        self.port = free_port()
        environment = {name: value for name, value in os.environ.items() if name not in OWN}
        self.process = subprocess.Popen(
            [sys.executable, "-c", CLINIC, place, str(self.port)],
            cwd=ROOT,
            env=environment | {"DEMO": "0"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = iter(self.process.stdout.readline, "")
        self.folder = next(Path(line.strip()) for line in said if line.startswith("/"))
        assert any("Ctrl-C" in line for line in said), "it did not open"

    def pids(self):
        return [pid for pid, *_rest in json.loads((self.folder / "children.json").read_text())]

    def status(self, path):
        """Returns the status of a page; 0 when nobody answers within five seconds."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": "localhost"})
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.said = self.process.communicate(timeout=120)[0]
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def clinic():
    clinic = Clinic(f"drill-{os.getpid()}")
    yield clinic
    clinic.stop()


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_comes_back_and_the_site_answers_meanwhile(clinic, part):
    place, before = PARTS.index(part), clinic.pids()
    os.kill(before[place], signal.SIGKILL)
    killed, seen = time.monotonic(), set()
    with ThreadPoolExecutor(4) as people:
        while time.monotonic() - killed < BACK_SECONDS:
            seen |= set(people.map(clinic.status, ["/healthz", "/", "/book/", "/healthz"]))
            time.sleep(0.1)
    now = clinic.pids()
    assert [pid for number, pid in enumerate(now) if number != place] == before[:place] + before[place + 1 :]
    assert now[place] != before[place]
    assert processes.is_alive(now[place])
    assert clinic.status("/readyz") == 200
    assert seen - ({503} if part == "postgres" else set()) == {200}
    assert f"Остановился процесс «{part}» (код -9)" in log_of(clinic, part)


def test_a_killed_site_comes_back(clinic):
    os.kill(clinic.pids()[-1], signal.SIGKILL)
    wait_until(lambda: clinic.status("/healthz") == 0, seconds=10)
    wait_until(lambda: clinic.status("/healthz") == 200, seconds=SITE_SECONDS)


def log_of(clinic, part):
    (log,) = clinic.folder.glob(f"*/{part}.log")
    return log.read_text(encoding="utf-8", errors="replace")
