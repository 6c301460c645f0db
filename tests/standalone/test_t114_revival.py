"""T114: a part that dies is started again by itself, in its place, and its log says so."""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from standalone import children, guard, postgres, processes, valkey
from standalone.children import Child, Pauses
from standalone.claim import Claim
from standalone.supervisor import Supervisor
from tests.races.servers import wait_until

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
BACK_SECONDS = 10


@contextmanager
def supervised(folder):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    claim = Claim(folder, "serve")
    supervisor = Supervisor(claim)
    try:
        yield supervisor
    finally:
        supervisor.stop()
        claim.release()
        for number, handler in before.items():
            signal.signal(number, handler)


def die(child):
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()


def revived(supervisor):
    """Watches as `serve` does, until everything lives."""

    def look():
        supervisor.revive()
        return not any(child.is_dead() for child in supervisor.children)

    return wait_until(look, seconds=BACK_SECONDS)


def test_a_killed_child_comes_back_in_its_place_and_the_others_stay(tmp_path):
    with supervised(tmp_path) as supervisor:
        for name in ("first", "second", "third"):
            supervisor.launch(name, SLEEP, log=tmp_path / "logs" / f"{name}.log")
        pids = [child.process.pid for child in supervisor.children]
        die(supervisor.children[1])
        revived(supervisor)
        now = [child.process.pid for child in supervisor.children]
        assert (now[0], now[2]) == (pids[0], pids[2])
        assert processes.is_alive(now[1])
        assert now[1] != pids[1]
        assert "run.py: Остановился процесс «second» (код -9). Запускаю его снова через 1 с." in (
            tmp_path / "logs" / "second.log"
        ).read_text(encoding="utf-8")
    assert not any(map(processes.is_alive, now))


def test_control_without_the_watch_a_killed_child_stays_dead(tmp_path):
    with supervised(tmp_path) as supervisor:
        supervisor.launch("first", SLEEP, log=tmp_path / "first.log")
        die(supervisor.children[0])
        assert supervisor.children[0].is_dead()
        with pytest.raises(AssertionError):
            wait_until(lambda: not supervisor.children[0].is_dead(), seconds=0.5)


def test_a_new_guard_knows_the_children_of_the_one_that_died(tmp_path):
    with supervised(tmp_path) as supervisor:
        supervisor.launch("first", SLEEP, log=tmp_path / "first.log")
        former = supervisor.guard
        former.kill()
        former.wait()
        supervisor.revive()
        assert supervisor.guard.pid != former.pid
        supervisor._pipe.close()  # what the death of the supervisor does
        assert supervisor.children.pop().process.wait(10) == -signal.SIGTERM
        assert supervisor.guard.wait(10) == 0


def test_guard_keeps_the_place_of_a_child_that_was_started_again():
    told = ["+ 10 2\n", "+ 11 15\n", "= 10 12 2\n"]
    assert list(guard.remaining(told).items()) == [(12, 2), (11, 15)]


def test_a_program_that_cannot_be_started_is_tried_again(tmp_path):
    program = tmp_path / "program"
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n")
    program.chmod(0o700)
    with supervised(tmp_path) as supervisor:
        supervisor.launch("first", [program], log=tmp_path / "first.log")
        program.rename(tmp_path / "away")
        die(supervisor.children[0])
        wait_until(lambda: supervisor.revive() or "Не удалось" in (tmp_path / "first.log").read_text(), seconds=10)
        (tmp_path / "away").rename(program)
        revived(supervisor)


def take_no_record(supervisor):
    """Does what a full disk does: a folder stands where the record is written."""
    for name in ("children.json", "children.json.new"):
        (supervisor.claim.folder / name).unlink(missing_ok=True)
        (supervisor.claim.folder / name).mkdir()


def allow_the_record(supervisor):
    for name in ("children.json", "children.json.new"):
        (supervisor.claim.folder / name).rmdir()


def test_a_disk_that_takes_no_record_gives_a_child_no_copy(tmp_path):
    with supervised(tmp_path) as supervisor:
        supervisor.launch("first", SLEEP, log=tmp_path / "first.log")
        take_no_record(supervisor)
        die(supervisor.children[0])
        revived(supervisor)
        again = supervisor.children[0]
        assert (again.due, again.is_dead()) == (None, False)
        allow_the_record(supervisor)


def test_a_disk_that_takes_no_record_stops_neither_a_launch_nor_a_new_guard(tmp_path):
    with supervised(tmp_path) as supervisor:
        take_no_record(supervisor)
        supervisor.launch("first", SLEEP, log=tmp_path / "first.log")
        supervisor.guard.kill()
        supervisor.guard.wait()
        supervisor.revive()
        allow_the_record(supervisor)
        supervisor.launch("second", SLEEP, log=tmp_path / "second.log")
        noted = [note[0] for note in json.loads(supervisor.record.read_text(encoding="utf-8"))]
        assert noted == [child.process.pid for child in supervisor.children]


def test_pauses_grow_while_it_dies_young_and_end_with_a_steady_life():
    pauses = Pauses()
    assert [pauses.after_death() for _ in range(6)] == [1, 2, 4, 8, 8, 8]
    pauses.started = time.monotonic() - children.STEADY_SECONDS - 1
    assert pauses.after_death() == 0
    pauses.begin()
    assert pauses.after_death() == 1


def test_a_living_child_is_never_due():
    assert not Child("first", process=None, start=None, stop_with=signal.SIGTERM).is_due()


@pytest.mark.embedded
def test_killed_postgres_and_valkey_come_back_with_what_they_had():
    folder = Path(tempfile.mkdtemp(prefix="clinic-revival-"))
    folder.chmod(0o711)  # under root the server's user has to reach it
    try:
        with supervised(folder) as supervisor:
            database = postgres.start(folder / "postgres", launch=supervisor.launch)
            valkey.start(folder / "valkey", launch=supervisor.launch)
            ask(database, "create table kept (word text)")
            for child in list(supervisor.children):
                die(child)
            revived(supervisor)
            wait_until(lambda: postgres.answers(folder / "postgres"), seconds=BACK_SECONDS)
            wait_until(lambda: valkey.answers(folder / "valkey" / valkey.SOCKET), seconds=BACK_SECONDS)
            ask(database, "insert into kept values ('here')")
    finally:
        shutil.rmtree(folder)


def ask(server, statement):
    with psycopg.connect(server.url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(statement)
