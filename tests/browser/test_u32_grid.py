"""U32: twelve doctors and the working day in sight at 1366×768, everything by keys, nothing cut for good."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from foundation.accounts.choices import Role
from tests import factories as make
from tests.browser.pages.states import came_today

LONG = {"last_name": "Вознесенская-Добролюбова", "first_name": "Екатерина"}
WINDOW = {"width": 1366, "height": 768}
EASY = 24
"""Pixels that a target is high at least."""


@pytest.fixture
def day(transactional_db):
    """Twelve doctors from eight to eight, in quarters of an hour; each has visits of people with long names."""
    for _ in range(12):
        doctor = make.doctor(make.service(minutes=15), **LONG)
        cells = make.slots_of(make.shift(doctor, minutes=15, slots=48, starts="08:00"))
        for cell in cells[::16]:
            make.appointment(cell, of=make.patient(**LONG))
    return f"{reverse('office:day')}?date={cells[0].shift.date:%Y-%m-%d}"


@pytest.fixture
def desk(people, day):
    desk = people(viewport=WINDOW).sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    return desk.open(day)


def box(locator):
    return locator.bounding_box()


def test_u32_twelve_doctors_and_twelve_hours_are_one_screen_of_scrolling_away(desk):
    grid = desk.page.locator("#daygrid")
    sizes = grid.evaluate("grid => [grid.scrollWidth, grid.clientWidth, grid.scrollHeight, grid.clientHeight]")
    assert sizes[0] <= sizes[1], "no doctor is beyond the edge"
    assert sizes[2] <= 2 * sizes[3], "the day's end is one screen of scrolling away"
    assert box(grid)["y"] + box(grid)["height"] <= WINDOW["height"]
    cells = desk.page.locator("a.cell")
    assert cells.count() == 12 * 48
    assert min(cells.evaluate_all("cells => cells.map(cell => cell.getBoundingClientRect().height)")) >= EASY - 2
    for visit in desk.page.locator("a.cell--booked").all():
        assert ":" in visit.inner_text().split()[2], "a time stands on each visit"


def test_u32_what_is_cut_shows_whole_under_the_focus(desk):
    head, visit = desk.page.locator(".daygrid__head").first, desk.page.locator("a.cell--booked").first
    for each in (head, visit):
        whole = "node => node.scrollWidth <= node.clientWidth + 1 && node.scrollHeight <= node.clientHeight + 1"
        assert not each.evaluate(whole), "so long a name does not fit"
        each.focus()
        assert each.evaluate(whole)


def test_arrows_go_from_cell_to_cell(desk):
    page = desk.page
    page.locator("#daygrid").focus()
    page.keyboard.press("ArrowDown")
    first = page.locator("a.cell").first
    expect(first).to_be_focused()
    before = box(page.locator(":focus"))
    for key, moved in (("ArrowDown", "y"), ("ArrowRight", "x"), ("ArrowUp", "y"), ("ArrowLeft", "x")):
        page.keyboard.press(key)
        here = box(page.locator(":focus"))
        assert (here[moved] > before[moved]) is (key in ("ArrowDown", "ArrowRight"))
        before = here
    expect(first).to_be_focused()


def test_m_receives_the_patient_of_the_chosen_visit_beside_the_grid(transactional_db, people):
    visit = came_today(make.appointment())
    make.shift(visit.doctor, days=0, slots=1)
    desk = people(viewport=WINDOW).sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    page = desk.open(reverse("office:day")).page
    page.locator("a.cell--booked").focus()
    with page.expect_response("**/arrive/"):
        page.keyboard.press("m")
    expect(page.locator("#aside")).to_contain_text("документ")
    expect(page.locator("#daygrid")).to_be_visible()
    assert page.url.endswith(reverse("office:day"))
