"""Every error has a code of its own, and every interface says what it answers to it."""

import re
from collections.abc import Iterator

import pytest
from django.utils.module_loading import autodiscover_modules

from back_office.answers import STATUSES
from booking_site.answers import ANSWERS
from foundation.errors import DomainError

autodiscover_modules("errors")


def kinds(of: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for kind in of.__subclasses__():
        if not kind.__module__.startswith("tests."):
            yield kind
        yield from kinds(kind)


def test_every_error_has_a_code_of_its_own():
    codes = [vars(kind)["code"] for kind in kinds()]
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(_[a-z]+)*", code)] == []
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("table", [STATUSES, ANSWERS], ids=["office", "site"])
def test_every_error_is_in_the_table_of_each_interface(table):
    assert difference(table) == set()


def test_an_error_that_a_table_does_not_know_is_noticed():
    table = dict(STATUSES) | {"nothing_like_it": 422}
    del table["slot_taken"]
    assert difference(table) == {"slot_taken", "nothing_like_it"}


def difference(table: dict) -> set[str]:
    return set(table) ^ {kind.code for kind in kinds()}


def test_each_error_says_what_to_do():
    assert [kind.__name__ for kind in kinds() if not str(kind.message).endswith(".")] == []
