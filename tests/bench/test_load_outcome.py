"""Locust's file and the notes of the load as rows."""

import pytest

from bench.load import outcome
from bench.memory import Memory

HEAD = "Type,Name,Request Count,Failure Count,50%,95%,99%\n"
LINES = "GET,сайт: день,900,0,40,120,300\nPOST,сайт: запись,90,2,80,310,900\n,Aggregated,990,2,41,130,400\n"


@pytest.fixture
def found(tmp_path):
    file = tmp_path / "locust_stats.csv"
    file.write_text(HEAD + LINES, encoding="utf-8")
    return outcome.kinds(file)


def judged(found, statuses, rate=50):
    notes = {"statuses": statuses, "seconds": 19.8}
    return {row.what: row.ok for row in outcome.rows(found, notes, rate=rate)}


def test_each_kind_has_its_bar(found):
    assert judged(found, {"сайт: день": {"200": 900}, "сайт: запись": {"302": 80, "409": 10}}) == {
        "запросов в секунду": True,
        "ответы": True,
        "видов запросов с p95 ≤ 300 мс": False,
        "  сайт: день": True,
        "  сайт: запись": False,
    }


@pytest.mark.parametrize("status", ["0", "500", "502"])
def test_a_broken_answer_is_noticed(found, status):
    assert not judged(found, {"сайт: запись": {status: 1}})["ответы"]


def test_a_pace_that_was_not_reached_is_noticed(found):
    assert not judged(found, {}, rate=60)["запросов в секунду"]


def test_memory_that_grows_is_noticed():
    assert outcome.growth("сайт", Memory(0, 100), Memory(0, 120)).ok
    assert not outcome.growth("сайт", Memory(0, 100), Memory(0, 121)).ok


@pytest.mark.django_db
def test_a_promised_booking_that_is_not_there_is_noticed():
    notes = {"tokens": ["nothing"], "appointments": [], "cancelled": []}
    assert not outcome.promises(notes).ok
    assert not outcome.promises({"tokens": [], "appointments": [], "cancelled": []}).ok
