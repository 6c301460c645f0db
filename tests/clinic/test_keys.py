"""Keys that protect nothing, and a demo that strangers reach, are refused at start by name (O11, O12, T116)."""

import base64
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from clinic import keys

DRAWN = base64.b64encode(bytes(range(32))).decode()
SIGNING = "0123456789abcdef" * 4
GOOD = {
    "DATABASE_URL": "postgres://clinic@localhost/clinic",
    "REDIS_URL": "redis://localhost",
    "SECRET_KEY": SIGNING,
    "FIELD_KEYS": f"k1:{DRAWN}",
    "BLIND_INDEX_KEY": DRAWN,
}


def started(**changed: str) -> subprocess.CompletedProcess[str]:
    """Loads the settings as the web server does."""
    ours = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    return subprocess.run(
        [sys.executable, "-c", "from clinic import settings"],
        cwd=settings.BASE_DIR,
        env=ours | GOOD | changed,
        capture_output=True,
        text=True,
    )


def test_good_keys_start():
    assert started().returncode == 0


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"FIELD_KEYS": ""}, "FIELD_KEYS"),
        ({"BLIND_INDEX_KEY": ""}, "BLIND_INDEX_KEY"),
        ({"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS"),
        ({"BLIND_INDEX_KEY_FALLBACKS": f"{DRAWN},x"}, "BLIND_INDEX_KEY_FALLBACKS"),
        ({"DEMO": "1", "BEHIND_TLS": "1"}, "DEMO"),
    ],
)
def test_what_protects_nothing_does_not_start(changed, named):
    refused = started(**changed)
    assert refused.returncode == 1
    assert f"ImproperlyConfigured: {named} " in refused.stderr


@pytest.mark.parametrize("key", ["", "secret", "x" * 31, "ab" * 40, "a" * 64])
def test_a_key_that_can_be_guessed_signs_nothing(key):
    with pytest.raises(ImproperlyConfigured, match=r"^SECRET_KEY is too short or too simple"):
        keys.signing("SECRET_KEY", key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "AAAA",
        base64.b64encode(bytes(31)).decode(),
        base64.b64encode(bytes(range(33))).decode(),
        base64.b64encode(bytes(32)).decode(),
        base64.b64encode(b"no" * 16).decode(),
        "ключ" * 8,
        DRAWN[:-1] + "*",
    ],
)
def test_a_key_that_was_not_drawn_keeps_no_secret(key):
    with pytest.raises(ImproperlyConfigured, match=r"^BLIND_INDEX_KEY is not a key"):
        keys.secret("BLIND_INDEX_KEY", key)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([], "needs keys with a name"),
        ([f":{DRAWN}"], "needs keys with a name"),
        ([f"k1:{DRAWN}", f"k1:{DRAWN}"], "needs keys with a name"),
        ([DRAWN], "is not a key"),
        (["k1:AAAA"], r"\(k1\) is not a key"),
        ([f"k2:{DRAWN}", "k1:"], r"\(k1\) is not a key"),
    ],
)
def test_a_ring_that_cannot_be_right_is_refused_by_name(entries, said):
    with pytest.raises(ImproperlyConfigured, match=f"^FIELD_KEYS .*{said}|^FIELD_KEYS {said}"):
        keys.ring("FIELD_KEYS", entries)


def test_good_keys_are_taken_as_they_are():
    assert keys.signing("SECRET_KEY", SIGNING) == SIGNING
    assert keys.secret("BLIND_INDEX_KEY", DRAWN) == DRAWN
    assert keys.ring("FIELD_KEYS", [f"k2:{DRAWN}", f"k1:{DRAWN}"]) == [f"k2:{DRAWN}", f"k1:{DRAWN}"]
