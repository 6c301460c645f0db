"""Names, phones, birth dates and notes stay out of addresses: those are kept by browsers, proxies and logs."""

import re
from datetime import date
from html.parser import HTMLParser
from urllib.parse import unquote_plus

import pytest
from django.urls import reverse

from foundation.accounts.actors import staff
from foundation.accounts.choices import Role
from tests import factories, phoning
from waitlist import matching
from waitlist.models import SlotOffer

pytestmark = pytest.mark.django_db

NOTE = "секретов"
PERSONAL = re.compile(r"уникум|765.?43.?21|(19)?71.?03.?28|28.?03.?(19)?71|" + NOTE, re.IGNORECASE)
SEARCHES = ["Уникумова", "уникум м", "8 921 765-43-21", "7654321", "28.03.1971"]
MAIN_PAGES = {
    Role.REGISTRAR: [
        *("home", "day", "patients", "patient_new", "find_time", "waitlist", "emergencies", "outbox"),
        *("calls", "calls_queue"),
    ],
    Role.OPERATOR: ["home", "calls", "calls_queue", "caller", "caller_new", "waitlist", "patients", "day", "outbox"],
    Role.DOCTOR: ["home", "my_day", "emergencies"],
    Role.HEAD: ["home", "day", "waitlist", "patients"],
    Role.SCHEDULE_ADMIN: ["home", "schedule"],
}
ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post", "hx-replace-url", "hx-push-url"}


