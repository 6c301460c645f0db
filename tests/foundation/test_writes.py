"""What an action leaves behind goes in one statement, and not at all when the action fails."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from foundation.accounts.actors import system
from foundation.audit import trail
from foundation.audit.models import AuditEvent
from foundation.database import writes
from notifications.models import Message
from patients.choices import Channel
from tests import factories as make
from waitlist.models import WaitlistRequest

pytestmark = pytest.mark.django_db


def message(key="one", **columns):
    return Message(template="booked", address="+79210001122", dedupe_key=key, due_at=timezone.now(), **columns)


def noted(action="test.noted"):
    trail.record(by=system("test"), action=action)


@writes.atomic
def act(*, fails=False):
    noted("test.outer")
    writes.insert(message())
    inner()
    if fails:
        raise ValueError


@writes.atomic
def inner():
    noted("test.inner")


def actions():
    return set(AuditEvent.objects.filter(actor="system:test").values_list("action", flat=True))


def test_an_action_and_those_it_calls_write_once(django_assert_num_queries):
    with django_assert_num_queries(3) as asked:  # a savepoint of the test's own transaction, and its release
        act()
    assert asked[1]["sql"].startswith("WITH part0 AS (INSERT")
    assert actions() == {"test.outer", "test.inner"}
    assert Message.objects.count() == 1


def test_nothing_is_written_by_an_action_that_fails():
    with pytest.raises(ValueError):
        act(fails=True)
    assert (actions(), Message.objects.count()) == (set(), 0)
    noted("test.after")
    assert actions() == {"test.after"}, "what waited is gone with the action it belonged to"


def test_an_inner_failure_takes_the_outer_action_with_it():
    @writes.atomic
    def broken():
        noted()
        raise KeyError

    @writes.atomic
    def careless():
        noted("test.careless")
        try:
            broken()
        except KeyError:
            return

    with pytest.raises(transaction.TransactionManagementError):
        careless()
    assert actions() == set()


def test_outside_an_action_it_is_written_at_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        noted()
    assert actions() == {"test.noted"}


def test_the_same_message_again_is_left_as_it_is():
    writes.insert(message())
    writes.insert(message(attempts=3), conflict=writes.IGNORE)
    assert Message.objects.get().attempts == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        writes.insert(message())


def test_an_object_does_not_slip_into_the_trail():
    with pytest.raises(TypeError):
        trail.record(by=system("test"), action="test.noted", patient_name=make.patient())


def test_a_moment_without_a_time_zone_is_refused():
    noon = message()
    noon.due_at = datetime(2026, 1, 1, 12)
    with pytest.raises(TypeError):
        writes.insert(noon)


def test_values_of_every_kind_are_written_as_django_writes_them():
    columns = {
        "specialty": make.specialty(),
        "doctor_ids": [uuid7(), uuid7()],
        "weekdays": [1, 3],
        "date_from": date(2026, 3, 8),
        "time_from": time(9, 30),
        "phone": "8 (921) 000-11-22",
        "last_name": "О'Коннор «\\»",
        "birth_date": date(1990, 5, 17),
        "channel": Channel.SITE,
        "consent_ip": "2001:db8::1",
        "note": gettext_lazy("Any time"),
    }
    ours, djangos = WaitlistRequest(**columns), WaitlistRequest(**columns)
    writes.insert(ours)
    djangos.save()
    kept = WaitlistRequest.objects.values(*columns, "state", "handled_at", "time_until")
    assert kept.get(pk=ours.pk) == kept.get(pk=djangos.pk)
    assert WaitlistRequest.objects.get(pk=ours.pk).created_at > timezone.now() - timedelta(minutes=1)


def test_a_default_of_the_database_is_not_overwritten_by_a_neighbour():
    rows = [AuditEvent(actor="system:test", actor_name="test", action="test.noted") for _ in range(2)]
    rows[0].at = timezone.now()
    with pytest.raises(ValueError, match="default"):
        writes.insert(*rows)
    assert actions() == set()


def test_rows_and_updates_go_together():
    patient = make.patient()

    @writes.atomic
    def both():
        writes.update([patient], note="в одном запросе")
        writes.insert(message("a"), message("b"))

    both()
    patient.refresh_from_db()
    assert (patient.note, Message.objects.count()) == ("в одном запросе", 2)
