"""A stand-in for `systemctl` on a machine on which no systemd runs: does what a unit says, as its user.

`$DRILL` is the folder of the drill. Processes are known by the number in `run/<name>.started`, and are stopped by it.
"""

import os
import pwd
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

DRILL = Path(os.environ["DRILL"])
KEPT = ("PATH", "LANG", "PGCLUSTER")


def main(verb, *names):
    for name in names:
        if name == "--now" or name.endswith(".timer"):
            continue
        if verb in ("stop", "restart", "reload"):
            stop(name)
        if verb in ("start", "restart", "reload", "enable"):
            start(name)


def start(name):
    if name.startswith("postgresql@"):
        version, _, cluster = name.removeprefix("postgresql@").partition("-")
        subprocess.run(["pg_ctlcluster", version, cluster, "start"], check=True)
        return
    if is_running(name):
        return
    unit = read(name)
    if unit.get("StateDirectory"):
        make_state(unit)
    command = {"args": shlex.split(unit["ExecStart"]), "cwd": unit.get("WorkingDirectory", "/"), "env": variables(unit)}
    command |= {"user": unit["User"], "group": unit["User"], "extra_groups": []} if "User" in unit else {}
    with (DRILL / "run" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            **command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, umask=0o077
        )
    if unit.get("Type") == "oneshot":
        code = process.wait()
        if code:
            sys.exit(f"{name} ended with {code}: see run/{name}.log")
    else:
        (DRILL / "run" / f"{name}.started").write_text(str(process.pid))


def stop(name):
    if name.startswith("postgresql@"):
        version, _, cluster = name.removeprefix("postgresql@").partition("-")
        subprocess.run(["pg_ctlcluster", version, cluster, "stop", "--mode", "fast"], check=True)
        return
    note = DRILL / "run" / f"{name}.started"
    if is_running(name):
        pid = int(note.read_text())
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + 60
        while is_running(name):
            if time.monotonic() > deadline:
                os.killpg(pid, signal.SIGKILL)
            time.sleep(0.1)
    note.unlink(missing_ok=True)


def is_running(name):
    try:
        pid = int((DRILL / "run" / f"{name}.started").read_text())
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def read(name):
    """Returns the unit: of the release, or of the two servers that come from packages."""
    if name == "redis-server":
        return {
            "User": "redis",
            "ExecStart": f"/usr/bin/redis-server {DRILL}/etc/redis/redis.conf --daemonize no --supervised no",
        }
    if name == "nginx":
        return {"ExecStart": f"/usr/sbin/nginx -c {DRILL}/etc/nginx/nginx.conf -g 'daemon off;'"}
    text = (DRILL / "etc/systemd/system" / f"{name}.service").read_text()
    unit = {}
    for key, value in re.findall(r"(?m)^(\w+)=(.*)$", text):
        unit[key] = f"{unit[key]} {value}" if key == "Environment" and key in unit else value
    return unit


def variables(unit):
    """Returns the environment of the unit: its file, then its own, as systemd reads them."""
    made = {key: os.environ[key] for key in KEPT}
    if file := unit.get("EnvironmentFile"):
        for line in Path(file).read_text().splitlines():
            if line and not line.startswith("#"):
                key, _, value = line.partition("=")
                made[key] = "".join(shlex.split(value))
    return made | dict(each.partition("=")[::2] for each in shlex.split(unit.get("Environment", "")))


def make_state(unit):
    folder, owner = DRILL / "var/lib" / unit["StateDirectory"], pwd.getpwnam(unit["User"])
    folder.mkdir(mode=int(unit["StateDirectoryMode"], 8), exist_ok=True)
    os.chown(folder, owner.pw_uid, owner.pw_gid)


if __name__ == "__main__":
    if sys.argv[1] != "daemon-reload":
        main(*sys.argv[1:])
