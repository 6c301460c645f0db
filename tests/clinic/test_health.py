from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clinic import health
from foundation.database import brief
from scheduling.models import SlotRelease
from tests import factories as make
from waitlist import matching
from waitlist.models import Sweep

pytestmark = pytest.mark.django_db


def test_healthz_answers_without_anything(client):
    assert client.get("/healthz").content == b"ok"


def test_readyz_is_red_until_matching_has_run(client):
    assert client.get("/readyz").status_code == 503
    matching.match_freed()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)


def test_t15_a_stuck_sweep_turns_it_red(client):
    matching.match_freed()
    Sweep.objects.update(finished_at=timezone.now() - timedelta(minutes=3))
    assert client.get("/readyz").json()["matching"] is False


def test_t15_an_old_unhandled_release_turns_it_red(client):
    matching.match_freed()
    release = SlotRelease.objects.create(slot=make.slots_of(make.shift(make.doctor()))[0], reason="cancelled")
    SlotRelease.objects.filter(pk=release.pk).update(at=timezone.now() - timedelta(minutes=3))
    assert client.get("/readyz").status_code == 503


def test_a_broker_that_is_away_does_not_stop_booking(client, monkeypatch, tmp_path):
    monkeypatch.setattr(current_app.conf, "broker_url", f"redis+socket://{tmp_path}/nobody?virtual_host=0")
    matching.match_freed()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"]) == (200, False)


@contextmanager
def other_connection():
    """Opens a transaction of somebody else, who sees what is committed."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            yield cursor
            cursor.execute("ROLLBACK")
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_has_locked_makes_it_red_without_the_limits_of_pages(client):
    matching.match_freed()
    assert client.get("/readyz").status_code == 200
    connection.cursor().execute("SET lock_timeout = 0")
    connection.cursor().execute("SET statement_timeout = '5s'")
    with other_connection() as other, CaptureQueriesContext(connection) as asked:
        other.execute("SELECT FROM waitlist_sweep WHERE name = %s FOR UPDATE", [health.WRITE])
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["writable"]) == (503, False)
    assert [query["sql"] for query in asked if "500ms" in query["sql"]] == [brief._LIMITS]
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_checks_do_not_queue_for_their_row(client):
    matching.match_freed()
    assert client.get("/readyz").status_code == 200
    with other_connection() as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [health.WRITE])
        other.execute("SELECT FROM waitlist_sweep WHERE name = %s FOR UPDATE", [health.WRITE])
        assert client.get("/readyz").status_code == 200
