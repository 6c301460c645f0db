"""The pages that belong to no task, and the harness itself."""

import pytest

from clinic.accounts.choices import Role
from clinic.accounts.demo import DEMO_PASSWORD
from tests import factories as make


def test_the_style_guide(people):
    person = make.user(Role.REGISTRAR)
    person.set_password(DEMO_PASSWORD)
    person.save()
    people().sign_in(person.username).open("/office/styleguide/")


def test_a_violation_is_noticed(people):
    stranger = people().open("/")
    stranger.page.evaluate("document.querySelector('main').innerHTML = '<img src=/static/img/logo.svg>'")
    with pytest.raises(AssertionError, match="image-alt"):
        stranger.look()
