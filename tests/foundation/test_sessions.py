"""Sessions in Django's table by our own statements, and the locks by name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
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
    before = Session.objects.get().expire_date
    store = SessionStore(kept)
    store["typed"] = {"last_name": "Орлова"}
    with django_assert_num_queries(1):
        store.save()
    assert read(kept) == {"typed": {"last_name": "Орлова"}}
    assert Session.objects.get().expire_date > before


def test_a_session_that_was_ended_meanwhile_is_not_made_anew(kept):
    store = SessionStore(kept)
    store["typed"] = {}
    Session.objects.all().delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


@pytest.mark.parametrize(("late", "there"), [(-MOMENT, True), (timedelta(0), False)])
def test_a_session_ends_with_its_moment(kept, late, there):
    ends = Session.objects.get().expire_date
    with time_machine.travel(ends + late, tick=False):
        assert bool(read(kept)) == there


@pytest.mark.parametrize("key", ["nobody" * 6, "'; DROP TABLE django_session; --"])
def test_a_key_of_nobody_is_an_empty_session(kept, key):
    store = SessionStore(key)
    assert (dict(store.items()), store.session_key) == ({}, None)
    assert Session.objects.count() == 1


def test_a_damaged_session_is_an_empty_one(kept):
    Session.objects.update(session_data="damaged")
    assert read(kept) == {}


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