class Addresses(HTMLParser):
    """Every address of a page, and every field that a GET form would put into one."""

    def __init__(self, page):
        super().__init__()
        self.found, self.in_get_form = [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.in_get_form = attrs.get("method", "get").lower() == "get"
        self.found += [attrs[name] or "" for name in ADDRESSES & attrs.keys()]
        if self.in_get_form and tag in ("input", "button", "option", "select"):
            self.found += [attrs.get("name") or "", attrs.get("value") or ""]
            # A text field of a GET form would carry whatever is typed.
            assert attrs.get("type") != "search"
            assert attrs.get("name") not in ("q", "note", "phone", "caller", "last_name", "birth_date")

    def handle_endtag(self, tag):
        self.in_get_form = self.in_get_form and tag != "form"


def assert_clean(response):
    assert response.status_code in (200, 409, 422)
    passed = [url for url, _status in getattr(response, "redirect_chain", [])]
    addresses = [*passed, response.request["QUERY_STRING"], *Addresses(response.content.decode()).found]
    for address in addresses:
        address = unquote_plus(address)
        # Ids are random: their digits may be any; a number to dial is the point of `tel:`.
        without_ids = re.sub(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", "", address)
        assert address.startswith("tel:") or not PERSONAL.search(without_ids), address
        assert not re.search(r"[?&]q=", address)


@pytest.fixture
def patient():
    return factories.patient(last_name="Уникумова", birth_date=date(1971, 3, 28), phone="+79217654321")


@pytest.fixture
def specialty():
    return factories.specialty()


@pytest.fixture
def doctor(specialty):
    return factories.doctor(factories.service(specialty), user=factories.user(Role.DOCTOR))


@pytest.fixture
def slots(doctor):
    return factories.slots_of(factories.shift(doctor))


@pytest.fixture
def visit(slots, patient):
    return factories.appointment(slots[0], of=patient)


@pytest.fixture
def free(slots, visit):
    return slots[2]


@pytest.fixture
def entry(patient, visit):
    return factories.entry(factories.specialty("Трихология", "трихолог"), who=patient, note=f"мать {NOTE}")


def test_no_main_page_writes_a_person_into_an_address(sign_in, visit, entry):
    for role, names in MAIN_PAGES.items():
        user = visit.doctor.user if role == Role.DOCTOR else role
        office = sign_in(user)
        for name in names:
            assert_clean(office.get(reverse(f"office:{name}"), follow=True))
    assert_clean(sign_in(Role.REGISTRAR).get(reverse("office:day"), {"date": f"{visit.starts_at:%Y-%m-%d}"}))


@pytest.mark.parametrize("asked", SEARCHES)
def test_a_search_leaves_no_trace_in_addresses(sign_in, free, asked):
    desk = sign_in(Role.REGISTRAR)
    for url in (reverse("office:patients"), reverse("office:book", args=[free.pk])):
        first = desk.post(url, {"q": asked})
        assert (first.status_code, first["Location"]) == (302, url)
        assert_clean(desk.post(url, {"q": asked}, follow=True))
        assert_clean(desk.get(url))
        assert_clean(desk.get(reverse("office:patient_new"), {"slot": free.pk}))


def test_the_top_box_shows_what_is_looked_for_on_the_list_only(sign_in, patient):
    desk, url = sign_in(Role.REGISTRAR), reverse("office:patients")
    page = desk.post(url, {"q": "Уникумова"}, follow=True).content.decode()
    assert page.count('value="Уникумова"') == 2
    assert "Уникумова" not in desk.get(reverse("office:emergencies")).content.decode()


@pytest.mark.parametrize("asked", SEARCHES)
def test_a_caller_leaves_no_trace_in_addresses(sign_in, visit, asked):
    assert_clean(sign_in(Role.OPERATOR).post(reverse("office:caller"), {"caller": asked}, follow=True))


def test_the_pages_of_one_person_do_not_either(sign_in, slots, visit, free, entry, patient, specialty):
    desk = sign_in(Role.REGISTRAR)
    for name in ("patient", "patient_edit", "representative_new"):
        assert_clean(desk.get(reverse(f"office:{name}", args=[patient.pk])))
    for name in ("appointment", "ticket", "appointment_move"):
        assert_clean(desk.get(reverse(f"office:{name}", args=[visit.pk])))
    for url in (reverse("office:book", args=[free.pk]), reverse("office:overbook", args=[slots[0].pk])):
        assert_clean(desk.get(url, {"patient": patient.pk}))
        assert_clean(desk.post(url, {"patient": patient.pk, "note": NOTE, "reason": NOTE}))
    for wishes in ({}, {"specialty": specialty.pk}):
        assert_clean(desk.get(reverse("office:find_time"), {"patient": patient.pk} | wishes))
    assert_clean(desk.get(reverse("office:day"), {"patient": patient.pk, "move": visit.pk}))


def test_the_telephone_work_does_not_either(sign_in, visit, entry, patient, specialty):
    phone = sign_in(Role.OPERATOR)
    page = reverse("office:caller_wishes", args=[patient.pk])
    assert_clean(phone.get(page, {"specialty": specialty.pk}))
    join = reverse("office:caller_join", args=[patient.pk]) + f"?specialty={specialty.pk}"
    assert_clean(phone.post(join, {"note": NOTE}, follow=True))
    for name in ("entry", "entry_change"):
        assert_clean(phone.get(reverse(f"office:{name}", args=[entry.pk])))
    matching.offer_slot(slot=factories.slots_of(factories.shift(trichologist(entry), days=3))[0].pk)
    offer = phoning.claim(offer=SlotOffer.objects.get().pk, by=staff(phone.user))
    assert_clean(phone.get(reverse("office:calls")))
    assert_clean(phone.get(reverse("office:call", args=[offer.pk])))


def test_calls_about_stranded_visits_do_not_either(sign_in, visit):
    factories.away(visit.doctor, 1, 1)
    desk = sign_in(Role.REGISTRAR)
    assert_clean(desk.post(reverse("office:call_next"), follow=True))
    assert_clean(desk.get(reverse("office:calls")))


def test_the_doctors_pages_do_not_either(sign_in, doctor, visit):
    office = sign_in(doctor.user)
    for name in ("my_visit", "follow_up"):
        assert_clean(office.get(reverse(f"office:{name}", args=[visit.pk])))


def trichologist(entry):
    return factories.doctor(factories.service(entry.specialty), last_name="Громов")
