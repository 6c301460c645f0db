"""The judge of the rush notices what must not happen."""

import pytest

from bench.browser import Page, Seen, short
from bench.rush import rows
from bench.rush.person import End, Story
from bench.rush.rows import Held


def story(number, end, status=200):
    return Story(f"+7999000000{number}", end, 1, [Seen("GET /book/…/", status, 100.0)], "/v/abc/")


TWO_AND_ONE = [story(1, End.BOOKED), story(2, End.BOOKED), story(3, End.ASKED)]


def verdict(stories, **columns):
    held = Held(**{"booked": 2, "of_the_booked": 2, "requests": 1, "pairs": 0, "sold_after": 1.0} | columns)
    found = rows.of(stories, held, times=2, seconds=2.0)
    return {row.what: row.ok for row in found if row.ok is not None}


def test_sold_once_and_everybody_knows():
    assert verdict(TWO_AND_ONE) == {"записей у врача": True, "чем кончилось": True, "ответы": True}


@pytest.mark.parametrize("wrong", [{"booked": 3}, {"of_the_booked": 1}, {"pairs": 1}, {"booked": 1}])
def test_a_time_sold_twice_or_left_over_is_noticed(wrong):
    assert not verdict(TWO_AND_ONE, **wrong)["записей у врача"]


def test_who_believes_to_be_booked_and_is_not_is_noticed():
    assert not verdict([*TWO_AND_ONE, story(4, End.BOOKED)])["записей у врача"]


def test_who_does_not_know_what_to_do_is_noticed():
    assert not verdict([*TWO_AND_ONE, story(4, End.LOST)])["чем кончилось"]
    assert not verdict(TWO_AND_ONE, requests=0)["чем кончилось"]


@pytest.mark.parametrize("status", [0, 500, 503])
def test_a_broken_answer_is_noticed(status):
    assert not verdict([*TWO_AND_ONE[:2], story(3, End.ASKED, status)])["ответы"]


def test_pages_of_different_people_have_one_name():
    assert short("/v/xYz12_-/") == "/v/…/"
    assert short("/doctor/bench-12ab/?service=1") == "/doctor/…/"
    assert short("/book/details/") == "/book/details/"
    assert short("/") == "/"


def test_the_times_of_a_page_are_those_that_can_be_chosen():
    one, other = "0193b4ce-0000-7000-8000-000000000001", "0193b4ce-0000-7000-8000-000000000002"
    buttons = "".join(f'<button name="slot" value="{key}">' for key in (one, other, one))
    assert Page("/", 200, buttons).times == [one, other]
