"""T93: two people edit the same row from forms that both have opened before; nobody's change is lost (D30, D31)."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

import booking
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from scheduling.data import HoursData
from scheduling.models import Location
from tests import factories as make
from tests.clinic.urls_walk import Page, pages
from tests.opened import as_opened, form_of

pytestmark = pytest.mark.django_db
REVIEWED = Path(__file__).with_name("edit_forms.txt")


def reviewed() -> dict[str, str]:
    """Returns `version` or `other` by the name of the address; the last one has a reason."""
    lines = [line.split(maxsplit=2) for line in REVIEWED.read_text(encoding="utf-8").splitlines()]
    rows = [line for line in lines if not line[0].startswith("#")]
    assert [name for name, how, *why in rows if (how == "other") != bool(why)] == []
    return {name: how for name, how, *_why in rows}


def with_form(client: Client, urlconf: ModuleType | None = None) -> Iterator[Page]:
    """Every page of staff about a row, by id, that is shown and takes what is typed into it."""
    for page in pages(urlconf):
        shown_and_sent = {client.get(page.url).status_code, client.post(page.url).status_code}
        if page.parts and not page.name.startswith("site:") and 405 not in shown_and_sent:
            yield page


class Edited(NamedTuple):
    """A row with its page, two values of one field that people want, and a value of another field."""

    row: Model
    role: Role
    field: str
    wanted: tuple[str, str]
    kept: tuple[object, object]
    other: str
    typed: str
    written: object
    under: tuple[object, ...] = ()
    """The keys that stand before the row's own in the address."""

    @property
    def args(self) -> list[object]:
        return [*self.under, self.row.pk]


def patient() -> Edited:
    row = make.patient(phone="+79210000001")
    phones = ("8 921 000-00-02", "8 921 000-00-03")
    return Edited(row, Role.REGISTRAR, "phone", phones, ("+79210000002", "+79210000003"), "note", "звонить", "звонить")


def rule() -> Edited:
    doctor = make.doctor()
    hours = HoursData(starts=time(9), ends=time(12), room=doctor.room, slot_minutes=30, valid_from=timezone.localdate())
    (row,) = booking.add_hours(doctor=doctor, weekdays=[1], hours=hours, by=make.TEST)
    ends = (time(13), time(14))
    return Edited(row, Role.SCHEDULE_ADMIN, "ends", ("13:00", "14:00"), ends, "slot_minutes", "20", 20)


def entry() -> Edited:
    row = make.entry(make.specialty())
    notes = ("после работы", "утром")
    return Edited(row, Role.OPERATOR, "note", notes, notes, "weekdays", "6", [6])


def emergency() -> Edited:
    row = booking.open_emergency(by=make.TEST, description="упал")
    texts = ("упал у лифта", "упал в гардеробе")
    return Edited(row, Role.REGISTRAR, "description", texts, texts, "outcome", "увезли", "увезли")


def representative() -> Edited:
    row = make.parent_of(make.child(), phone="+79210000001")
    phones, kept = ("8 921 000-00-02", "8 921 000-00-03"), ("+79210000002", "+79210000003")
    name = ("first_name", "Марина", "Марина")
    return Edited(row, Role.REGISTRAR, "phone", phones, kept, *name, under=(row.patient_id,))


def location() -> Edited:
    names = ("Луна", "Солнце")
    return Edited(make.location(), Role.HEAD, "name", names, names, "directions", "вход со двора", "вход со двора")


def room() -> Edited:
    names, other = ("каб. 91", "каб. 92"), Location.objects.create(name="Солнце", address="ул. Солнечная, 1")
    return Edited(make.room(), Role.HEAD, "name", names, names, "location", str(other.pk), other)


def specialty() -> Edited:
    titles = ("врач", "доктор")
    return Edited(make.specialty(), Role.HEAD, "doctor_title", titles, titles, "order", "7", 7)


