"""The page that two people's changes meet on: read and answered with the keyboard, on a phone's width and a desk's."""

import re
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

import booking
from foundation.accounts.choices import Role
from foundation.changes import Changes
from patients.choices import Relation
from patients.data import PowerData
from tests import factories as make
from tests.browser.walk import TOO_WIDE

WIDTHS = {"narrow": {"width": 320, "height": 640}, "desk": {"width": 1366, "height": 768}}
MINE, THEIRS = "Оставить моё", "Взять записанное"


class Edited(NamedTuple):
    """An open form, the field that two people change, and what the other one has made of it."""

    address: str
    field: str
    typed: str
    theirs: str
    label: str
    kept: dict[str, object]
    row: Model
    column: str


def patient() -> Edited:
    row = make.patient(last_name="Константинопольская-Милорадович", phone="+79210000001")
    booked = {"keep": "+79210000003", "take": "+79210000002"}
    address = reverse("office:patient_edit", args=[row.pk])
    return Edited(address, "phone", "8 921 000-00-03", "+79210000002", "Телефон", booked, row, "phone")


def power_of_attorney() -> Edited:
    today = timezone.localdate()
    mine, theirs = today + timedelta(days=80), today + timedelta(days=70)
    power = PowerData(principal_name="Орлова Мария", signed_on=today, valid_until=today + timedelta(days=60))
    nanny = make.parent_of(make.child(), Relation.ATTORNEY, power, last_name="Цой")
    address = reverse("office:representative_edit", args=[nanny.patient_id, nanny.pk])
    kept = {"keep": mine, "take": theirs}
    row = nanny.power_of_attorney
    return Edited(address, "power-valid_until", f"{mine:%d.%m.%Y}", theirs, "Последний день", kept, row, "valid_until")


def change_meanwhile(edited: Edited) -> None:
    changes = Changes({edited.column: edited.theirs})
    if edited.column == "phone":
        booking.correct_patient(patient=edited.row, changes=changes, by=make.TEST)
        return
    (nanny,) = edited.row.representation_set.all()
    booking.correct_representative(representation=nanny, changes=Changes({}), power=changes, by=make.TEST)


def stored(edited: Edited) -> object:
    edited.row.refresh_from_db()
    value = getattr(edited.row, edited.column)
    return value.as_e164 if edited.column == "phone" else value


@pytest.mark.parametrize("window", WIDTHS)
@pytest.mark.parametrize(("button", "choice"), [(MINE, "keep"), (THEIRS, "take")])
@pytest.mark.parametrize("opened", [patient, power_of_attorney])
def test_a_conflict_is_read_and_answered_with_the_keyboard(transactional_db, people, window, button, choice, opened):
    desk = people(viewport=WIDTHS[window]).sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    edited = opened()
    desk.open(edited.address)
    page, keyboard = desk.page, desk.page.keyboard
    change_meanwhile(edited)
    page.locator(f"[name={edited.field}]").fill(edited.typed)
    with page.expect_navigation() as going:
        page.locator(f"[name={edited.field}]").press("Enter")
    assert going.value.status == 409
    desk.look()
    assert page.evaluate(TOO_WIDE) == []
    expect(page.locator("main [tabindex='-1']").first).to_be_focused()
    keyboard.press("Tab")
    expect(page.get_by_role("link", name=f"{edited.label}: сейчас записано")).to_be_focused()
    keyboard.press("Enter")
    expect(page.locator(f"[name={edited.field}]")).to_be_focused()
    expect(page.locator(f"[name={edited.field}]")).to_have_value(edited.typed)
    wanted = page.get_by_role("button", name=re.compile(f"{button} ?: {edited.label}"))
    for _key in range(2 if button == THEIRS else 1):
        keyboard.press("Tab")
    expect(wanted).to_be_focused()
    assert wanted.evaluate("node => getComputedStyle(node).outlineStyle") != "none"
    with page.expect_navigation() as going:
        keyboard.press("Enter")
    desk.look()
    assert (going.value.status, stored(edited)) == (200, edited.kept[choice])


def test_enter_in_a_field_of_a_conflict_chooses_for_nobody(transactional_db, people):
    desk = people().sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    edited = patient()
    desk.open(edited.address)
    change_meanwhile(edited)
    phone = desk.page.locator("[name=phone]")
    phone.fill(edited.typed)
    with desk.page.expect_navigation():
        phone.press("Enter")
    phone.press("Enter")
    desk.page.wait_for_timeout(500)
    assert stored(edited) == edited.theirs
