from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
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


def test_unknown_case_is_not_found(office):
    assert office.get(reverse("office:emergency", args=["00000000-0000-7000-8000-000000000000"])).status_code == 404


def test_list_takes_as_many_queries_for_one_as_for_thirty(office, by, django_assert_num_queries):
    def fill(number):
        for _ in range(number):
            booking.open_emergency(by=by)
            booking.describe_emergency(case=booking.open_emergency(by=by).pk, closes=True, by=by)

    fill(1)
    with django_assert_num_queries(7):  # one counts for the menu
        office.get(reverse("office:emergencies"))
    fill(29)
    with django_assert_num_queries(7):
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