def service() -> Edited:
    prices = (Decimal("1900.50"), Decimal(2100))
    return Edited(make.service(), Role.HEAD, "price", ("1900,50", "2100"), prices, "minutes", "45", 45)


def doctor() -> Edited:
    names = ("Ли", "Ким")
    return Edited(make.doctor(), Role.HEAD, "last_name", names, names, "min_age", "18", 18)


def person() -> Edited:
    names = ("Ли", "Ким")
    return Edited(make.user(Role.OPERATOR), Role.HEAD, "last_name", names, names, "first_name", "Ян", "Ян")


EDITED = {
    "office:patient_edit": patient,
    "office:rule_edit": rule,
    "office:entry_change": entry,
    "office:emergency": emergency,
    "office:representative_edit": representative,
    "office:location_edit": location,
    "office:room_edit": room,
    "office:specialty_edit": specialty,
    "office:service_edit": service,
    "office:doctor_edit": doctor,
    "office:person": person,
}


@pytest.fixture(params=EDITED)
def opened(request, sign_in):
    """A row, the address of its page, a browser, and the form as two people have opened it."""
    edited = EDITED[request.param]()
    browser, url = sign_in(edited.role), reverse(request.param, args=edited.args)
    return edited, url, browser, as_opened(browser, url)


def stored(edited: Edited, name: str) -> object:
    edited.row.refresh_from_db()
    return getattr(edited.row, name)


def conflict(opened):
    """Both change the same field; returns the page that the second one is shown."""
    edited, url, browser, form = opened
    first, second = edited.wanted
    assert browser.post(url, form | {edited.field: first}).status_code == 302
    return browser.post(url, form | {edited.field: second, edited.other: edited.typed})


def test_every_page_with_a_form_about_a_row_is_reviewed(client):
    assert {page.name for page in with_form(client)} == reviewed().keys()


def test_every_form_that_edits_has_two_editors_here():
    assert EDITED.keys() == {name for name, how in reviewed().items() if how == "version"}


def test_control_a_planted_page_is_found(client, settings):
    urls = ModuleType("planted_urls")
    urls.urlpatterns = [
        path("edit/<uuid:row>/", lambda request, row: HttpResponse(), name="edit"),
        path("add/", lambda request: HttpResponse(), name="add"),
        path("look/<uuid:row>/", require_safe(lambda request, row: HttpResponse()), name="look"),
        path("step/<uuid:row>/", require_POST(lambda request, row: HttpResponse()), name="step"),
    ]
    settings.ROOT_URLCONF = urls
    assert [page.name for page in with_form(client, urls)] == ["edit"]


def test_two_fields_of_two_people_are_both_written(opened):
    edited, url, browser, form = opened
    assert browser.post(url, form | {edited.field: edited.wanted[0]}).status_code == 302
    assert browser.post(url, form | {edited.other: edited.typed}).status_code == 302
    assert (stored(edited, edited.field), stored(edited, edited.other)) == (edited.kept[0], edited.written)


def test_one_field_of_two_people_shows_both_values(opened):
    edited, *_rest = opened
    page = conflict(opened)
    assert (page.status_code, stored(edited, edited.field)) == (409, edited.kept[0])
    form = form_of(page)
    assert (form[edited.field].value(), form[edited.other].value()) in (
        (edited.wanted[1], edited.typed),
        (edited.wanted[1], [edited.typed]),
    )
    (shown,) = form.conflicts
    assert shown.field == edited.field
    assert f"сейчас записано: {shown.recorded}" in page.content.decode()
    assert page.content.decode().count('name="choose"') == 2


@pytest.mark.parametrize(("choice", "stays"), [("keep", 1), ("take", 0)])
def test_one_press_chooses_and_saves_the_rest_too(opened, choice, stays):
    edited, url, browser, form = opened
    page = conflict(opened)
    (shown,) = form_of(page).conflicts
    again = form | {edited.field: edited.wanted[1], edited.other: edited.typed}
    answer = browser.post(url, again | {"choose": f"{choice} {shown.column} {shown.seen}"})
    assert answer.status_code == 302
    assert (stored(edited, edited.field), stored(edited, edited.other)) == (edited.kept[stays], edited.written)


