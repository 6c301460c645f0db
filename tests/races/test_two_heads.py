"""Two heads take each other's rights at the same moment: one of them stays."""

import pytest
from django.db import transaction

from foundation.accounts.actions import staff
from foundation.accounts.choices import Role
from foundation.accounts.errors import LastHead
from foundation.accounts.models import User
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def demote(person: User) -> bool:
    try:
        with transaction.atomic():
            staff.keep_a_head(without=person)
            User.objects.filter(pk=person.pk).update(role=Role.REGISTRAR)
    except LastHead:
        return False
    return True


def test_one_of_two_heads_stays():
    heads = [make.user(Role.HEAD) for _ in range(2)]
    result = run_at_once([lambda person=person: demote(person) for person in heads])
    assert sorted(result.values) == [False, True]
    assert User.objects.filter(role=Role.HEAD).count() == 1
