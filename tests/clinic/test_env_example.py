"""What `.env.example` says is enough to open a clinic: settings load, and nothing is wrong with them."""

import base64
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

KEY = base64.b64encode(bytes(range(32))).decode()
FILLED = {
    "SECRET_KEY": "".join(map(chr, range(48, 120))),
    "FIELD_KEYS": f"k1:{KEY}",
    "BLIND_INDEX_KEY": KEY,
    "SMSRU_API_ID": "key",
}
OF_COMPOSE = {"DATABASE_URL": "postgres://clinic@localhost/clinic", "REDIS_URL": "redis://localhost", "BEHIND_TLS": "1"}


def typed() -> dict[str, str]:
    """Returns the file as compose reads it, with what has to be filled in."""
    lines = Path(settings.BASE_DIR, ".env.example").read_text(encoding="utf-8").splitlines()
    named = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert FILLED.keys() <= named.keys()
    return named | FILLED | OF_COMPOSE


def test_the_example_opens_a_clinic():
    ours = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env=ours | typed() | {"DJANGO_SETTINGS_MODULE": "clinic.settings"},
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr
