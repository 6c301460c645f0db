from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.clock import day_start
from scheduling.choices import Urgency
from scheduling.models import EmergencyCase, Shift
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(sign_in):
    return sign_in(Role.REGISTRAR)


@pytest.mark.parametrize("role", Role.values)
def test_every_role_opens_an_emergency_in_one_click(sign_in, role, settings):
    settings.CELERY_BROKER_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"
    office = sign_in(role)
    answer = office.post(reverse("office:emergency_open"))
    case = EmergencyCase.objects.get()
    assert answer["Location"] == reverse("office:emergency", args=[case.pk])
    assert case.ambulance_called_at is not None
    page = office.get(answer["Location"]).content.decode()
    assert 'href="tel:103"' in page
    assert 'href="tel:112"' in page
    assert settings.CLINIC["address"] in page


def test_emergency_is_not_opened_by_get(office):
    assert office.get(reverse("office:emergency_open")).status_code == 405
    assert not EmergencyCase.objects.exists()


def test_urgent_consultation_calls_no_ambulance(office):
    office.post(reverse("office:emergency_open"), {"urgency": "urgent"})
    case = EmergencyCase.objects.get()
    assert (case.urgency, case.ambulance_called_at) == (Urgency.URGENT, None)


@pytest.mark.parametrize("urgency", ["", "nonsense", "\x00", "x" * 5000])
def test_unknown_urgency_is_an_emergency(office, urgency):
    office.post(reverse("office:emergency_open"), {"urgency": urgency})
    assert EmergencyCase.objects.get().urgency == Urgency.EMERGENCY


def test_nothing_typed_is_refused(office, by):
    case = booking.open_emergency(by=by)
    typed = {
        "person": "Щ" * 5000,
        "description": "упал\x00 🚑" * 3000,
        "ambulance_reference": "7" * 500,
        "doctor": "not-an-id",
        "outcome": "",
    }
    assert office.post(reverse("office:emergency", args=[case.pk]), typed).status_code == 302
    case.refresh_from_db()
    assert case.person == "Щ" * 200
    assert case.ambulance_reference == "7" * 60
    assert case.doctor is None
    assert case.description.startswith("упал 🚑")


def test_case_is_closed_with_what_was_typed(office, by):
    case = booking.open_emergency(by=by)
    office.post(reverse("office:emergency", args=[case.pk]), {"outcome": "увезли", "close": "1"})
    case.refresh_from_db()
    assert (case.outcome, case.closed_at is not None) == ("увезли", True)


HTMX = {"headers": {"HX-Request": "true"}}


@pytest.mark.parametrize("role", Role.values)
def test_k20_the_bar_stands_on_every_screen_until_somebody_takes_the_case(sign_in, by, role):
    case = booking.open_emergency(by=by, description="упал у гардероба")
    screen = sign_in(role)
    for name in ("office:emergencies", "office:emergency_day"):
        page = screen.get(reverse(name)).content.decode()
        assert page.count('<div class="alarm">') == 1
        assert "упал у гардероба" in page
        assert by.name in page
    answer = screen.post(reverse("office:emergency_take", args=[case.pk]))
    assert answer["Location"] == reverse("office:emergency", args=[case.pk])
    assert '<div class="alarm">' not in screen.get(reverse("office:emergencies")).content.decode()
    case.refresh_from_db()
    page = screen.get(answer["Location"]).content.decode()
    assert f"{timezone.localtime(case.taken_at):%d.%m.%Y %H:%M}, {case.taken_by_name}" in page


def test_k20_an_open_page_is_told_of_an_emergency_and_of_its_end(office, by):
    url = reverse("office:emergency_alarm")
    quiet = office.get(url).context["seen"]
    assert office.get(url, {"seen": quiet}).status_code == 204
    case = booking.open_emergency(by=by)
    rings = office.get(url, {"seen": quiet})
    assert (rings.status_code, rings.content.decode().count('class="alarm"')) == (200, 1)
    assert office.get(url, {"seen": rings.context["seen"]}).status_code == 204
    booking.take_emergency(case=case.pk, by=by)
    assert office.get(url, {"seen": rings.context["seen"]}).context["seen"] == quiet


RENEWED = ["office:day", "office:calls_queue"]


@pytest.mark.parametrize("name", RENEWED)
def test_a_list_that_renews_itself_says_when_to_ask_for_the_bar(sign_in, by, name):
    screen = sign_in(Role.OPERATOR)
    assert "HX-Trigger" not in screen.get(reverse(name), **HTMX).headers
    booking.open_emergency(by=by)
    assert screen.get(reverse(name), **HTMX).headers["HX-Trigger"] == "emergencies"
    assert "HX-Trigger" not in screen.get(reverse(name)).headers


def test_pages_that_renew_themselves_do_not_ask_twice(sign_in):
    screen, polls = sign_in(Role.OPERATOR), 'hx-trigger="every 5s" hx-target="#alarm"'
    for name, asks in (("office:day", 0), ("office:calls", 0), ("office:waitlist", 1)):
        assert screen.get(reverse(name)).content.decode().count(polls) == asks
    assert polls not in screen.get(reverse("office:emergency_alarm"), {"rides": "1"}).content.decode()


def test_k20_three_presses_are_one_case_and_none_is_lost(office):
    for _ in range(3):
        answer = office.post(reverse("office:emergency_open"))
    case = EmergencyCase.objects.get()
    assert answer["Location"] == reverse("office:emergency", args=[case.pk])
    assert list(case.events.values_list("kind", flat=True)) == ["opened", "pressed_again", "pressed_again"]
    office.post(reverse("office:emergency_open"), {"another": "1"})
    assert EmergencyCase.objects.count() == 2


def test_k20_an_emergency_leaves_the_page_as_it_is(office, settings):
    page = office.post(reverse("office:emergency_open"), **HTMX)
    assert page.status_code == 200
    text = page.content.decode()
    assert text.count('class="alarm"') == 1
    assert 'href="tel:103" autofocus' in text
    assert text.count('<span id="emergency-key" hx-swap-oob="true">') == 1, "the next press is another form"
    assert settings.CLINIC["address"] in text
    taken = office.post(reverse("office:emergency_take", args=[EmergencyCase.objects.get().pk]), **HTMX)
    assert 'class="alarm"' not in taken.content.decode()


@pytest.mark.parametrize(
    ("back", "kept"),
    [
        ("/office/calls/?page=2", True),
        ("https://example.org/office/", False),
        ("//example.org/", False),
        ("/book/", False),
    ],
)
def test_k20_without_scripts_there_is_a_way_back(office, back, kept):
    page = office.post(reverse("office:emergency_open"), {"back": back}, follow=True)
    assert page.context["back"] == (back if kept else "")
    assert (f'href="{back}"' in page.content.decode()) is kept
    case = page.context["case"]
    again = office.post(reverse("office:emergency", args=[case.pk]), {"back": back, "person": "Ли"}, follow=True)
    assert again.context["back"] == (back if kept else "")


def test_the_second_who_takes_a_case_is_told_who_was_first(office, by):
    case = booking.open_emergency(by=by)
    booking.take_emergency(case=case.pk, by=factories.actor(Role.DOCTOR))
    case.refresh_from_db()
    page = office.post(reverse("office:emergency_take", args=[case.pk]), follow=True).content.decode()
    assert f"Случай уже принял сотрудник: {case.taken_by_name}." in page


def test_k20_a_case_opened_by_mistake_is_closed_with_the_reason_and_stays(office, by):
    case = booking.open_emergency(by=by)
    url = reverse("office:emergency_mistake", args=[case.pk])
    refused = office.post(url, {"reason": " "})
    assert (refused.status_code, "Напишите, почему случай открыт по ошибке." in refused.content.decode()) == (422, True)
    office.post(url, {"reason": "нажали случайно"})
    case.refresh_from_db()
    assert (case.mistake, case.closed_at is not None) == ("нажали случайно", True)
    assert "открыт по ошибке" in office.get(reverse("office:emergencies")).content.decode()
    assert "нажали случайно" in office.get(reverse("office:emergency_day")).content.decode()
    office.post(reverse("office:emergency_reopen", args=[case.pk]))
    case.refresh_from_db()
    assert (case.mistake, case.closed_at) == ("", None)


