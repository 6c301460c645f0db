"""The pages that belong to no task, and the harness itself."""

import pytest

from foundation.accounts.choices import Role
from standalone.demo.logins import DEMO_PASSWORD
from tests import factories as make
from tests.browser.walk import Walk


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


def test_a_page_wider_than_the_window_is_noticed(people):
    walk = Walk(people())
    walk.to("site:home")
    assert walk.problems == []
    walk.page.evaluate("document.querySelector('main').classList.add('nowrap')")
    walk.check()
    assert "px wide" in walk.problems[0]
