from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from patients.choices import Channel
from patients.models import Patient
from scheduling import links
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
    factories.close(*slots)
    request_url = reverse("site:request", args=[service.specialty.slug])
    for page, slug in (
        ("specialty", service.specialty.slug),
        ("doctor", shift.doctor.slug),
        ("days", service.specialty.slug),
        ("day", service.specialty.slug),
    ):
        assert request_url in client.get(reverse(f"site:{page}", args=[slug])).content.decode()


def test_days_are_a_calendar_that_leads_to_the_next_free_one(client, service, shift, slots):
    url = reverse("site:days", args=[service.specialty.slug])
    cells = [cell for week in client.get(url).context["weeks"] for cell in week]
    assert len(cells) == 35
    assert {cell.date: cell.free for cell in cells if cell.free} == {shift.date.isoformat(): str(len(slots))}
    for wrong in ("вздор", "9999-12-31", "2020-01-01"):
        assert client.get(url, {"from": wrong}).status_code == 200
        assert client.get(url.replace("days", "day"), {"day": wrong, "doctor": "\0"}).status_code == 200
    factories.close(*slots)
    factories.shift(shift.doctor, days=50)
    page = client.get(url, {"doctor": shift.doctor.slug})
    assert page.context["next_free"].starts_at == factories.moment(50, "09:00")
    assert reverse("site:day", args=[service.specialty.slug]) in page.content.decode()


def test_a_day_shows_its_times_by_doctor(client, service, shift, slots):
    other = factories.doctor(service, last_name="Громов")
    others = factories.slots_of(factories.shift(other, slots=2))
    url = reverse("site:day", args=[service.specialty.slug])
    shown = client.get(url, {"day": shift.date}).context["doctors"]
    assert [(doctor.pk, [start.slot for start in starts]) for doctor, starts in shown] == [
        (shift.doctor_id, [slot.pk for slot in slots]),
        (other.pk, [slot.pk for slot in others]),
    ]
    ((doctor, _starts),) = client.get(url, {"day": shift.date, "doctor": other.slug}).context["doctors"]
    assert doctor.pk == other.pk
    page = client.get(url)
    assert (page.context["day"], page.context["doctors"]) == (timezone.localdate(), [])
    assert page.context["next_free"].starts_at == slots[0].starts_at


def test_a_day_of_nobody_leads_to_the_request(client, service, shift):
    page = client.get(reverse("site:day", args=[service.specialty.slug]), {"doctor": "nobody"})
    assert reverse("site:request", args=[service.specialty.slug]) in page.content.decode()


def test_request_is_handed_over_with_the_wishes(client, service, shift):
    url = reverse("site:request", args=[service.specialty.slug])
    form = client.get(url, {"service": service.pk, "doctor": shift.doctor.slug}).context["form"]
    assert (form.initial["service"], form.initial["doctor"]) == (service, shift.doctor)
    wishes = {"service": service.pk, "doctor": shift.doctor.pk, "weekdays": ["1", "3"], "hours": "evening"}
    answer = client.post(url, CHILD | wishes)
    assert answer.url.startswith("/r/")
    request = WaitlistRequest.objects.get()
    assert (request.channel, request.specialty, request.service) == (Channel.SITE, service.specialty, service)
    assert (request.doctor_ids, request.weekdays, request.time_from.hour) == ([shift.doctor.pk], [1, 3], 17)
    assert (request.relation, request.representative_first_name) == ("parent", "Мария")
    assert request.consent_text
    assert not Patient.objects.exists()
    client.post(url, CHILD | wishes)
    assert WaitlistRequest.objects.count() == 1


@pytest.mark.parametrize(("first_day", "of_age"), [("04.06.2027", False), ("05.06.2027", True)])
def test_t81_whoever_is_of_age_on_the_first_day_that_suits_asks_for_themselves(client, service, first_day, of_age):
    """Born on 5 June 2009; until that day somebody asks for them."""
    url, typed = reverse("site:request", args=[service.specialty.slug]), {"birth_date": "05.06.2009"}
    with time_machine.travel(datetime(2027, 6, 1, 12, tzinfo=UTC)):
        alone = client.post(url, ADULT | typed | {"date_from": first_day})
        represented = client.post(url, CHILD | typed | {"date_from": first_day, "phone": "8 921 000-11-33"})
    assert (alone.status_code, represented.status_code) == ((302, 422) if of_age else (422, 302))


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


@pytest.mark.parametrize(("page", "queries"), [("home", 3), ("choose", 3), ("specialty", 4), ("days", 4), ("day", 4)])
def test_queries_do_not_grow(client, service, shift, django_assert_num_queries, page, queries):
    """The same number for one row and for thirty. Nothing of the catalogue is remembered here."""
    url = reverse(f"site:{page}", args=[service.specialty.slug] if page in ("specialty", "days", "day") else [])
    url += f"?day={shift.date}"
    with django_assert_num_queries(queries):
        client.get(url)
    for _ in range(10):
        factories.shift(factories.doctor(service), slots=10)
        factories.doctor(factories.service())
    with django_assert_num_queries(queries):
        client.get(url)


def test_move_page_queries_do_not_grow(client, slots, django_assert_num_queries):
    visit = factories.appointment(slots[0])
    url = reverse("site:visit_move", args=[links.token_for(visit.pk)])
    with django_assert_num_queries(4):
        client.get(url)
    for _ in range(5):
        factories.shift(factories.doctor(visit.service), slots=10)
    with django_assert_num_queries(6):
        client.get(url)


def test_consent_is_a_document_of_its_own(client, db):
    page = client.get(reverse("site:consent")).content.decode()
    assert "персональных данных" in page
