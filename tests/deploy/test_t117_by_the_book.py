"""T117: the commands of docs/deploy.md, typed in their order on this machine, open a clinic that books, is copied and
restored, goes back to a moment, changes its keys and its release.
"""

import os
import re
from pathlib import Path

import pytest

from tests.deploy import story
from tests.deploy.blocks import blocks
from tests.deploy.browser import Browser
from tests.deploy.machine import SITE, Machine, Shell

NEEDED = {
    "/usr/bin/pg_createcluster": "postgresql",
    "/usr/bin/redis-server": "redis-server",
    "/usr/sbin/nginx": "nginx",
    "/usr/bin/openssl": "openssl",
    "/usr/bin/curl": "curl",
    "/usr/sbin/runuser": "util-linux",
}
CERTIFICATE = """
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$SITE" -addext "subjectAltName=DNS:$SITE" \
  -keyout /etc/mediluna/tls/privkey.pem -out /etc/mediluna/tls/fullchain.pem 2>/dev/null
"""
NOT_TYPED = {
    "packages": "what it installs is there, or the drill is skipped",
    "certificate": "no authority knows this machine: the certificate is its own",
}
ACCIDENT = "SET session_replication_role = replica; DELETE FROM scheduling_appointment"
VISITS = "SELECT count(*) FROM scheduling_appointment WHERE status = 'booked'"


def test_every_block_is_typed_or_has_its_reason():
    named = [name for name, _text in blocks()]
    assert sorted(named) == sorted({*FIRST_DAY, *LATER, *NOT_TYPED})


def obstacle() -> str:
    """Returns why the drill cannot run here; empty where it can."""
    if os.geteuid() != 0:
        return "the commands are for root"
    missing = sorted(package for program, package in NEEDED.items() if not Path(program).exists())
    if missing:
        return f"apt-get install {' '.join(missing)}"
    return ""


FIRST_DAY = ["names", "user", "settings", "database", "redis", "release", "first-start", "ready", "proxy", "first-key"]
LATER = [
    *("audit", "archiving", "copy", "moment", "point-in-time", "restore", "restored-takes-its-place"),
    *("new-keys", "former-keys", "upgrade"),
]


class Drill:
    def __init__(self, machine: Machine) -> None:
        self.machine, self.shell, self.texts = machine, Shell(machine), dict(blocks())

    def type(self, *names: str, **instead: str) -> str:
        """Types these blocks; `instead` replaces a value that the document gives as an example."""
        said = ""
        for name in names:
            text = self.texts[name]
            for variable, value in instead.items():
                text = re.sub(rf"(?m)^{variable}=\S+.*$", lambda _, v=f"{variable}='{value}'": v, text)
            said += self.shell.type(text)
        return said

    def visitor(self) -> Browser:
        certificate = self.machine.root / "etc/mediluna/tls/fullchain.pem"
        return Browser(SITE, self.machine.ports["https"], certificate)

    def is_well(self, visits: int) -> bool:
        """Tells whether the site answers through the proxy, the background works, and so many visits are there."""
        self.type("ready")
        assert "Белова" in self.visitor().open("/")
        return self.machine.ask(VISITS) == str(visits)


@pytest.fixture
def machine():
    if why := obstacle():
        pytest.skip(why)
    machine = Machine()
    yield machine
    machine.remove()


@pytest.fixture
def drill(machine):
    drill = Drill(machine)
    yield drill
    drill.shell.close()


@pytest.mark.embedded
@pytest.mark.long
def test_t117_from_a_bare_debian_to_the_first_visit_and_back_out_of_a_copy(drill, machine):
    machine.pack("first")
    before, after = FIRST_DAY[: FIRST_DAY.index("proxy")], FIRST_DAY[FIRST_DAY.index("proxy") :]
    drill.type(*before, RELEASE="first")
    drill.shell.type(CERTIFICATE)
    key = drill.type(*after).split()[-1]
    story.first_visit(drill.visitor, key)
    assert drill.is_well(visits=1)
    drill.type("audit", "archiving", "copy")
    assert drill.is_well(visits=1)
    until = machine.ask("SELECT now()")
    machine.ask(ACCIDENT)
    drill.type("moment", UNTIL=until)
    drill.type("point-in-time")
    assert drill.is_well(visits=1)
    machine.ask(ACCIDENT)
    drill.type("restore", "restored-takes-its-place")
    assert drill.is_well(visits=1)
    drill.type("new-keys", "former-keys", "audit")
    machine.pack("second")
    drill.type("names", "release", "upgrade", RELEASE="second")
    assert drill.is_well(visits=1)
    assert (machine.root / "opt/mediluna/current").resolve().name == "second"
