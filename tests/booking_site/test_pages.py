import pytest
from django.urls import reverse

from clinic.accounts.choices import Channel
from patients.models import Patient
from scheduling import links
from scheduling.models import Slot
from tests import factories
from tests.booking_site.conftest import ADULT, CHILD
from waitlist.models import WaitlistRequest


def test_home_says_what_the_rules_want(client, shift, service, settings):
    page = client.get(reverse("site:home")).content.decode()
    for said in (
        settings.CLINIC["phone"],
        settings.CLINIC["address"],
        "tel:103",
        "tel:112",
        service.specialty.name,
        shift.doctor.full_name,
    ):
        assert said in page


def test_nothing_free_leads_to_the_request(client, service, slots, shift):
    Slot.objects.update(blocked=True)
    request_url = reverse("site:request", args=[service.specialty.slug])
    for page, slug in (
        ("specialty", service.specialty.slug),
        ("doctor", shift.doctor.slug),
        ("days", service.specialty.slug),
    ):
        assert request_url in client.get(reverse(f"site:{page}", args=[slug])).content.decode()


def test_days_show_a_week_and_lead_to_the_next_free_one(client, service, shift, slots):
    url = reverse("site:days", args=[service.specialty.slug])
    ((day, ((doctor, times),)),) = client.get(url).context["days"]
    assert (day, doctor, times) == (shift.date, shift.doctor, slots)
    assert client.get(url, {"from": "вздор"}).status_code == 200
    Slot.objects.filter(shift=shift).update(blocked=True)
    factories.shift(shift.doctor, days=20)
    page = client.get(url)
    assert page.context["days"] == []
    assert page.context["next_free"].starts_at == factories.moment(20, "09:00")


def test_request_is_handed_over_with_the_wishes(client, service, shift):
    url = reverse("site:request", args=[service.specialty.slug])
    form = client.get(url, {"service": service.pk, "doctor": shift.doctor.slug}).context["form"]
    assert (form.initial["service"], form.initial["doctor"]) == (service, shift.doctor)
    wishes = {"service": service.pk, "doctor": shift.doctor.pk, "weekdays": ["1", "3"], "hours": "evening"}
    answer = client.post(url, CHILD | wishes)
    assert answer.url == reverse("site:request_sent")
    request = WaitlistRequest.objects.get()
    assert (request.channel, request.specialty, request.service) == (Channel.SITE, service.specialty, service)
    assert (request.doctor_ids, request.weekdays, request.time_from.hour) == ([shift.doctor.pk], [1, 3], 17)
    assert (request.relation, request.representative_first_name) == ("parent", "Мария")
    assert request.consent_text
    assert not Patient.objects.exists()
    client.post(url, CHILD | wishes)
    assert WaitlistRequest.objects.count() == 1


def test_bad_request_keeps_what_was_typed(client, service):
    url = reverse("site:request", args=[service.specialty.slug])
    answer = client.post(url, ADULT | {"date_from": "01.12.2099", "date_until": "01.11.2099", "consent": ""})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"date_until", "consent"}
    assert answer.context["form"]["last_name"].value() == "Орлова"


def test_details_typed_for_a_booking_are_in_the_request(client, take, slots, service):
    take(slots[0])
    client.post(reverse("site:details"), ADULT | {"consent": ""})
    form = client.get(reverse("site:request", args=[service.specialty.slug])).context["form"]
    assert form["last_name"].value() == "Орлова"


@pytest.mark.parametrize("page", ["home", "choose", "specialty", "days"])
def test_queries_do_not_grow(client, service, shift, django_assert_num_queries, page):
    """The same number for one row and for thirty."""
    url = reverse(f"site:{page}", args=[service.specialty.slug] if page in ("specialty", "days") else [])
    expected = {"home": 3, "choose": 3, "specialty": 3, "days": 5}[page]
    with django_assert_num_queries(expected):
        client.get(url)
    for _ in range(10):
        factories.shift(factories.doctor(service), slots=10)
        factories.doctor(factories.service())
    with django_assert_num_queries(expected):
        client.get(url)


def test_move_page_queries_do_not_grow(client, slots, django_assert_num_queries):
    visit = factories.appointment(slots[0])
    url = reverse("site:visit_move", args=[links.token_for(visit.pk)])
    with django_assert_num_queries(3):
        client.get(url)
    for _ in range(5):
        factories.shift(factories.doctor(visit.service), slots=10)
    with django_assert_num_queries(4):
        client.get(url)


def test_consent_is_a_document_of_its_own(client, db):
    page = client.get(reverse("site:consent")).content.decode()
    assert "персональных данных" in page