def test_k20_a_case_is_joined_with_the_record_of_the_patient(office, by):
    case, patient = booking.open_emergency(by=by), factories.patient()
    found = office.post(reverse("office:patients") + f"?emergency={case.pk}", {"q": patient.last_name}, follow=True)
    choose = f"{reverse('office:emergency_patient', args=[case.pk])}?patient={patient.pk}"
    assert f'href="{choose}"' in found.content.decode()
    assert patient.full_name in office.get(choose).content.decode()
    case.refresh_from_db()
    assert case.patient is None
    office.post(reverse("office:emergency_patient", args=[case.pk]), {"patient": patient.pk})
    page = office.get(reverse("office:emergency", args=[case.pk])).content.decode()
    assert reverse("office:patient", args=[patient.pk]) in page
    office.post(reverse("office:emergency_patient", args=[case.pk]))
    assert EmergencyCase.objects.get().patient is None


def test_the_card_lists_the_cases_of_its_patient_the_newest_first(office, by):
    who = factories.patient()
    cases = [booking.open_emergency(by=by, another=True, description=text) for text in ("упал", "обморок", "чужой")]
    for case in cases[:2]:
        booking.link_emergency(case=case.pk, patient=who, by=by)
    card = office.get(reverse("office:patient", args=[who.pk]))
    assert card.context["emergencies"] == [cases[1], cases[0]]
    page = card.content.decode()
    assert [reverse("office:emergency", args=[case.pk]) in page for case in cases[:2]] == [True, True]
    double = factories.patient()
    booking.merge_patients(kept=double, merged=who, chosen=[], by=by)
    assert office.get(reverse("office:patient", args=[double.pk])).context["emergencies"] == [cases[1], cases[0]]


def test_a_doctor_sees_who_it_is_but_not_the_record(sign_in, by):
    case, patient = booking.open_emergency(by=by), factories.patient()
    booking.link_emergency(case=case.pk, patient=patient, by=by)
    page = sign_in(Role.DOCTOR).get(reverse("office:emergency", args=[case.pk])).content.decode()
    assert patient.full_name in page
    assert reverse("office:patient", args=[patient.pk]) not in page


def test_the_list_of_a_day_has_its_cases_alone_in_as_many_queries(office, by, django_assert_num_queries):
    now = day_start(timezone.localdate()) + timedelta(hours=12)
    with time_machine.travel(now - timedelta(days=1)):
        booking.open_emergency(by=by, description="вчерашний")
    with time_machine.travel(now):
        booking.open_emergency(by=by, description="первый")
    url = reverse("office:emergency_day")
    with django_assert_num_queries(5):
        page = office.get(url)
    assert [case.description for case in page.context["cases"]] == ["первый"]
    for number in range(3):
        booking.open_emergency(by=by, another=True, description=f"ещё {number}")
    with django_assert_num_queries(5):
        assert len(office.get(url).context["cases"]) == 4
    yesterday = office.get(url, {"date": f"{timezone.localdate() - timedelta(days=1):%d.%m.%Y}"})
    assert [case.description for case in yesterday.context["cases"]] == ["вчерашний"]


def test_unknown_case_is_not_found(office):
    assert office.get(reverse("office:emergency", args=["00000000-0000-7000-8000-000000000000"])).status_code == 404


def test_list_takes_as_many_queries_for_one_as_for_thirty(office, by, django_assert_num_queries):
    def fill(number):
        for _ in range(number):
            booking.open_emergency(by=by, another=True)
            booking.describe_emergency(case=booking.open_emergency(by=by, another=True).pk, closes=True, by=by)

    fill(1)
    with django_assert_num_queries(8):  # one counts for the menu, one is the bar of what nobody has taken
        office.get(reverse("office:emergencies"))
    fill(29)
    with django_assert_num_queries(8):
        office.get(reverse("office:emergencies"))


def test_list_names_doctors_at_work_now(office):
    here, away = factories.doctor(last_name="Здешний"), factories.doctor(last_name="Завтрашний")
    factories.shift(away, days=1)
    now = timezone.now()
    Shift.objects.filter(pk=factories.shift(here).pk).update(
        date=timezone.localdate(now),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    page = office.get(reverse("office:emergencies")).content.decode()
    assert "Здешний" in page
    assert "Завтрашний" not in page
