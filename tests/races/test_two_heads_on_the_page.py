"""Two heads block each other, or take each other's role, at the same moment: one of them stays."""

from collections.abc import Callable

import pytest

import booking
from foundation.accounts.actions import staff
from foundation.accounts.choices import Role
from foundation.accounts.errors import LastHead
from foundation.accounts.models import User
from foundation.changes import Changes
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def block(person: User) -> None:
    booking.block_person(person=person, by=make.TEST)


def demote(person: User) -> None:
    booking.change_person(person=person, changes=Changes({"role": Role.REGISTRAR}), by=make.TEST)


def done(leave: Callable[[User], None], person: User) -> bool:
    try:
        leave(person)
    except LastHead:
        return False
    return True


@pytest.mark.parametrize("ways", [(block, block), (demote, demote), (block, demote)])
def test_one_of_two_heads_stays(ways):
    leaving = [(way, make.user(Role.HEAD)) for way in ways]
    result = run_at_once([lambda way=way, person=person: done(way, person) for way, person in leaving])
    assert sorted(result.values) == [False, True]
    assert User.objects.filter(role=Role.HEAD, is_active=True).count() == 1


def test_control_without_the_check_nobody_stays(monkeypatch):
    monkeypatch.setattr(staff, "keep_a_head", lambda *, without: None)
    heads = [make.user(Role.HEAD) for _ in range(2)]
    result = run_at_once([lambda person=person: done(block, person) for person in heads])
    assert (result.values, User.objects.filter(is_active=True).count()) == ([True, True], 0)