def test_a_form_sent_again_without_a_choice_writes_nothing(opened):
    edited, url, browser, form = opened
    conflict(opened)
    assert browser.post(url, form | {edited.field: edited.wanted[1]}).status_code == 409
    assert stored(edited, edited.field) == edited.kept[0]


def test_a_choice_holds_only_for_the_value_that_was_shown(opened):
    edited, url, browser, form = opened
    stale = f"keep {edited.field} 0123456789abcdef"
    conflict(opened)
    answer = browser.post(url, form | {edited.field: edited.wanted[1], "choose": stale})
    assert (answer.status_code, stored(edited, edited.field)) == (409, edited.kept[0])


@pytest.mark.parametrize("version", ["", "nonsense", "\x00", "a:b:c d", "x" * 5000])
def test_a_form_without_its_version_writes_over_nothing(opened, version):
    edited, url, browser, form = opened
    browser.post(url, form | {edited.field: edited.wanted[0]})
    answer = browser.post(url, form | {edited.field: edited.wanted[1], "version": version})
    assert stored(edited, edited.field) == edited.kept[0]
    assert answer.status_code in (409, 422)


@pytest.mark.parametrize("choice", ["", "keep", "take nothing 0", "throw phone 0", "\x00", "take phone"])
def test_a_choice_that_cannot_be_read_is_none(opened, choice):
    edited, url, browser, form = opened
    browser.post(url, form | {edited.field: edited.wanted[0]})
    answer = browser.post(url, form | {edited.field: edited.wanted[1], "choose": choice})
    assert answer.status_code in (302, 409)


def test_the_same_value_of_two_people_is_no_conflict(opened):
    edited, url, browser, form = opened
    for _ in range(2):
        assert browser.post(url, form | {edited.field: edited.wanted[0]}).status_code == 302
    assert stored(edited, edited.field) == edited.kept[0]


def test_control_without_versions_the_last_one_wins(opened, monkeypatch):
    monkeypatch.setattr(Changes, "_is_theirs", lambda *_values: False)
    edited, *_rest = opened
    assert (conflict(opened).status_code, stored(edited, edited.field)) == (302, edited.kept[1])


def test_d30_a_note_does_not_bring_yesterdays_phone_back(sign_in):
    person = make.patient(phone="+79210000001")
    desk, url = sign_in(Role.REGISTRAR), reverse("office:patient_edit", args=[person.pk])
    form = as_opened(desk, url)
    booking.correct_patient(patient=person, changes=Changes({"phone": "+79210000002"}), by=make.TEST)
    desk.post(url, form | {"note": "паспорт 4015 123456 забыт"})
    person.refresh_from_db()
    assert (person.phone.as_e164, person.note) == ("+79210000002", "паспорт 4015 123456 забыт")
    events = AuditEvent.objects.filter(action="patient.corrected").order_by("id")
    assert [event.details for event in events] == [
        {"changed": {"phone": ["+79210000001", "+79210000002"]}},
        {"changed": {"note": ["", "паспорт ••••3456 забыт"]}},
    ]


def test_d31_changes_that_are_impossible_together_show_what_the_other_has_written(sign_in):
    edited = rule()
    keeper, url = sign_in(Role.SCHEDULE_ADMIN), reverse("office:rule_edit", args=[edited.row.pk])
    form = as_opened(keeper, url)
    assert keeper.post(url, form | {"ends": "10:00"}).status_code == 302
    page = keeper.post(url, form | {"starts": "11:00"})
    assert (page.status_code, [each.field for each in form_of(page).conflicts]) == (409, ["ends"])
    assert (stored(edited, "starts"), stored(edited, "ends")) == (time(9), time(10))
