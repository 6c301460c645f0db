"""The cache of the catalogue is short, shared by pages, and never keeps what was not found."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from foundation import ttl_cache


@pytest.fixture
def asked(settings):
    settings.CATALOGUE_SECONDS = 2
    ttl_cache.clear()
    yield []
    ttl_cache.clear()


@pytest.fixture
def read(asked):
    @ttl_cache.ttl_cache
    def read(slug):
        asked.append(slug)
        return [slug] if slug != "none" else []

    return read


def test_it_is_read_once_in_a_moment(asked, read):
    assert [read("skin"), read("skin"), read("eyes")] == [["skin"], ["skin"], ["eyes"]]
    assert asked == ["skin", "eyes"]


def test_the_moment_ends(asked, read, monkeypatch):
    now = 100.0
    monkeypatch.setattr(ttl_cache.time, "monotonic", lambda: now)
    read("skin")
    now += 2.1
    read("skin")
    assert asked == ["skin", "skin"]


def test_what_is_remembered_can_be_forgotten(asked, read):
    read("skin")
    ttl_cache.clear()
    read("skin")
    assert asked == ["skin", "skin"]


@pytest.mark.parametrize(("passed", "times"), [(1.999, 1), (2.0, 2)])
def test_the_moment_ends_to_the_second(asked, read, monkeypatch, passed, times):
    now = 100.0
    monkeypatch.setattr(ttl_cache.time, "monotonic", lambda: now)
    read("skin")
    now += passed
    read("skin")
    assert asked == ["skin"] * times


def test_what_is_not_there_is_asked_for_again(asked, read):
    read("none"), read("none")
    assert asked == ["none", "none"]


def test_it_can_be_switched_off(asked, read, settings):
    settings.CATALOGUE_SECONDS = 0
    read("skin"), read("skin")
    assert asked == ["skin", "skin"]


def test_made_up_addresses_leave_before_what_is_used(asked, read):
    read("skin")
    for number in range(ttl_cache.ENTRIES + 1):
        if number % 100 == 0:
            read("skin")
        read(f"made up {number}")
    asked.clear()
    read("skin"), read("made up 0")
    assert asked == ["made up 0"]


def test_two_reads_of_the_same_arguments_do_not_meet(asked, read):
    @ttl_cache.ttl_cache
    def count(slug):
        return len(slug)

    assert (read("skin"), count("skin")) == (["skin"], 4)


def test_threads_may_read_at_once(asked, read):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: read(str(number % 50)), range(5000)))
    assert answers == [[str(number % 50)] for number in range(5000)]
