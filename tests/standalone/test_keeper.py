"""Test runs in a project folder of their own, which holds nothing but `standalone/`."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from standalone import claim, processes, runs
from standalone.supervisor import ROOT

RUN = """
import sys
from standalone import runs, stack, testing
folder = stack.state_folder("test")
with runs.door(folder):
    note = testing.kept(folder)
    run = runs.enter(folder)
print(note.pid, run.number, flush=True)
sys.stdin.read()
"""
STOP = "from standalone import stack, testing; sys.exit(testing.stop(stack.state_folder('test')))"
NO_SERVERS = {"DATABASE_URL": "postgres://nobody@localhost/nothing", "REDIS_URL": "redis://localhost"}
"""With servers of the person's own there are none to start."""


class Project:
    def __init__(self, root: Path, variables: dict[str, str]) -> None:
        self.root, self.variables = root, variables
        shutil.copytree(ROOT / "standalone", root / "standalone")
        self.folder = root / "local" / "test"

    def python(self, *arguments: str, **options) -> subprocess.Popen:
        environment = {name: value for name, value in os.environ.items() if name not in NO_SERVERS}
        command = [sys.executable, *arguments]
        return subprocess.Popen(command, cwd=self.root, env=environment | self.variables, **options)

    def run(self) -> "Going":
        process = self.python("-c", RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        said = iter(process.stdout.readline, "")
        keeper, number = next(line for line in said if line[0].isdigit()).split()
        return Going(process, int(keeper), int(number))

    def stop(self) -> int:
        return self.python("-c", f"import sys; {STOP}", stderr=subprocess.DEVNULL).wait()

    def throw_away(self) -> None:
        note = claim.read(self.folder)
        shutil.rmtree(self.root)
        assert note is None or processes.wait_gone(note.pid, 30)


@dataclass
class Going:
    process: subprocess.Popen
    keeper: int
    number: int

    def end(self) -> None:
        self.process.communicate()


@pytest.fixture
def make_project():
    made = []

    def make(**variables: str) -> Project:
        root = Path(tempfile.mkdtemp(prefix="clinic-keeper-"))
        root.chmod(0o711)  # not tmp_path: under root the server's user has to reach it
        made.append(Project(root, variables))
        return made[-1]

    yield make
    for project in made:
        project.throw_away()


@pytest.fixture
def project(make_project):
    return make_project(**NO_SERVERS)


def test_second_run_joins_the_servers_of_the_first(project):
    first, second = project.run(), project.run()
    assert second.keeper == first.keeper
    assert (first.number, second.number) == (1, 2)
    first.end()
    third = project.run()
    assert (third.keeper, third.number) == (first.keeper, 1)
    second.end()
    third.end()
    assert processes.is_alive(first.keeper)


def test_killed_run_gives_its_number_back(project):
    run = project.run()
    run.process.kill()
    run.end()
    assert not runs.are_going_on(project.folder)
    again = project.run()
    assert (again.keeper, again.number) == (run.keeper, 1)
    again.end()


def test_servers_are_started_anew_when_they_would_be_other_ones(project):
    first = project.run()
    first.end()
    (project.root / "standalone" / "new.py").touch()
    second = project.run()
    assert second.keeper != first.keeper
    assert not processes.is_alive(first.keeper)
    second.end()


def test_other_servers_wait_for_the_runs_that_use_the_present_ones(project):
    first = project.run()
    (project.root / "standalone" / "new.py").touch()
    waiting = project.python("-c", RUN, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert waiting.stdout.readline().startswith("· Жду, пока закончится другой запуск проверок")
    assert processes.is_alive(first.keeper)
    first.end()
    assert waiting.communicate()[0].splitlines()[-1].split()[0] != str(first.keeper)


def test_stop_refuses_during_a_run_and_stops_after_it(project):
    run = project.run()
    assert project.stop() == 1
    assert processes.is_alive(run.keeper)
    run.end()
    assert project.stop() == 0
    assert not processes.is_alive(run.keeper)
    assert project.stop() == 0, "nothing is there to stop"


def test_keeper_leaves_when_nobody_has_used_it_for_long(project):
    project.folder.mkdir(parents=True)
    with runs.door(project.folder):
        run = runs.enter(project.folder)
    keeper = project.python("-m", "standalone.keeper", "0.1", stdout=subprocess.DEVNULL)
    time.sleep(4)
    assert keeper.poll() is None, "it is in use"
    os.close(run.lock)
    assert keeper.wait(10) == 0
    assert claim.read(project.folder) is None


def test_keeper_leaves_when_the_folder_is_thrown_away(project):
    run = project.run()
    run.end()
    shutil.rmtree(project.folder)
    assert processes.wait_gone(run.keeper, 10)


@pytest.mark.embedded
def test_servers_of_a_killed_keeper_end_and_the_next_run_has_new_ones(make_project):
    project = make_project()
    first = project.run()
    first.end()
    before = claim.read(project.folder).environment["DATABASE_URL"]
    postgres = int((project.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(first.keeper, signal.SIGKILL)
    second = project.run()
    second.end()
    assert second.keeper != first.keeper
    assert not processes.is_alive(postgres)
    assert claim.read(project.folder).environment["DATABASE_URL"] == before
