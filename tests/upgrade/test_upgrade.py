"""A database of every version before goes on with all that is in it: restored, migrated and read again.

`make_dump.py` adds a dump with every later change of the schema.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings

from tests.template import OWN
from tests.upgrade import database, facts
from tests.upgrade.database import Tables
from tests.upgrade.keys import KEYS

DUMPS = sorted(Path(__file__).with_name("dumps").glob("*.sql.gz"))
RENAMED: dict[str, str] = {"scheduling_scheduleexception": "scheduling_absence"}
"""What a migration renamed: `"table": "new table"`, `"table.column": "new column"`."""
REWRITTEN: dict[str, str] = {
    "notifications_message.kind": "a message of before is of the template «as written»",
    "notifications_message.text": "it is a fact now; codes are wiped or encrypted",
    "waitlist_slotoffer.state": "to be called about and being called about are both «open»: the call is the task's",
    "waitlist_slotoffer.not_before": "the task's",
    "waitlist_slotoffer.attempts": "the task's",
    "waitlist_slotoffer.claimed_by": "the claim's, or who closed the task",
    "waitlist_slotoffer.claimed_by_name": "the claim's",
    "waitlist_slotoffer.claim_until": "the claim's",
    "scheduling_scheduleexception.first_day": "a span of time, to the minute",
    "scheduling_scheduleexception.last_day": "a span of time, to the minute",
    "scheduling_slot.blocked": "a closed time names its absence",
    "scheduling_slot.block_reason": "the absence's",
    "waitlist_waitlistentry.state": "whoever did not answer is in the line again",
    "waitlist_waitlistentry.refused_free_times": "the moment up to which they were asked",
    "scheduling_slotrelease.outcome": "people are looked for about freed times, not about releases",
    "scheduling_slotrelease.passed_over": "people are looked for about freed times, not about releases",
    "scheduling_slotrelease.tries": "the freed time's",
    "patients_identitydocument.number": "it is sealed for its row",
    "patients_identitydocument.number_index": "one for all spellings of a number",
    "patients_patient.search_name": "the application folds names, which the database did in part",
}
"""Columns that a migration drops or fills anew, with the reason: `"table.column": "why"`. The facts still hold."""
GROWN: dict[str, str] = {"scheduling_scheduleexception": "a time that was closed by hand is an absence of its own"}
"""Tables to which a migration adds rows, with the reason."""
LONGER = re.compile(
    r"(\+\d+\|)(?:Вы записаны|Запись перенесена): \w+ \w+ (\d+) \w+, в (\d\d:\d\d), (.+?)\. (.+)\. "
    r"Отменить или перенести: (\S+)"
)
"""The wording of before, with its facts: number, day, hour, doctor, address, link. Words are chosen at sending."""
CARRIED = ("not_before", "expires_at", "attempts", "created_at")
"""What an offer knew of its call, under the same name in the task."""
OF_THE_PRODUCT = (
    "accounts",
    "audit",
    "drafts",
    "idempotency",
    "patients",
    "notifications",
    "scheduling",
    "worklist",
    "waitlist",
    "django_session",
)


class Upgraded(NamedTuple):
    name: str
    before: Tables
    after: Tables
    recorded: dict
    """Facts that the version of the dump read."""
    told: dict
    """The same facts, read by this version."""


@pytest.fixture(scope="module", params=DUMPS, ids=lambda dump: dump.name.removesuffix(".sql.gz"))
def upgraded(request):
    dump = request.param
    recorded = json.loads(dump.with_name(dump.name.replace(".sql.gz", ".json")).read_text(encoding="utf-8"))
    with database.own_database(name := f"{OWN}_upgrade_{dump.name.removesuffix('.sql.gz')}") as url:
        database.restore(dump, url)
        before = read(url)
        manage(url, "migrate", "--verbosity=0")
        yield Upgraded(name, before, read(url), recorded, tell(url, recorded["moment"]))


def read(url: str) -> Tables:
    with database.connect(url) as connection:
        return database.rows(connection)


def manage(url: str, *arguments: str) -> str:
    """Runs a command as at a deployment: in a process of its own, with the keys that the dump was made with."""
    environment = {**os.environ, **KEYS, "DATABASE_URL": url, "REPLICA_URL": ""}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def tell(url: str, moment: str) -> dict:
    command = f"from tests.upgrade import facts; facts.tell({moment!r})"
    return json.loads(manage(url, "shell", "--no-imports", "--command", command))


def test_there_is_a_dump():
    assert DUMPS


def test_dump_has_rows_in_every_table_of_product(upgraded):
    own = {table: rows for table, rows in upgraded.before.items() if table.startswith(OF_THE_PRODUCT)}
    assert len(own) >= 30
    assert [table for table, rows in own.items() if not rows] == []


def test_dump_is_of_clinic_at_work(upgraded):
    """A fact that reads the same in an empty database proves nothing."""
    assert [name for name, fact in upgraded.recorded.items() if name != "pending" and not fact] == []
    assert len(upgraded.recorded["patients"]) >= 150
    assert sorted(upgraded.recorded["signed_in"].values()) == ["AnonymousUser", "doctor", "operator", "registrar"]
    assert all(upgraded.recorded["passwords"].values())
    assert all(upgraded.recorded["links_of_patients"].values())
    assert any(upgraded.recorded["free_times"].values())
    assert any(upgraded.recorded["document_numbers"].values())


def test_no_migration_is_left(upgraded):
    assert upgraded.told["pending"] == []


def test_every_row_is_as_before(upgraded):
    """As many in each table, and in each column what was there: money, times, ciphertext, history."""
    found = database.differences(upgraded.before, upgraded.after, renamed=RENAMED, rewritten=REWRITTEN, grown=GROWN)
    assert found == []


def test_each_offer_has_its_task_and_each_call_its_claim(upgraded):
    """The dumps are those in which an offer was both."""
    offers, tasks = upgraded.after["waitlist_slotoffer"], upgraded.after["worklist_task"]
    before = {pk: old for pk, old in upgraded.before["waitlist_slotoffer"].items() if "claimed_by" in old}
    calling = set()
    for pk, old in before.items():
        task, is_open = tasks[offers[pk]["task_id"]], old["state"] in ("proposed", "calling")
        assert (task["kind"], task["subject"], task["patient_id"]) == ("freed_time", old["entry_id"], old["patient_id"])
        assert [task[name] for name in CARRIED] == [old[name] for name in CARRIED]
        assert (task["state"] == "open", offers[pk]["state"] == "open") == (is_open, is_open)
        assert (task["due_at"], task["closed_at"]) == (old["starts_at"], old["ended_at"])
        if old["state"] == "calling":
            calling.add((task["claim_key"], old["claimed_by"], old["claimed_by_name"], old["claim_until"]))
    if before:
        claims = upgraded.after["worklist_claim"].values()
        assert {(one["key"], one["by"], one["by_name"], one["until"]) for one in claims} == calling
        assert len(calling) > 1
        assert len(tasks) == len(offers) == len({offer["task_id"] for offer in offers.values()})


@pytest.mark.parametrize("fact", facts.FACTS)
def test_product_reads_what_it_read_before(upgraded, fact):
    if fact not in upgraded.recorded:
        pytest.skip("the dump is older than this fact")
    told, recorded = upgraded.told[fact], upgraded.recorded[fact]
    if fact == "unsent_messages":
        recorded = {pk: as_worded_now(text, told[pk]) for pk, text in recorded.items()}
    assert told == recorded


def as_worded_now(recorded: str, told: str) -> str:
    """Returns the text of now where it tells the same number all facts of a longer wording of before."""
    facts_of_before = LONGER.fullmatch(recorded)
    return told if facts_of_before and all(fact in told for fact in facts_of_before.groups()) else recorded


def test_closed_times_name_what_closed_them(upgraded):
    """Of dumps in which a text said it: by hand with that text, and because of an absence of that doctor and day."""
    slots, absences = upgraded.after["scheduling_slot"], upgraded.after["scheduling_absence"]
    closed = {pk: old for pk, old in upgraded.before["scheduling_slot"].items() if old.get("blocked")}
    for pk, old in closed.items():
        absence = absences[slots[pk]["absence_id"]]
        assert absence["doctor_id"] == old["doctor_id"]
        assert absence["starts_at"] <= old["starts_at"] < old["ends_at"] <= absence["ends_at"]
        by_hand = absence["kind"] == "by_hand"
        assert by_hand == (slots[pk]["absence_id"] == pk) == (absence["note"] == old["block_reason"])
    if closed:
        kinds = {absences[slots[pk]["absence_id"]]["kind"] for pk in closed}
        assert {"by_hand", "sick"} <= kinds


def test_emergencies_of_before_ring_on_no_screen_and_have_their_history(upgraded):
    """Of dumps in which nobody took a case: who opened it did."""
    cases, events = upgraded.after["scheduling_emergencycase"], upgraded.after["scheduling_emergencyevent"].values()
    before = {pk: old for pk, old in upgraded.before["scheduling_emergencycase"].items() if "taken_at" not in old}
    if not before:
        pytest.skip("the dump has cases that somebody has taken")
    told = {(str(event["case_id"]), event["kind"], event["at"], event["actor"]) for event in events}
    expected = {(str(pk), "opened", old["opened_at"], old["opened_by"]) for pk, old in before.items()}
    closed = {pk: old for pk, old in before.items() if old["closed_at"]}
    assert told == expected | {(str(pk), "closed", old["closed_at"], old["closed_by"]) for pk, old in closed.items()}
    for pk, old in before.items():
        taken = (cases[pk]["taken_at"], cases[pk]["taken_by"], cases[pk]["taken_by_name"])
        assert taken == (old["opened_at"], old["opened_by"], old["opened_by_name"])


def test_nobody_is_reminded_of_a_visit_of_before(upgraded):
    """Of dumps in which nobody was asked: a consent that was never given is none."""
    before = [pk for pk, old in upgraded.before["scheduling_appointment"].items() if "reminders_since" not in old]
    if not before:
        pytest.skip("the dump has visits whose patients were asked")
    assert {upgraded.after["scheduling_appointment"][pk]["reminders_since"] for pk in before} == {None}


def test_who_waits_arrived_with_their_first_wish(upgraded):
    """Of dumps that know only when an entry was made: a request that was turned into it came before."""
    entries, requests = upgraded.after["waitlist_waitlistentry"], upgraded.after["waitlist_waitlistrequest"].values()
    if any("arrived_at" in old for old in upgraded.before["waitlist_waitlistentry"].values()):
        pytest.skip("the dump knows when they arrived")
    asked_at = {request["entry_id"]: request["created_at"] for request in requests if request["entry_id"]}
    assert asked_at
    for pk, entry in entries.items():
        assert entry["arrived_at"] == min(entry["created_at"], asked_at.get(entry["id"], entry["created_at"])), pk
    assert any(entry["arrived_at"] < entry["created_at"] for entry in entries.values())


def test_who_did_not_answer_is_in_the_line_again_and_a_wrong_number_is_not(upgraded):
    """Of dumps in which not answering cost the place; every other entry is in the state of before."""
    before, entries = upgraded.before["waitlist_waitlistentry"], upgraded.after["waitlist_waitlistentry"]
    if not any("refused_free_times" in old for old in before.values()):
        pytest.skip("the dump is of a line that nobody leaves by not answering")
    last = {}
    for _pk, attempt in sorted(upgraded.after["waitlist_callattempt"].items()):
        last[attempt["entry_id"]] = attempt["outcome"]
    lost = {pk for pk, old in before.items() if old["state"] == "unreachable"}
    wrong = {pk for pk in lost if last.get(entries[pk]["id"]) == "wrong_number"}
    assert wrong
    assert lost - wrong
    assert {pk for pk, entry in entries.items() if entry["state"] == "unreachable"} == wrong
    assert {entries[pk]["state"] for pk in lost - wrong} == {"waiting"}
    assert all(entries[pk]["state"] == old["state"] for pk, old in before.items() if pk not in lost)
    for pk, old in before.items():
        asked_until = entries[pk]["created_at"] if old["refused_free_times"] else None
        assert entries[pk]["sought_until"] == asked_until, pk


def test_codes_of_before_are_wiped_or_encrypted(upgraded):
    """Everything else that was written stays readable, word for word."""
    now = upgraded.after["notifications_message"]
    told = {True: set(), False: set()}
    for key, before in upgraded.before["notifications_message"].items():
        if "text" not in before:
            pytest.skip("the dump has facts already")
        unsent = before["state"] in ("queued", "sending")
        told[unsent].add(before["kind"])
        words = now[key]["facts"].get("words")
        if before["kind"] != "code":
            assert (words, now[key]["sealed"]) == (before["text"], "")
        elif unsent:
            assert (words, bool(now[key]["sealed"]), bool(now[key]["useful_until"])) == (None, True, True)
        else:
            assert (words, now[key]["sealed"]) == (re.sub(r"\d", "•", before["text"]), "")
    assert "code" in told[True] & told[False]


def test_lost_row_and_changed_value_are_found(upgraded):
    """The control: on a copy where a session is gone and a visit has another status, both comparisons fail."""
    session = next(key for key, who in upgraded.recorded["signed_in"].items() if who == "doctor")
    visit = next(key for key, told in upgraded.recorded["visits"].items() if told.startswith("fulfilled"))
    with database.own_database(f"{upgraded.name}_spoilt", copy_of=upgraded.name) as url:
        with database.connect(url) as connection:
            connection.execute("DELETE FROM django_session WHERE session_key = %s", [session])
            connection.execute("UPDATE scheduling_appointment SET status = 'noshow' WHERE id = %s", [visit])
            spoilt = database.rows(connection)
        told = tell(url, upgraded.recorded["moment"])
    found = database.differences(upgraded.before, spoilt, renamed=RENAMED, rewritten=REWRITTEN, grown=GROWN)
    assert found == [
        f"django_session {session}: the row is gone",
        f"scheduling_appointment {visit}: status was 'fulfilled', is 'noshow'",
    ]
    assert {name for name in facts.FACTS if told[name] != upgraded.told[name]} == {"visits", "signed_in"}


@pytest.mark.long
@pytest.mark.embedded
def test_dump_of_this_version_can_be_made(tmp_path):
    """The next change of the schema needs one."""
    command = [sys.executable, "-m", "tests.upgrade.make_dump", "made", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made.json", "made.sql.gz"]
