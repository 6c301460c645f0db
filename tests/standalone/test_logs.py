import subprocess
import sys

from standalone import logs

CHATTER = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"


def test_each_start_has_a_log_of_its_own_and_the_oldest_goes(tmp_path):
    log = tmp_path / "logs" / "web.log"
    for number in range(logs.KEPT + 2):
        logs.begin(log)
        logs.note(log, str(number))
    kept = {file.name: file.read_text() for file in log.parent.iterdir()}
    last = logs.KEPT + 1
    assert kept == {"web.log": f"{last}\n"} | {f"web.log.{n}": f"{last - n}\n" for n in range(1, logs.KEPT + 1)}
    assert {file.stat().st_mode & 0o777 for file in log.parent.iterdir()} == {0o600}


def test_a_log_that_has_grown_too_long_goes_on_in_an_empty_file(tmp_path):
    log = tmp_path / "web.log"
    logs.begin(log)
    with log.open("ab") as output:
        child = subprocess.Popen([sys.executable, "-c", CHATTER], stdin=subprocess.PIPE, stdout=output, text=True)
    said = iter(("before\n", "after\n"))
    for cut_after in (True, False):
        before = log.stat().st_size
        child.stdin.write(next(said))
        child.stdin.flush()
        while log.stat().st_size == before:
            pass
        if cut_after:
            logs.cut([log], longest=3)
    child.communicate()
    assert (log.read_text(), (tmp_path / "web.log.1").read_text()) == ("after\n", "before\n")


def test_a_short_log_and_a_missing_one_are_left_alone(tmp_path):
    short = tmp_path / "web.log"
    short.write_text("short")
    logs.cut([short, tmp_path / "none.log"])
    assert [file.name for file in tmp_path.iterdir()] == ["web.log"]
