"""The catalogue changes under an open page, and is remembered for a moment: nobody gets a broken page of it."""

import pytest
from django.urls import reverse

from foundation import ttl_cache
from scheduling.models import Slot
from tests import factories


@pytest.fixture(autouse=True)
def remembered(settings):
    settings.CATALOGUE_SECONDS = 2
    ttl_cache.clear()
    yield
    ttl_cache.clear()


def test_a_doctor_who_begins_to_give_a_service_has_a_page_at_once(client, service, shift):
    days = reverse("site:days", args=[service.specialty.slug])
    assert client.get(days).status_code == 200  # the service's doctors are remembered now
    new = factories.doctor(service, last_name="Громов")
    times = factories.slots_of(factories.shift(new))
    page = client.get(reverse("site:doctor", args=[new.slug])).context
    assert page["doctor"].pk == new.pk
    assert [time.pk for time in page["times"]] == [slot.pk for slot in times[:3]]


def test_a_doctor_who_has_left_has_no_page_at_once(client, service, shift):
    address = reverse("site:doctor", args=[shift.doctor.slug])
    assert client.get(address).status_code == 200
    shift.doctor.active = False
    shift.doctor.save()
    assert client.get(address).status_code == 404


def test_a_service_withdrawn_meanwhile_is_told_and_nothing_is_held(client, take, service, slots, settings):
    service.active = False
    service.save()
    answer = take(slots[0])
    assert answer.status_code == 409
    page = answer.content.decode()
    assert settings.CLINIC["phone"] in page
    assert reverse("site:choose") in page
    assert reverse("site:details") not in page, "nothing is typed yet"
    assert not Slot.objects.filter(hold_token__isnull=False).exists()


def test_a_form_that_is_not_ours_is_not_found(client, take, service, slots):
    assert take(slots[0], service="вздор").status_code == 404
    assert client.post(reverse("site:take"), {"slot": "вздор", "service": service.pk}).status_code == 404
