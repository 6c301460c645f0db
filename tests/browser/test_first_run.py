"""The first opening of a clinic in a browser: the page is read, filled in wrong and right, and leads to the sign-in."""

import pytest
from playwright.sync_api import expect

from foundation.accounts import first_run
from tests.browser.walk import Walk


@pytest.fixture
def walk(people, settings):
    settings.DEMO = False
    return Walk(people())


def test_the_clinic_is_opened(walk):
    page = walk.person.page
    walk.to("first_run")
    for label, text in {
        "Ключ из журнала": "чужой ключ",
        "Фамилия": "Константинопольская-Милорадович",
        "Имя": "Вера",
        "Логин": "zimina",
    }.items():
        page.get_by_label(label).fill(text)
    for label in ("Пароль", "Пароль ещё раз"):
        page.get_by_label(label, exact=True).fill("lunnaya-doroga-7")
    walk.press("text=Открыть клинику", status=422)
    expect(page.get_by_label("Фамилия")).to_have_value("Константинопольская-Милорадович")
    page.get_by_label("Ключ из журнала").fill(first_run.new_key())
    for label in ("Пароль", "Пароль ещё раз"):
        page.get_by_label(label, exact=True).fill("lunnaya-doroga-7")
    walk.press("text=Открыть клинику")
    expect(page.get_by_text("Клиника открыта.")).to_be_visible()
    walk.to("first_run", status=404)
    assert walk.problems == []
