"""The writes of an action go in one statement, and not at all when the action fails."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import F, Value
from django.db.models.functions import Now, Upper
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy
from uuid_utils.compat import uuid7

from foundation.accounts.actors import system
from foundation.audit import trail
from foundation.audit.models import AuditEvent
from foundation.database import writes
from notifications.choices import MessageState
from notifications.models import Message
from patients.choices import Channel
from scheduling.models import Appointment
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


def written(action):
    """Returns the statements of an action, run as one, without those of the transaction around it."""
    with CaptureQueriesContext(connection) as asked:
        writes.atomic(action)()
    return [query["sql"].split()[0] for query in asked.captured_queries][1:-1]


@pytest.fixture
def kept():
    """A message that is in the database, as it was read."""
    writes.insert(message())
    return Message.objects.get()


def test_a_row_updated_twice_carries_both_changes(kept):
    def twice():
        writes.update([kept], attempts=1, last_error="сначала")
        writes.update([kept], attempts=2)

    assert written(twice) == ["UPDATE", "UPDATE"]
    assert Message.objects.values_list("attempts", "last_error").get() == (2, "сначала")


def test_a_row_may_be_updated_as_soon_as_it_is_inserted():
    def one_row():
        made = message()
        writes.insert(made)
        writes.update([made], attempts=1)

    assert written(one_row) == ["INSERT", "UPDATE"]
    assert Message.objects.get().attempts == 1


def test_a_row_is_found_again_through_another_object_of_it(kept):
    def both():
        writes.update([kept], attempts=1)
        writes.update([Message(pk=kept.pk)], last_error="потом")

    assert written(both) == ["UPDATE", "UPDATE"]
    assert Message.objects.values_list("attempts", "last_error").get() == (1, "потом")


def test_other_rows_of_the_table_go_along():
    rows = [message("a"), message("b")]
    writes.insert(*rows)

    def each():
        for row in rows:
            writes.update([row], attempts=1)

    assert written(each) == ["WITH"]
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


def test_an_update_makes_room_for_the_row_that_is_inserted_after_it(kept):
    def replace():
        writes.update([kept], dedupe_key="before")
        writes.insert(message())

    assert written(replace) == ["UPDATE", "INSERT"]
    assert set(Message.objects.values_list("dedupe_key", flat=True)) == {"before", "one"}


def test_an_update_after_an_upsert_of_its_table_waits_for_it(kept):
    def both():
        writes.insert(message(last_error="занято"), conflict=upsert)
        writes.update([kept], attempts=1)

    upsert = "ON CONFLICT (dedupe_key) DO UPDATE SET last_error = EXCLUDED.last_error"
    assert written(both) == ["INSERT", "UPDATE"]
    assert Message.objects.values_list("attempts", "last_error").get() == (1, "занято")


def test_save_comes_after_an_update(kept):
    def both():
        writes.update([kept], attempts=1)
        kept.last_error = "сохранено"
        kept.save()

    assert written(both) == ["UPDATE", "UPDATE"]
    assert Message.objects.values_list("attempts", "last_error").get() == (1, "сохранено")


def test_save_comes_after_an_insert():
    def both():
        made = message()
        writes.insert(made)
        made.attempts = 1
        made.save()

    assert written(both) == ["INSERT", "UPDATE"]
    assert Message.objects.get().attempts == 1


def test_an_action_counts_what_it_inserted():
    def count():
        writes.insert(message("a"))
        found.append(Message.objects.count())
        writes.insert(message("b"))
        found.append(Message.objects.count())

    found = []
    assert written(count) == ["INSERT", "SELECT", "INSERT", "SELECT"]
    assert found == [1, 2]


def test_a_called_action_reads_what_the_calling_one_wrote():
    @writes.atomic
    def called():
        found.append(Message.objects.count())
        writes.insert(message("b"))

    def calling():
        writes.insert(message("a"))
        called()
        found.append(Message.objects.count())

    found = []
    assert written(calling) == ["INSERT", "SELECT", "INSERT", "SELECT"]
    assert found == [1, 2]


@pytest.mark.parametrize(
    "ask",
    [
        lambda cursor: cursor.execute("SELECT count(*) FROM notifications_message"),
        lambda cursor: cursor.executemany("SELECT count(*) FROM notifications_message WHERE %s", [[True]]),
    ],
    ids=["execute", "executemany"],
)
def test_a_cursor_of_ones_own_finds_what_was_written(ask):
    def count():
        with connection.cursor() as cursor:
            writes.insert(message())
            ask(cursor)

    assert written(count)[0] == "INSERT"


def test_rows_read_one_after_another_are_read_after_what_waits():
    @writes.atomic
    def read():
        writes.insert(message())
        return list(Message.objects.iterator(chunk_size=1))

    assert [row.dedupe_key for row in read()] == ["one"]


def test_without_its_guard_what_waits_is_overtaken_and_a_second_write_lost(kept, monkeypatch):
    """The negative control: without the flush by itself the tests above would fail."""

    def lossy():
        writes.update([kept], attempts=1)
        writes.insert(message("other"))
        found.append(Message.objects.count())
        Message.objects.filter(pk=kept.pk).update(attempts=2)

    found = []
    monkeypatch.setattr(writes, "_flush_before", lambda execute, *statement: execute(*statement))
    monkeypatch.setattr(writes.write_sql.Insert, "must_follow", lambda *parts: False)
    monkeypatch.setattr(writes.write_sql.Update, "must_follow", lambda *parts: False)
    assert written(lossy) == ["SELECT", "UPDATE", "WITH"]
    assert (found, Message.objects.get(pk=kept.pk).attempts) == ([1], 1)

    def twice():
        writes.update([kept], attempts=3)
        writes.update([kept], last_error="потеряно")

    assert written(twice) == ["WITH"]
    assert not Message.objects.filter(attempts=3, last_error="потеряно").exists()


def test_an_error_in_the_middle_leaves_nothing_behind():
    @writes.atomic
    def broken():
        noted("test.written")
        Message.objects.count()
        noted("test.waiting")
        raise KeyError

    with pytest.raises(KeyError):
        broken()
    assert actions() == set()


def test_an_error_of_what_waits_is_raised_where_it_is_written_and_ends_the_action(kept):
    @writes.atomic
    def careless():
        writes.insert(message())  # there is one of this key
        try:
            Message.objects.count()
        except IntegrityError:
            noted("test.after")

    with pytest.raises(transaction.TransactionManagementError):
        careless()
    assert (actions(), Message.objects.count()) == (set(), 1)


def test_an_action_that_caught_the_failure_of_another_does_not_end_well_without_its_rows():
    @writes.atomic
    def broken():
        raise KeyError

    @writes.atomic
    def careless():
        noted("test.careless")
        Message.objects.count()
        try:
            broken()
        except KeyError:
            return

    with pytest.raises(transaction.TransactionManagementError):
        careless()
    assert actions() == set()


def test_a_savepoint_begins_with_what_was_written_before_it():
    @writes.atomic
    def careful():
        noted("test.before")
        try:
            with transaction.atomic():
                noted("test.inside")
                inner()
                raise KeyError
        except KeyError:
            noted("test.after")

    careful()
    assert actions() == {"test.before", "test.after"}


def test_a_called_action_that_fails_behind_a_savepoint_takes_nothing_else_with_it():
    @writes.atomic
    def broken():
        noted("test.broken")
        Message.objects.count()
        noted("test.broken.again")
        raise KeyError

    @writes.atomic
    def careful():
        noted("test.before")
        with pytest.raises(KeyError), transaction.atomic():
            broken()

    careful()
    assert actions() == {"test.before"}


def test_what_waits_at_the_end_of_a_savepoint_fails_inside_it(kept):
    @writes.atomic
    def careful():
        noted("test.before")
        with pytest.raises(IntegrityError), transaction.atomic():
            writes.insert(message())
        noted("test.after")

    careful()
    assert actions() == {"test.before", "test.after"}


@pytest.fixture
def other():
    """Gives a second connection to the database, under an alias of its own."""
    connections["other"] = connection.copy("other")
    yield connections["other"]
    connections["other"].close()
    del connections["other"]


def test_another_database_is_not_written_to_and_does_not_hasten_anything(other):
    def both():
        writes.insert(message())
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notifications_message")
            found.append(cursor.fetchone()[0])

    found = []
    assert written(both) == ["INSERT"]
    assert (found, other.execute_wrappers) == ([0], [])


def test_nothing_is_left_on_the_connection():
    act()
    with pytest.raises(ValueError):
        act(fails=True)
    assert connection.execute_wrappers == []


@pytest.mark.parametrize("expression", [F("attempts") + 1, Now(), Value(1), Upper("text")], ids=repr)
def test_an_expression_is_refused_with_a_sentence(kept, expression):
    with pytest.raises(TypeError, match=r"read the locked row and give the value, or use QuerySet\.update\(\)"):
        writes.update([kept], attempts=expression)
    for row in (message("two", attempts=expression), WaitlistRequest(doctor_ids=expression)):  # its field prepares it
        with pytest.raises(TypeError, match="is an expression"):
            writes.insert(row)
    kept.refresh_from_db()
    assert (kept.attempts, Message.objects.count()) == (0, 1)


def test_a_row_without_a_key_cannot_be_updated():
    with pytest.raises(ValueError, match="AuditEvent: a row without a key"):
        writes.update([AuditEvent()], action="test.noted")


def test_objects_carry_what_was_written(kept):
    writes.update([kept], state=MessageState.FAILED, attempts=3)
    assert (kept.state, kept.attempts) == (MessageState.FAILED, 3)
    made = message("two")
    assert made._state.adding
    writes.insert(made)
    assert (made._state.adding, made._state.db) == (False, "default")


@pytest.mark.parametrize("given", ["object", "key"])
def test_a_related_object_may_be_given_as_itself_or_by_its_key(given):
    booked, other = make.appointment(), make.room()
    assert booked.room != other
    writes.update([booked], **({"room": other} if given == "object" else {"room_id": other.pk}))
    assert (booked.room_id, booked.room) == (other.pk, other)
    assert Appointment.objects.get().room == other


def test_a_row_is_written_as_it_is_when_it_is_inserted():
    @writes.atomic
    def changed_later():
        made = message()
        writes.insert(made)
        made.last_error = "потом"

    changed_later()
    assert Message.objects.get().last_error == ""
