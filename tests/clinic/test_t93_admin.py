"""T93 in the stock admin: every row that is edited there has two editors, and nobody's change is lost."""

import pytest
from django.contrib import admin
from django.urls import reverse

from back_office.admin.versions import VersionedAdmin
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.models import Doctor, Location, Room, Service, Specialty
from tests import factories as make
from tests.opened import as_opened, form_of

pytestmark = pytest.mark.django_db

EDITED = {
    Location: (make.location, "name", ("Луна", "Солнце"), "address", "ул. Звёздная, д. 1"),
    Room: (make.room, "name", ("каб. 91", "каб. 92"), "location", None),
    Specialty: (make.specialty, "doctor_title", ("врач", "доктор"), "order", "7"),
    Service: (lambda: make.service(make.specialty()), "name", ("Осмотр", "Приём"), "minutes", "45"),
    Doctor: (make.doctor, "last_name", ("Ли", "Ким"), "first_name", "Ян"),
}
"""How a row is made, a field with two values that people want, another field with its value (none: not changed)."""


def not_versioned(site):
    return [model.__name__ for model, kept in site._registry.items() if not isinstance(kept, VersionedAdmin)]


@pytest.fixture(params=EDITED)
def opened(request, sign_in):
    made, field, wanted, other, typed = EDITED[request.param]
    row, options = made(), request.param._meta
    url = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk])
    screen = sign_in(Role.HEAD)
    form = as_opened(screen, url)
    rest = {other: typed or form[other]}
    return url, screen, form, (field, wanted), rest


def test_every_admin_has_versions_and_two_editors():
    assert not_versioned(admin.site) == []
    assert EDITED.keys() == admin.site._registry.keys()


def test_control_a_planted_admin_is_found():
    site = admin.AdminSite()
    site.register(Room, admin.ModelAdmin)
    assert not_versioned(site) == ["Room"]


def test_two_fields_of_two_people_are_both_written(opened):
    url, screen, form, (field, wanted), rest = opened
    assert screen.post(url, form | {field: wanted[0]}).status_code == 302
    assert screen.post(url, form | rest).status_code == 302
    now = as_opened(screen, url)
    assert {field: now[field]} | {name: now[name] for name in rest} == {field: wanted[0]} | rest


@pytest.mark.parametrize(("choice", "stays"), [("keep", 1), ("take", 0)])
def test_one_field_of_two_people_shows_both_and_one_press_chooses(opened, choice, stays):
    url, screen, form, (field, wanted), rest = opened
    screen.post(url, form | {field: wanted[0]})
    page = screen.post(url, form | rest | {field: wanted[1]})
    assert (page.status_code, as_opened(screen, url)[field]) == (409, wanted[0])
    (shown,) = form_of(page).conflicts
    assert (form_of(page)[field].value(), shown.recorded) == (wanted[1], wanted[0])
    text = page.content.decode()
    assert (f"сейчас записано: {wanted[0]}" in text, text.count('name="choose"')) == (True, 2)
    chosen = {"choose": f"{choice} {field} {shown.seen}"}
    assert screen.post(url, form | rest | {field: wanted[1]} | chosen).status_code == 302
    now = as_opened(screen, url)
    assert {field: now[field]} | {name: now[name] for name in rest} == {field: wanted[stays]} | rest


def test_services_of_a_doctor_and_a_tick_are_merged_too(sign_in):
    doctor, screen = make.doctor(), sign_in(Role.HEAD)
    other = make.service(doctor.specialties.get())
    url = reverse("admin:scheduling_doctor_change", args=[doctor.pk])
    form = as_opened(screen, url)
    assert screen.post(url, form | {"services": [other.pk]}).status_code == 302
    assert screen.post(url, {name: value for name, value in form.items() if name != "active"}).status_code == 302
    doctor.refresh_from_db()
    assert (doctor.active, list(doctor.services.all())) == (False, [other])


def test_the_audit_keeps_what_stood_there(sign_in):
    room, screen = make.room(name="каб. 1"), sign_in(Role.HEAD)
    url = reverse("admin:scheduling_room_change", args=[room.pk])
    screen.post(url, as_opened(screen, url) | {"name": "каб. 2"})
    event = AuditEvent.objects.get(action="room.changed")
    assert (event.object_ref, event.details) == (str(room.pk), {"changed": {"name": ["каб. 1", "каб. 2"]}})
