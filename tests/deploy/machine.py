"""A machine as docs/deploy.md has it, as far as a folder of its own goes: paths, ports, a user, and no systemd."""

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from standalone.supervisor import ROOT
from tests.races.servers import free_port

CLUSTER = USER = "mediluna-drill"
SITE = "clinic.example.org"
STAND_IN = Path(__file__).with_name("systemctl.py")
PROGRAMS = "/usr/sbin:/usr/bin:/sbin:/bin"


class Machine:
    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="mediluna-drill-"))
        self.root.chmod(0o711)
        self.ports = {name: free_port() for name in ("http", "https", "site", "postgres", "redis")}
        self.version = max(int(path.name) for path in Path("/usr/lib/postgresql").iterdir())
        self.environment = {
            **{name: value for name, value in os.environ.items() if name.startswith("PIP_") or name == "HOME"},
            "PATH": f"{self.root}/bin:{self.root}/usr/local/sbin:{PROGRAMS}",
            "LANG": "C.UTF-8",
            "PGCLUSTER": f"{self.version}/{CLUSTER}",
            "CURL_HOME": str(self.root),
            "DRILL": str(self.root),
        }
        self._make_folders()
        self._make_programs()
        self._make_servers()

    def here(self, text: str) -> str:
        """Returns a text of the document, or of a file that it installs, as it is on this machine."""
        for what, instead in self._substitutions():
            text = re.sub(what, instead, text)
        return text

    def _substitutions(self) -> list[tuple[str, str]]:
        ports = self.ports
        return [
            (
                r"(?<![\w.\]}/])/(opt/mediluna|etc/mediluna|etc/nginx|etc/redis|etc/systemd/system"
                r"|usr/local/sbin|var/lib/mediluna|var/backups/mediluna|var/www|srv/mediluna)",
                rf"{self.root}/\1",
            ),
            (r"(?m)^PG=15\b", f"PG={self.version}"),
            (r"(\$PG[-/])main\b", rf"\1{CLUSTER}"),
            (r"127\.0\.0\.1:5432", f"127.0.0.1:{ports['postgres']}"),
            (r"127\.0\.0\.1:6379", f"127.0.0.1:{ports['redis']}"),
            (r"127\.0\.0\.1:8000", f"127.0.0.1:{ports['site']}"),
            (r"(listen (?:\[::\]:)?)80\b", rf"\g<1>{ports['http']}"),
            (r"(listen (?:\[::\]:)?)443\b", rf"\g<1>{ports['https']}"),
            (r"(runuser -u |User=|nologin )mediluna\b", rf"\1{USER}"),
        ]

    def _make_folders(self) -> None:
        for folder in (
            "bin",
            "etc/systemd/system",
            "opt",
            "usr/local/sbin",
            "var/lib",
            "var/backups",
            "var/www",
            "run",
        ):
            (self.root / folder).mkdir(parents=True)
        (self.root / "srv").mkdir(mode=0o700)

    def _make_programs(self) -> None:
        for name, text in {
            "systemctl": f'exec /usr/bin/python3 {STAND_IN} "$@"',
            "nginx": f'exec /usr/sbin/nginx -c {self.root}/etc/nginx/nginx.conf "$@"',
        }.items():
            program = self.root / "bin" / name
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        curl = f'cacert = "{self.root}/etc/mediluna/tls/fullchain.pem"\n'
        curl += f'connect-to = "{SITE}:443:127.0.0.1:{self.ports["https"]}"\n'
        (self.root / ".curlrc").write_text(curl)

    def _make_servers(self) -> None:
        """Makes what the packages of Debian bring along: a cluster, and the folders of Redis and nginx."""
        port = str(self.ports["postgres"])
        run("pg_createcluster", "--port", port, str(self.version), CLUSTER, "--start")
        for name in ("nginx", "redis"):
            shutil.copytree(f"/etc/{name}", self.root / "etc" / name, symlinks=True)
        nginx = self.root / "etc/nginx/nginx.conf"
        nginx.write_text(re.sub(r"/(run|var/log/nginx)/", rf"{self.root}/run/", self.here(nginx.read_text())))
        self._make_redis()

    def _make_redis(self) -> None:
        folder, entry = self.root / "etc/redis", pwd.getpwnam("redis")
        data = self.root / "var/lib/redis"
        data.mkdir()
        with (folder / "redis.conf").open("a") as conf:
            conf.write(f"\nport {self.ports['redis']}\ndir {data}\nlogfile ''\npidfile ''\nunixsocket ''\n")
        for path in (folder, *folder.iterdir(), data):
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def pack(self, release: str) -> None:
        """Makes the archive of a release, with the machine's own paths in the files that it installs."""
        tree = Path(tempfile.mkdtemp(prefix="mediluna-release-"))
        listed = run("git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
        for name in (name for name in listed if not name.startswith("tests/")):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
        for file in (path for path in (tree / "deploy").rglob("*") if path.is_file()):
            file.write_text(self.here(file.read_text()))
        run(
            "tar",
            "-czf",
            str(self.root / f"srv/mediluna-{release}.tar.gz"),
            "-C",
            str(tree),
            *sorted(os.listdir(tree)),
        )
        shutil.rmtree(tree)

    def ask(self, question: str, database: str = "clinic") -> str:
        command = ("runuser", "-u", "postgres", "--", "psql", "-Atq", f"--dbname={database}", f"--command={question}")
        return run(*command, env=self.environment).strip()

    def remove(self) -> None:
        """Stops what was started, by its own number, and takes everything away."""
        names = [path.stem for path in (self.root / "run").glob("*.started")]
        subprocess.run([self.root / "bin/systemctl", "stop", *names], env=self.environment, check=False)
        subprocess.run(["pg_dropcluster", "--stop", str(self.version), CLUSTER], check=False)
        for left in Path(f"/var/lib/postgresql/{self.version}").glob(f"{CLUSTER}.*"):
            shutil.rmtree(left)
        subprocess.run(["userdel", USER], check=False, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.root)


def run(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd="/", stdin=subprocess.DEVNULL)
    assert done.returncode == 0, f"{command[0]}: {done.stdout}{done.stderr}"
    return done.stdout


class Shell:
    """One shell of root, in which the blocks share their names, as a person has it."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            env=machine.environment,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def type(self, block: str) -> str:
        """Types a block and returns what it says; the first command that fails ends it."""
        file = self.machine.root / "typed.sh"
        file.write_text(f"set -euo pipefail\n{self.machine.here(block)}")
        self.process.stdin.write(f". {file} </dev/null\nprintf '\\n== done\\n'\n")
        self.process.stdin.flush()
        said = []
        for line in iter(self.process.stdout.readline, ""):
            if line == "== done\n":
                return "".join(said)
            said.append(line)
        raise AssertionError(f"{block}\n== says ==\n{''.join(said)}")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
