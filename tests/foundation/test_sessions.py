"""Sessions in Django's table by our own statements, and the locks by name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from foundation.database.locks import advisory_lock, try_advisory_lock
from foundation.database.sessions import SessionStore

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def kept(db):
    store = SessionStore()
    store["typed"] = {"last_name": "Лунина"}
    store.save()
    return store.session_key


def read(key):
    return dict(SessionStore(key).items())


def test_what_was_kept_is_read_by_one_statement(kept, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert read(kept) == {"typed": {"last_name": "Лунина"}}


def test_a_session_is_changed_by_one_statement_and_lives_on(kept, django_assert_num_queries):
    before = Session.objects.get(pk=kept).expire_date
    store = SessionStore(kept)
    store["typed"] = {"last_name": "Орлова"}
    with django_assert_num_queries(1):
        store.save()
    assert read(kept) == {"typed": {"last_name": "Орлова"}}
    assert Session.objects.get(pk=kept).expire_date > before


def test_a_session_that_was_ended_meanwhile_is_not_made_anew(kept):
    store = SessionStore(kept)
    store["typed"] = {}
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("late", "there"), [(-MOMENT, True), (timedelta(0), False)])
def test_a_session_ends_with_its_moment(kept, late, there):
    ends = Session.objects.get(pk=kept).expire_date
    with time_machine.travel(ends + late, tick=False):
        assert bool(read(kept)) == there


@pytest.mark.parametrize("key", ["nobody" * 6, "'; DROP TABLE django_session; --"])
def test_a_key_of_nobody_is_an_empty_session(kept, key):
    before = Session.objects.count()
    store = SessionStore(key)
    assert (dict(store.items()), store.session_key) == ({}, None)
    assert Session.objects.count() == before


def test_a_damaged_session_is_an_empty_one(kept):
    Session.objects.update(session_data="damaged")
    assert read(kept) == {}


def test_who_signed_in_before_the_move_of_the_staffs_code_is_still_signed_in(db):
    store = SessionStore()
    store[BACKEND_SESSION_KEY] = "clinic.accounts.backend.StaffBackend"
    store.save()
    assert read(store.session_key) == {BACKEND_SESSION_KEY: "foundation.accounts.backend.StaffBackend"}


@pytest.fixture
def commits():
    """What the setting is; the server of the tests itself waits for no disk."""

    def ask(statement="SHOW synchronous_commit"):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None

    ask("SET synchronous_commit = on")
    yield ask
    ask("RESET synchronous_commit")


def kept_anew(key):
    store = SessionStore(key)
    store["typed"] = {"last_name": "Ли"}
    store.save()


def test_a_session_kept_inside_a_transaction_leaves_it_as_sure_as_it_was(kept, commits):
    """Else a booking in the same transaction might be lost by a power cut."""
    kept_anew(kept)
    assert commits() == "on"


@pytest.mark.django_db(transaction=True)
def test_a_session_kept_by_itself_leaves_what_comes_after_it_as_sure_as_it_was(commits):
    store = SessionStore()
    store.save()
    kept_anew(store.session_key)
    assert (read(store.session_key), commits()) == ({"typed": {"last_name": "Ли"}}, "on")


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_held_until_the_transaction_ends_by_its_name_alone():
    def elsewhere(name):
        try:
            with transaction.atomic():
                return try_advisory_lock(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            advisory_lock("phone")
            assert try_advisory_lock("phone"), "whoever holds it may take it again"
            assert [thread.submit(elsewhere, name).result() for name in ("phone", "other")] == [False, True]
        assert thread.submit(elsewhere, "phone").result()
