"""Fixtures and settings of all tests. Real Postgres, real rows; nothing of ours is replaced."""

import logging
import math
import os
import sys
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.db.backends.signals import connection_created
from django.template import VariableDoesNotExist
from django.test import TransactionTestCase, override_settings
from psycopg.errors import DeadlockDetected

from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from foundation.database import clock
from foundation.database.read_models import ReadModel
from tests.template import own_database


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def pytest_configure(config):
    """Keeps options for tests/examples.py, which is loaded only by tests that need Hypothesis."""
    os.environ["LONG_TESTS"] = "1" if config.getoption("--long") else ""


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="long: run with --long")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """Takes both cores for the whole suite; for a file or a word workers are not worth their start."""
    chosen = config.args_source is pytest.Config.ArgsSource.ARGS or config.option.keyword or config.option.markexpr
    return 0 if chosen or config.option.lf else 2


def pytest_collection_finish(session):
    """Drops Hypothesis' plugin, which would load it, a second of work, to say that no test has used it."""
    if "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Gives this process a database of its own, instead of one that is migrated anew.

    Tests stop the clock of their process, which is then no skew: those of the skew measure it themselves.
    """
    connection_created.disconnect(clock.measure)
    with django_db_blocker.unblock(), own_database(), django_db_blocker.block():
        yield


_flush = TransactionTestCase._fixture_teardown


def _flush_append_only_tables_too(self):
    """Cleans append-only tables between tests, past the triggers that refuse TRUNCATE."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    try:
        _flush(self)
    except CommandError as error:
        if not isinstance(getattr(error.__cause__, "__cause__", None), DeadlockDetected):
            raise
        _flush(self)  # the last statement of a server that a test has killed was in the way
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")


TransactionTestCase._fixture_teardown = _flush_append_only_tables_too


@pytest.fixture(scope="session", autouse=True)
def static_files_without_a_manifest():
    """Holds for fixtures of a whole file too: what a page names once stays so for the whole process."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def everyday_settings(settings):
    """Lets the clinic phone round the clock, as tests run at any hour."""
    settings.CALL_HOURS = [("00:00", "24:00"), ("00:00", "24:00")]
    settings.PROPOSALS_AT_LEAST = 1000  # tests propose calls with nobody signed in
    settings.CATALOGUE_SECONDS = 0
    settings.MESSAGE_ROUTES = {"sms": ["console"], "email": ["console"]}
    settings.FALLBACK_SECONDS = 0  # a test's process does nothing after the test; that of the fallback waits for it
    settings.FORM_SECONDS = 0  # a test fills in a form at once
    settings.AUDIT_ANCHOR = ""  # tests have databases of their own, one after the other
    settings.UNDO_SECONDS = 0  # what follows from a step follows at once; the tests of the way back wait for it
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def the_settings_say_who_the_clinic_is(monkeypatch):
    """Asks the database on no page, so that statements are counted without it; who writes it has it read anew."""
    known = SimpleNamespace(written={}, until=math.inf)
    monkeypatch.setattr("foundation.organization.card._known", known)


class Unread(logging.Handler):
    """Fails a test when a template asks for what a read model has not read, which templates swallow."""

    def emit(self, record):
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, VariableDoesNotExist) and isinstance(error.params[1], ReadModel):
            raise AssertionError(f"A template asks {error.params[1]} for {error.params[0]}, which it has not read.")


@pytest.fixture(scope="session", autouse=True)
def templates_ask_for_what_was_read():
    logger, handler = logging.getLogger("django.template"), Unread()
    logger.setLevel(logging.DEBUG)
    logger.propagate = False  # a template may well look for what is not there
    logger.addHandler(handler)


@pytest.fixture
def make(db):
    """Gives the factories, loaded late: they load the whole product, and a test without a database needs none."""
    from tests import factories

    return factories


@pytest.fixture
def registrar(make):
    return make.user(Role.REGISTRAR)


@pytest.fixture
def operator(make):
    return make.user(Role.OPERATOR)


@pytest.fixture
def by(registrar):
    """The actor of actions under test."""
    return staff(registrar)


@pytest.fixture
def phone(settings, db):
    """The patients' phones: what the provider takes is read there."""
    from tests.phone import Phone

    settings.MESSAGE_ROUTES = {"sms": ["tests.phone.Phone"]}
    Phone.clear()
    return Phone


@pytest.fixture
def sign_in(client, make):
    """`sign_in(Role.OPERATOR)` gives a test client with that person signed in."""

    def sign(role_or_user):
        person = role_or_user if not isinstance(role_or_user, str) else make.user(role_or_user)
        client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
        client.user = person
        return client

    return sign
