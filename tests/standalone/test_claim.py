import os
import subprocess
import sys

import pytest

from standalone.claim import AlreadyRunning, Claim, Note

KILLED = """
import os, pathlib, sys
from standalone.claim import Claim
claim = Claim(pathlib.Path(sys.argv[1]), "serve")
os.kill(os.getpid(), 9)
"""


def test_second_start_says_that_it_runs_and_where(tmp_path):
    first = Claim(tmp_path, "serve", "http://localhost:8000/")
    with pytest.raises(AlreadyRunning) as refusal:
        Claim(tmp_path, "serve")
    assert str(refusal.value) == (
        f"Клиника уже запущена: http://localhost:8000/ (процесс {os.getpid()}).\n"
        f"Остановить её: Ctrl-C в её окне или kill {os.getpid()}"
    )
    first.release()
    Claim(tmp_path, "serve").release()


def test_second_start_of_the_tests_says_to_wait(tmp_path):
    first = Claim(tmp_path, "test")
    with pytest.raises(AlreadyRunning, match=r"Уже выполняется «run\.py test»"):
        Claim(tmp_path, "test")
    first.release()


def test_note_of_a_killed_start_does_not_stop_the_next(tmp_path):
    subprocess.run([sys.executable, "-c", KILLED, tmp_path])
    assert (tmp_path / "running.json").exists()
    Claim(tmp_path, "serve").release()


def test_a_later_process_with_the_same_number_is_not_the_one_noted():
    assert not Note(os.getpid(), "born at another time", "serve").is_true()
