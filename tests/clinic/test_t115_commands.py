"""T115: what is done with keys, heads, the chain and the lists on paper has its row, also without a browser."""

import pytest
from django.core.management import call_command

from clinic import rotation
from foundation.accounts import first_run
from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests.clinic.doors import ADDRESS

pytestmark = pytest.mark.django_db
GOOD = "lunnaya-doroga-7"


def rows():
    """Returns what is in the audit beside what the factories do."""
    found = AuditEvent.objects.exclude(actor=make.TEST.ref).order_by("id")
    return list(found.values_list("action", "actor", "object_ref", "ip"))


def test_keys_are_used():
    call_command("rotate_keys")
    names = [name for name, _rows in rotation.rotate()]
    assert names
    assert rows() == [("keys.rotated", "system:rotate_keys", f"{name}: 0", "") for name in names]


def test_the_first_head_by_the_key_from_the_log(client, settings):
    settings.DEMO = False
    typed = {"last_name": "Зимина", "first_name": "Вера", "login": "zimina", "key": (key := first_run.new_key())}
    client.post("/office/first-run/", typed | {"password": GOOD, "password_again": GOOD}, REMOTE_ADDR=ADDRESS)
    assert rows() == [("staff.head_made", "system:first_run", ref_of(User.objects.get()), ADDRESS)]
    assert not AuditEvent.objects.filter(details__icontains=key).exists()


def test_a_head_by_command(monkeypatch):
    monkeypatch.setenv("HEAD_PASSWORD", GOOD)
    call_command("create_head", login="zimina", name="Зимина Вера")
    assert rows() == [("staff.head_made", "system:create_head", ref_of(User.objects.get()), "")]


def test_the_chain_is_checked():
    call_command("verify_audit")
    assert [(action, by, ip) for action, by, _seal, ip in rows()] == [("audit.verified", "system:verify_audit", "")]


def test_lists_are_written_on_paper(tmp_path):
    make.appointment()
    call_command("write_paper_lists", str(tmp_path))
    assert set(rows()) == {("lists.exported", "system:paper", "", "")}


def test_second_step_of_somebody_who_has_none_is_no_act():
    call_command("reset_second_factor", login=make.user(Role.HEAD).username)
    assert rows() == []
