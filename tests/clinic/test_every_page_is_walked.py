"""Every page of the URLconf is opened by the browser walk, where axe, the CSP and 320 pixels are looked at."""

import ast
import re
from pathlib import Path

import pytest
from django.urls import get_resolver, reverse

from tests.clinic.urls_walk import pages

WALKS = Path(__file__).parents[1] / "browser" / "pages"
NO_PAGE = {
    "healthz": "for machines",
    "mfa_download_recovery_codes": "a file",
    "first_run": "gone once somebody has a login; tests/browser/test_first_run.py opens it",
    "readyz": "for machines",
    "site:visit_calendar": "a file",
    "office:home": "leads to the first page of each role",
    "office:waitlist_join": "leads to the page of wishes",
    "office:figures_first": "leads to the first question",
    "office:figures_file": "a file",
    "office:calling": "a part of every page",
    "office:team_part": "a part of office:team",
    "office:calls_queue": "a part of office:calls",
    "office:task_beside": "the queue beside a call",
    "office:emergency_alarm": "the bar of every page",
}
OF_THE_SIGN_IN = ("account_", "mfa_", "usersessions_")
ADDRESS = rf"(site|office):\w+|({'|'.join(OF_THE_SIGN_IN)})\w+"


def named(source: str) -> set[str]:
    """Returns the addresses that are named in full."""
    texts = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and re.fullmatch(ADDRESS, text)}


@pytest.fixture
def opened(client, db):
    """Returns names of addresses that answer to GET; a stranger is led to the sign-in, which is an answer too."""
    own = {page.name: page.url for page in pages()}
    account = {name: reverse(name) for name in get_resolver().reverse_dict if str(name).startswith(OF_THE_SIGN_IN)}
    return {name for name, url in (own | account).items() if client.get(url).status_code != 405}


def test_every_address_that_opens_is_walked(opened):
    walked = {name for walk in WALKS.glob("test_*.py") for name in named(walk.read_text(encoding="utf-8"))}
    assert opened - NO_PAGE.keys() - walked == set()


def test_what_is_no_page_is_there_still(opened):
    assert NO_PAGE.keys() - opened == set()


def test_a_page_that_nobody_walks_is_noticed():
    source = "walk.to('office:day').to(f'office:{page}').to('/office/').to('account_login')"
    assert named(source) == {"office:day", "account_login"}


def test_the_pages_of_the_account_are_among_those_that_open(opened):
    account = {"account_login", "account_logout", "account_change_password", "account_reauthenticate"}
    second_step = {"mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"}
    on_paper = {"mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"}
    assert {name for name in opened if name.startswith(OF_THE_SIGN_IN)} == {
        *(account | second_step | on_paper),
        "usersessions_list",
    }
