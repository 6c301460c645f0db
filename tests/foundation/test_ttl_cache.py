"""A moment's memory of the catalogue: short, shared by pages, and never of what was not found."""

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


def test_what_is_not_there_is_asked_for_again(asked, read):
    read("none"), read("none")
    assert asked == ["none", "none"]


def test_it_can_be_switched_off(asked, read, settings):
    settings.CATALOGUE_SECONDS = 0
    read("skin"), read("skin")
    assert asked == ["skin", "skin"]
