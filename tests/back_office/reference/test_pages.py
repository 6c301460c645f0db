"""Reference data is added and put right on the office's own pages; what stood there is in the audit (U37, T115)."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from back_office.presenters.reference import KINDS
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from foundation.text.slugs import slug_of
from scheduling.models import Doctor, Room, Service, Specialty
from tests import factories as make
from tests.opened import as_opened
from worklist.models import Task

pytestmark = pytest.mark.django_db
CASES = {
    "location": make.location,
    "room": make.room,
    "specialty": make.specialty,
    "service": make.service,
    "doctor": make.doctor,
}


@pytest.fixture
def screen(sign_in):
    return sign_in(Role.HEAD)


def added(screen: Client, code: str, **typed: object):
    url = reverse(f"office:{code}_add")
    return screen.post(url, as_opened(screen, url) | typed)


def edited(screen: Client, code: str, row, **typed: object):
    url = reverse(f"office:{code}_edit", args=[row.pk])
    sent = as_opened(screen, url) | typed
    return screen.post(url, {name: value for name, value in sent.items() if value is not None})


def audit(action: str) -> list[dict]:
    return [row.details for row in AuditEvent.objects.filter(action=action).order_by("id")]


@pytest.mark.parametrize("code", KINDS)
def test_an_empty_list_says_what_to_do(screen, code):
    page = screen.get(reverse(f"office:{code}_list")).content.decode()
    assert str(KINDS[code].none) in page
    assert reverse(f"office:{code}_add") in page


@pytest.mark.parametrize("code", KINDS)
def test_a_list_asks_the_same_however_many_there_are(screen, code):
    asked = []
    for more in (1, 3):
        for number in range(more):
            make_another(code, number)
        with CaptureQueriesContext(connection) as statements:
            screen.get(reverse(f"office:{code}_list"))
        asked.append(len(statements))
    assert asked[0] == asked[1]


def make_another(code: str, number: int):
    if code == "location":
        return make.location().__class__.objects.create(name=f"Солнце {number}", address="ул. Солнечная")
    return make.doctor(make.service(make.specialty())) if code == "doctor" else CASES[code]()


@pytest.mark.parametrize("code", KINDS)
def test_an_empty_form_says_beside_each_field_what_is_missing(screen, code):
    page = screen.post(reverse(f"office:{code}_add"), {"x": "1"})
    required = {name for name, field in page.context["form"].fields.items() if field.required}
    assert (page.status_code, set(page.context["form"].errors)) == (422, required)


@pytest.mark.parametrize("code", KINDS)
def test_nothing_changed_writes_nothing(screen, code):
    row = CASES[code]()
    assert edited(screen, code, row).status_code == 302
    assert audit(f"{code}.changed") == []


@pytest.mark.parametrize("code", KINDS)
def test_a_row_that_is_not_there_is_a_404(screen, code):
    assert screen.get(reverse(f"office:{code}_edit", args=[make.user().pk])).status_code == 404


def test_a_new_price_is_in_the_audit_with_the_old_one(screen):
    service = make.service(price=2400)
    edited(screen, "service", service, price="2600,50")
    service.refresh_from_db()
    assert service.price == Decimal("2600.50")
    assert audit("service.changed") == [{"changed": {"price": ["2400", "2600.5"]}}]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "дорого"}, "price"),
        ({"price": "99999999"}, "price"),
        ({"minutes": "4"}, "minutes"),
        ({"minutes": "481"}, "minutes"),
        ({"name": ""}, "name"),
        ({"kind": "surgery"}, "kind"),
        ({"specialty": "nothing"}, "specialty"),
    ],
)
def test_each_mistake_of_a_service_stands_beside_its_field(screen, typed, field):
    service = make.service()
    page = edited(screen, "service", service, **typed)
    assert (page.status_code, list(page.context["form"].errors), audit("service.changed")) == (422, [field], [])


def test_a_doctor_has_services_added_and_taken(screen):
    first, second = make.service(), make.service()
    doctor = make.doctor(first)
    edited(screen, "doctor", doctor, services=[str(second.pk)])
    assert list(doctor.services.all()) == [second]
    assert audit("doctor.changed") == [{"changed": {"services": [str(first.pk), str(second.pk)]}}]


def test_visits_that_no_longer_hold_become_tasks_and_are_told(screen):
    slot = make.slots_of(make.shift(make.doctor()))[0]
    make.appointment(slot)
    page = screen.get(edited(screen, "doctor", slot.doctor, min_age="90").url)
    assert Task.objects.count() == 1
    assert reverse("office:calls") in str([*page.context["messages"]][1])
    assert audit("doctor.rechecked") == [{"broken": 1}]


def test_what_the_rules_do_not_ask_rechecks_nothing(screen):
    make.appointment(slot := make.slots_of(make.shift(make.doctor()))[0])
    edited(screen, "doctor", slot.doctor, about="врач высшей категории")
    assert audit("doctor.rechecked") == []


def test_ages_the_wrong_way_round_are_refused_in_words(screen):
    page = edited(screen, "doctor", make.doctor(), min_age="60", max_age="18")
    assert page.status_code == 422
    assert "Нижний возраст" in str(page.context["form"].non_field_errors()) or page.context["form"].errors


def test_a_login_of_a_doctor_belongs_to_one_doctor(screen):
    person, nobody = make.user(Role.DOCTOR), make.user(Role.REGISTRAR)
    doctor, other = make.doctor(), make.doctor()
    assert edited(screen, "doctor", doctor, user=str(person.pk)).status_code == 302
    assert edited(screen, "doctor", other, user=str(person.pk)).status_code == 422
    assert edited(screen, "doctor", other, user=str(nobody.pk)).status_code == 422
    assert edited(screen, "doctor", doctor).status_code == 302, "their own login stays a choice"
    doctor.refresh_from_db()
    assert doctor.user == person


def test_a_room_has_its_name_once_in_its_location(screen):
    room = make.room()
    page = added(screen, "room", location=str(room.location_id), name=room.name)
    assert (page.status_code, Room.objects.count()) == (422, 1)
    assert f'value="{room.name}"' in page.content.decode(), "what was typed stays"
    other = make.room()
    assert edited(screen, "room", other, name=room.name).status_code == 422


def test_a_new_room_is_in_the_only_location(screen):
    assert as_opened(screen, reverse("office:room_add"))["location"] == [""]
    place = make.location()
    assert as_opened(screen, reverse("office:room_add"))["location"] == [str(place.pk)]


def test_addresses_on_the_site_are_made_of_the_names_and_stay(screen):
    for _time in range(3):
        added(screen, "specialty", name="Лазерная терапия", doctor_title="врач")
    slugs = ["lazernaya-terapiya", "lazernaya-terapiya-2", "lazernaya-terapiya-3"]
    assert list(Specialty.objects.order_by("pk").values_list("slug", flat=True)) == slugs
    edited(screen, "specialty", Specialty.objects.first(), name="Лазер")
    assert sorted(Specialty.objects.values_list("slug", flat=True)) == slugs


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("Щукин Ёж", "shchukin-ezh"),
        ("  УЗИ — №1 ", "uzi-1"),
        ("O’Neil", "o-neil"),
        ("李", "x"),
        ("", "x"),
        ("Объём", "obem"),
        ("а" * 60, "a" * 40),
    ],
)
def test_slugs(words, slug):
    assert slug_of(words) == slug


def test_a_doctor_who_does_not_work_is_not_offered(screen):
    doctor = make.doctor()
    edited(screen, "doctor", doctor, active=None)
    assert (Doctor.objects.get().active, Service.objects.get().active) == (False, True)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HEAD}))
def test_others_of_the_staff_see_none_of_it(sign_in, role):
    browser = sign_in(role)
    assert {browser.get(reverse(f"office:{code}_list")).status_code for code in KINDS} == {403}
    assert reverse("office:setup") not in browser.get(reverse("office:emergencies")).content.decode()
