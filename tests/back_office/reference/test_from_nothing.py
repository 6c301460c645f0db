"""U37: from an empty database to the first booked visit through the product's own pages, with no shell."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from foundation.accounts import first_run
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from patients.models import Patient
from scheduling.models import Appointment, Doctor, Location, Room, Service, Slot, Specialty
from tests.opened import as_opened, form_of

pytestmark = pytest.mark.django_db
PASSWORD, FIRST, OWN = "lunnaya-doroga-7", "vremennyi-klyuch-1", "sobstvennyi-parol-9"
EVERY_DAY = [str(day) for day in range(1, 8)]
PASSPORT = {"identity-seen": "on", "identity-kind": "rf_passport", "identity-seen_as": "original"}


def saved(client: Client, page: str, /, *args: object, **typed: object):
    """Opens a page, fills it in over what stands there and sends it; it leads on."""
    url = reverse(page, args=args)
    answer = client.post(url, as_opened(client, url) | {key: _sent(value) for key, value in typed.items()})
    assert answer.status_code == 302, form_of(answer).errors
    return client.get(answer.url, follow=True)


def _sent(value: object) -> object:
    if isinstance(value, list):
        return [str(getattr(each, "pk", each)) for each in value]
    return str(getattr(value, "pk", value))


def signed_in(login: str, password: str) -> Client:
    client = Client()
    client.post("/office/sign-in/", {"login": login, "password": password})
    return client


@pytest.fixture
def head(settings):
    """The first head, who has opened the clinic with the key from the log."""
    settings.DEMO = False
    name = {"last_name": "Зимина", "first_name": "Вера", "login": "zimina"}
    typed = name | {"password": PASSWORD, "password_again": PASSWORD, "key": first_run.new_key()}
    assert Client().post(reverse("first_run"), typed).status_code == 302
    return signed_in("zimina", PASSWORD)


def with_reference_data(head: Client) -> Doctor:
    saved(head, "office:location_add", name="Клиника на Лунной", address="Санкт-Петербург, ул. Лунная, д. 7")
    saved(head, "office:room_add", location=Location.objects.get(), name="каб. 1")
    saved(head, "office:specialty_add", name="Дерматология", doctor_title="дерматолог")
    specialty = Specialty.objects.get()
    service = {"name": "Приём дерматолога", "kind": "visit", "minutes": 30, "price": "2400,50"}
    saved(head, "office:service_add", specialty=specialty, **service)
    name = {"last_name": "Белова", "first_name": "Анна", "patronymic": "Сергеевна"}
    given = {"specialties": [specialty], "services": [Service.objects.get()], "room": Room.objects.get()}
    saved(head, "office:doctor_add", **name, **given, min_age=0, max_age=120)
    return Doctor.objects.get()


def published(head: Client, doctor: Doctor) -> None:
    first, last = timezone.localdate() + timedelta(days=1), timezone.localdate() + timedelta(days=7)
    hours = {"weekdays": EVERY_DAY, "starts": "09:00", "ends": "12:00"}
    saved(head, "office:rule_add", doctor.pk, **hours)
    term = {"first_day": str(first), "last_day": str(last)}
    url = reverse("office:publish", args=[doctor.pk])
    preview = head.get(url, term)
    assert preview.status_code == 200
    head.post(f"{url}?{preview.wsgi_request.GET.urlencode()}", term)


def with_registrar(head: Client) -> Client:
    person = {"last_name": "Ковалёва", "first_name": "Анна", "login": "kovaleva", "role": Role.REGISTRAR}
    saved(head, "office:person_add", **person, password=FIRST, own_password=PASSWORD)
    desk = signed_in("kovaleva", FIRST)
    assert desk.get("/office/day/").url == reverse("account_change_password")
    change = {"oldpassword": FIRST, "password1": OWN, "password2": OWN}
    desk.post(reverse("account_change_password"), change)
    return signed_in("kovaleva", OWN)


def test_u37_from_nothing_to_the_first_booked_visit(head):
    assert head.get("/office/").url == reverse("office:setup")
    doctor = with_reference_data(head)
    published(head, doctor)
    desk = with_registrar(head)
    patient = {"last_name": "Ли", "first_name": "Ян", "birth_date": "17.05.1990", "phone": "8 921 777 00 01"}
    saved(desk, "office:patient_new", **patient)
    slot = Slot.objects.order_by("starts_at").first()
    booked = {
        "key": "k1",
        "patient": Patient.objects.get().pk,
        "applicant": "self",
        "service": Service.objects.get().pk,
    }
    desk.post(reverse("office:book", args=[slot.pk]), booked | PASSPORT)
    visit = Appointment.objects.get()
    assert (visit.doctor, visit.service.price, visit.room.name) == (doctor, Service.objects.get().price, "каб. 1")
    assert "Белова" in Client().get("/").content.decode(), "the site offers the doctor"


def test_each_step_of_the_set_up_is_in_the_audit(head):
    with_reference_data(head)
    with_registrar(head)
    actions = AuditEvent.objects.exclude(action__in=AT_THE_ENTRANCE).order_by("id").values_list("action", flat=True)
    assert [action for action in actions if "." in action and action.partition(".")[0] in NOUNS] == [
        *("staff.head_made", "location.added", "room.added", "specialty.added", "service.added", "doctor.added"),
        "staff.added",
    ]


AT_THE_ENTRANCE = ("staff.signed_in", "staff.signed_out", "staff.password_changed")
NOUNS = {"staff", "location", "room", "specialty", "service", "doctor"}


def lines(client: Client) -> dict[str, bool]:
    return {line.label: line.done for line in client.get(reverse("office:setup")).context["lines"]}


def test_each_line_of_the_list_is_true_by_the_database(head, settings):
    settings.CLINIC_NAMED, settings.MESSAGE_ROUTES = [], {"sms": [], "email": []}
    assert set(lines(head).values()) == {False}
    doctor = with_reference_data(head)
    done = {label for label, is_done in lines(head).items() if is_done}
    assert done == {"Филиал", "Кабинеты", "Специальности", "Услуги с ценами", "Врачи и их услуги"}
    published(head, doctor)
    with_registrar(head)
    settings.CLINIC_NAMED, settings.MESSAGE_ROUTES = settings.CLINIC_NAMES, {"sms": ["smsru"], "email": []}
    assert set(lines(head).values()) == {True}
    assert head.get("/office/").url == reverse("office:day")


def test_a_service_without_a_price_and_a_doctor_without_services_are_not_done(head):
    doctor = with_reference_data(head)
    Service.objects.update(price=0)
    doctor.services.clear()
    assert (lines(head)["Услуги с ценами"], lines(head)["Врачи и их услуги"]) == (False, False)


def test_every_line_with_an_address_leads_to_a_page(head):
    for line in head.get(reverse("office:setup")).context["lines"]:
        assert not line.url or head.get(line.url).status_code == 200, line


def test_the_list_may_be_put_away(head):
    head.post(reverse("office:setup_hide"))
    assert head.get("/office/").url == reverse("office:day")
    assert head.get(reverse("office:setup")).status_code == 200


def test_others_begin_where_they_work(head, sign_in):
    assert sign_in(Role.REGISTRAR).get("/office/").url == reverse("office:day")


def test_the_list_is_one_statement_however_much_there_is(head, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        head.get(reverse("office:setup"))
    assert User.objects.count() == 1
