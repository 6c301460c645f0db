"""Headers and cookies behind TLS and without (O28), of every kind of answer."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from clinic.headers import POLICY

pytestmark = pytest.mark.django_db

TELL = """
import json
from django.conf import settings as s
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
names += ["SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_PATH"]
names += ["SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""
BEHIND_TLS = {
    "SESSION_COOKIE_NAME": "__Host-sessionid",
    "CSRF_COOKIE_NAME": "__Host-csrftoken",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": "/",
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": False,
    "SECURE_HSTS_PRELOAD": False,
}
PLAIN = {name: False for name in BEHIND_TLS if "SECURE" in name} | {
    "SESSION_COOKIE_NAME": "sessionid",
    "CSRF_COOKIE_NAME": "csrftoken",
    "SESSION_COOKIE_DOMAIN": None,
    "SESSION_COOKIE_PATH": "/",
    "SECURE_HSTS_SECONDS": 0,
}


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"BEHIND_TLS": "1"}, BEHIND_TLS),
        ({"BEHIND_TLS": "0", "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}, PLAIN),
        (
            {"BEHIND_TLS": "1", "HSTS_SUBDOMAINS": "1", "HSTS_PRELOAD": "1", "HSTS_SECONDS": "60"},
            BEHIND_TLS
            | {"SECURE_HSTS_SECONDS": 60, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True},
        ),
    ],
)
def test_settings_behind_tls_and_without(variables, told):
    environment = os.environ | {"DEMO": "0"} | variables
    done = subprocess.run(
        [sys.executable, "-c", TELL], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True
    )
    assert json.loads(done.stdout) == told, done.stderr


@pytest.mark.parametrize("path", ["/", "/nothing/", "/office/", "/office/sign-in/", "/healthz"])
@pytest.mark.parametrize("method", ["get", "put"])
def test_every_answer_says_what_no_page_uses(client, path, method):
    answer = getattr(client, method)(path)
    assert answer.headers["Permissions-Policy"] == POLICY
    assert "camera=()" in POLICY
