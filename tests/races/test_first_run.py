"""Two people press at once with a good key each: the clinic has one first head."""

import pytest

import booking
from foundation.accounts import first_run
from foundation.accounts.actors import system
from foundation.accounts.data import PersonName
from foundation.accounts.errors import FirstHeadMade
from foundation.accounts.models import User
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def press(key: str, login: str) -> bool:
    try:
        booking.make_first_head(
            key=key,
            login=login,
            name=PersonName("Зимина", "Вера"),
            password="lunnaya-doroga-7",
            by=system("first_run"),
        )
    except FirstHeadMade:
        return False
    return True


@pytest.mark.parametrize("keys", ["the same key", "a key each"])
def test_one_of_two_presses_makes_the_head(keys):
    first = first_run.new_key()
    second = first if keys == "the same key" else first_run.new_key()
    result = run_at_once([lambda: press(first, "zimina"), lambda: press(second, "strannik")])
    assert sorted(result.values) == [False, True]
    assert User.objects.count() == 1


def test_control_without_the_lock_both_would_be_heads(monkeypatch):
    monkeypatch.setattr("booking.logins.advisory_lock", lambda key: None)
    monkeypatch.setattr("booking.logins.nobody_yet", lambda: True)
    result = run_at_once([lambda: press(first_run.new_key(), "zimina"), lambda: press(first_run.new_key(), "strannik")])
    assert (result.values, User.objects.count()) == ([True, True], 2)
