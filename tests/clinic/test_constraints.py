"""The rules of accounts, audit and messages that the database holds; and that no rule of any app goes untested."""

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from foundation.drafts.models import LONGEST, Draft
from notifications.models import Message
from telephony.models import ExchangeCall
from tests import factories as make
from tests.constraints import Cases, run_sql, violates
from tests.patients import test_constraints as of_patients
from tests.scheduling import test_constraints as of_scheduling
from tests.waitlist import test_constraints as of_waitlist
from tests.worklist import test_constraints as of_worklist

pytestmark = pytest.mark.django_db

OURS = {
    "accounts",
    "audit",
    "drafts",
    "guard",
    "idempotency",
    "patients",
    "notifications",
    "scheduling",
    "telephony",
    "waitlist",
    "worklist",
}


def draft(**columns):
    return Draft.objects.create(**{"owner": "staff:1", "sealed": "k1:…", "until": timezone.now()} | columns)


def message(**columns):
    return Message.objects.create(
        **{"template": "booked", "address": "+79210001122", "dedupe_key": "one", "due_at": timezone.now()} | columns
    )


def exchange_call(**columns):
    return ExchangeCall.objects.create(**{"call": "1", "rang_at": timezone.now()} | columns)


CASES: Cases = {
    "user_role_known": lambda: User.objects.filter(pk=make.user().pk).update(role="owner"),
    "user_extension_once": lambda: [make.user(extension="101") for _ in range(2)],
    "exchange_call_once": lambda: [exchange_call() for _ in range(2)],
    "exchange_call_answered_or_missed": lambda: exchange_call(answered_at=timezone.now(), missed_at=timezone.now()),
    "audit_actor_known": lambda: AuditEvent.objects.create(actor="", action="patient.shown"),
    "draft_is_small": lambda: draft(sealed="й" * (LONGEST + 1)),
    "draft_has_owner": lambda: draft(owner=""),
    "message_once": lambda: [message() for _ in range(2)],
    "message_has_address": lambda: message(address=""),
    "message_template_known": lambda: message(template="advertising"),
    "message_code_is_sealed": lambda: message(template="code", facts={"code": "048213"}),
    "message_secrets_have_an_end": lambda: message(sealed="k1:…"),
    "message_sent_when": lambda: message(state="sent"),
}
APPEND_ONLY = [
    "audit_auditevent",
    "audit_auditseal",
    *of_patients.APPEND_ONLY,
    *of_scheduling.APPEND_ONLY,
    *of_waitlist.APPEND_ONLY,
]
TESTED = {*CASES, *of_patients.CASES, *of_scheduling.CASES, *of_waitlist.CASES, *of_worklist.CASES}


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with violates(name):
        CASES[name]()


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET id = id", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_the_database_only_adds(table, statement):
    with violates(f"{table}_append_only"):
        run_sql(statement.format(table))


def test_every_declared_constraint_is_tested():
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    declared = {constraint.name for model in models for constraint in model._meta.constraints}
    assert declared - TESTED == set()


def test_every_rule_written_in_sql_is_tested():
    """Foreign keys over two columns and append-only triggers are in migrations, not in the models."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) > 1")
        assert {name for (name,) in cursor.fetchall()} <= TESTED
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_append\\_only'")
        assert {table for (table,) in cursor.fetchall()} == set(APPEND_ONLY)
