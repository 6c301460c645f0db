import signal
import subprocess
import sys
import time

from standalone import guard, processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def test_children_taken_back_are_left_alone():
    assert guard.remaining(["+ 10 15\n", "+ 11 2\n", "- 10\n", "+ 12 15\n"]) == {11: 2, 12: 15}


def test_closed_pipe_ends_the_children():
    child = subprocess.Popen(SLEEP, start_new_session=True)
    watch = [sys.executable, "-m", "standalone.guard"]
    subprocess.run(watch, input=f"+ {child.pid} {int(signal.SIGTERM)}\n", text=True, timeout=30)
    assert child.wait(5) == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed():
    child = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout
    child.stdout.readline()
    processes.end(child.pid, seconds=0.2)
    assert child.wait(5) == -signal.SIGKILL
    child.stdout.close()


def test_a_suspended_child_is_woken_to_stop():
    child = subprocess.Popen(SLEEP, start_new_session=True)
    child.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    processes.end(child.pid, seconds=10)
    assert child.wait(5) == -signal.SIGTERM
    assert time.monotonic() - began < 5
