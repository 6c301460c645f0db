"""The door of the exchange: signed, within its window, off without a secret; and the script of the manual."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from api.signature import sign
from clinic import keys
from telephony.models import ExchangeCall

URL = "/exchange/calls/"
SECRET = "0123456789abcdef" * 4
RINGS = {"event": "ringing", "call": "1764320000.12", "number": "8 921 000-11-22", "extension": "101"}


@pytest.fixture(autouse=True)
def exchange(settings):
    settings.EXCHANGE_SECRET = SECRET


def send(data, *, secret=SECRET, ago=0, signed=None, **headers):
    body = urlencode(data)
    second = str(int(timezone.now().timestamp()) - ago)
    signature = sign(secret, second, (signed or body).encode())
    sent = {"X-Clinic-Timestamp": second, "X-Clinic-Signature": signature} | headers
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, body, content_type="application/x-www-form-urlencoded", headers=sent)


@pytest.mark.django_db
def test_what_is_signed_is_written():
    answer = send(RINGS)
    call = ExchangeCall.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"call": str(call.pk)})
    assert (call.call, call.number.as_e164, call.rings_at) == (RINGS["call"], "+79210001122", ["101"])


@pytest.mark.django_db
def test_the_same_told_again_changes_nothing():
    assert send(RINGS).json() == send(RINGS).json()
    assert ExchangeCall.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "anonymous", "Unavailable", "921", "<script>", "+7921000112233445566"])
def test_a_number_that_is_hidden_or_not_whole_is_none(number):
    assert send(RINGS | {"number": number}).status_code == 200
    assert ExchangeCall.objects.get().number == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "another" * 8},
        {"ago": 301},
        {"ago": -302},
        {"signed": "event=answered"},
        {"X-Clinic-Signature": ""},
        {"X-Clinic-Signature": "ы"},
        {"X-Clinic-Timestamp": ""},
        {"X-Clinic-Timestamp": "²"},
        {"X-Clinic-Timestamp": "-1"},
        {"X-Clinic-Timestamp": "9" * 40},
    ],
)
def test_what_is_not_signed_is_refused(wrong):
    assert send(RINGS, **wrong).status_code == 403
    assert not ExchangeCall.objects.exists()


@pytest.mark.django_db
def test_the_second_is_signed_with_the_body():
    """A captured event cannot be sent again with a second of now."""
    second, body = str(int(timezone.now().timestamp())), urlencode(RINGS)
    old = sign(SECRET, str(int(second) - 1000), body.encode())
    assert send(RINGS, **{"X-Clinic-Signature": old}).status_code == 403


@pytest.mark.django_db
def test_too_much_at_once_is_refused():
    assert send(RINGS | {"recording_id": "x" * 5000}).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"event": "exploded"}, "event"),
        ({"call": ""}, "call"),
        ({"call": "1" * 101}, "call"),
        ({"call": "1\0"}, "call"),
        ({"extension": "101; rm -rf"}, "extension"),
        ({"event": "recorded", "recording_link": "javascript:alert(1)"}, "recording_link"),
        ({"event": "recorded", "recording_link": "ftp://pbx/1.wav"}, "recording_link"),
    ],
)
def test_what_cannot_be_read_is_named(wrong, field):
    answer = send(RINGS | wrong)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])


@pytest.mark.django_db
def test_without_a_secret_there_is_no_door(settings):
    settings.EXCHANGE_SECRET = ""
    assert send(RINGS, secret="").status_code == 404


@pytest.mark.parametrize("weak", ["short", "a" * 64])
def test_a_secret_that_can_be_guessed_is_refused_at_start(weak):
    with pytest.raises(ImproperlyConfigured, match="EXCHANGE_SECRET"):
        keys.signing("EXCHANGE_SECRET", weak)


def script() -> str:
    manual = (Path(configured.BASE_DIR) / "docs" / "telephony.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```sh tell_clinic\n(.*?)```", manual, re.S)
    return found


@pytest.mark.django_db(transaction=True)
def test_the_script_of_the_manual_tells_the_clinic(live_server, tmp_path):
    (tmp_path / "clinic.conf").write_text(f"CLINIC_URL={live_server.url}\nCLINIC_SECRET={SECRET}\n")
    (tmp_path / "tell_clinic").write_text(script())
    told = [
        ["ringing", "1764320000.12", "+79210001122", "101"],
        ["answered", "1764320000.12", "", "101"],
        ["recorded", "1764320000.12", "", "", "запись 1&2.wav", "https://pbx.example/1?a=1&b=2"],
    ]
    for words in told:
        run = subprocess.run(
            ["sh", tmp_path / "tell_clinic", *words],
            env={"PATH": os.environ["PATH"], "CLINIC_CONF": str(tmp_path / "clinic.conf")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, "")
    call = ExchangeCall.objects.get()
    assert (call.number.as_e164, call.extension, call.answered_at is not None) == ("+79210001122", "101", True)
    assert (call.recording_id, call.recording_link) == ("запись 1&2.wav", "https://pbx.example/1?a=1&b=2")
