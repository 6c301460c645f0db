"""The patient's own link: see, move, cancel without an account (T42)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

import booking
from scheduling import links
from scheduling.choices import AppointmentStatus, CancelReason
from scheduling.errors import TooYoungForSite
from scheduling.models import Appointment, Slot
from tests import factories
from tests.factories.timetable import MOSCOW


@pytest.fixture
def visit(slots):
    return factories.appointment(slots[0])


@pytest.fixture
def url(visit):
    def url(name="visit"):
        return reverse(f"site:{name}", args=[links.token_for(visit.pk)])

    return url


PAGES = ["visit", "visit_calendar", "visit_cancel", "visit_move"]


@pytest.mark.parametrize("page", PAGES)
def test_get_changes_nothing(client, visit, url, slots, page):
    before = (Appointment.objects.values().get(), list(Slot.objects.order_by("pk").values()))
    assert client.get(url(page), {"slot": slots[2].pk}).status_code == 200
    assert (Appointment.objects.values().get(), list(Slot.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("page", PAGES)
def test_link_stays_private(client, url, page):
    headers = client.get(url(page)).headers
    assert headers["Referrer-Policy"] == ("no-referrer" if page == "visit_calendar" else "strict-origin")
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("page", PAGES)
def test_forged_link(client, visit, page, settings):
    answer = client.get(reverse(f"site:{page}", args=["A" * 24]))
    assert answer.status_code == 404
    assert settings.CLINIC["phone"] in answer.content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_link_dies_after_the_visit(client, visit, url, page, settings):
    over = timezone.now() - timedelta(minutes=1)
    Appointment.objects.update(starts_at=over - timedelta(minutes=30), ends_at=over)
    answer = client.get(url(page))
    assert answer.status_code == 410
    assert settings.CLINIC["phone"] in answer.content.decode()


def test_cancel(client, visit, url, slots):
    assert client.post(url("visit_cancel")).url == url()
    assert client.post(url("visit_cancel")).url == url()
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.CANCELLED
    assert Slot.objects.get(pk=slots[0].pk).appointment is None
    assert client.get(url()).context["cancelled"]
    assert client.get(url("visit_cancel")).url == url()
    assert client.get(url("visit_move")).status_code == 409


def test_cancelled_by_the_clinic(client, visit, url, settings):
    booking.cancel(appointment=visit.pk, reason=CancelReason.DOCTOR_AWAY, by=factories.TEST)
    page = client.get(url())
    assert page.context["cancelled"]
    assert page.content.decode().count(settings.CLINIC["phone"]) == 3
    assert "METHOD:CANCEL" in client.get(url("visit_calendar")).content.decode()
    assert client.post(url("visit_cancel")).status_code == 409


def test_page_shows_nothing_of_the_patient(client, visit, url):
    page = client.get(url()).content.decode()
    assert visit.patient.last_name not in page
    assert visit.patient.card_number not in page


def test_move(client, visit, url, slots):
    page = client.get(url("visit_move"))
    assert [slot.pk for slot in page.context["same"]] == [slot.pk for slot in slots[1:]]
    assert client.get(url("visit_move"), {"slot": slots[2].pk}).context["slot"] == slots[2]
    assert client.post(url("visit_move"), {"slot": slots[2].pk}).url == url()
    visit.refresh_from_db()
    assert visit.starts_at == slots[2].starts_at


def test_move_to_a_time_taken_meanwhile(client, visit, url, slots):
    factories.appointment(slots[1])
    answer = client.post(url("visit_move"), {"slot": slots[1].pk})
    assert answer.status_code == 409
    assert [slot.pk for slot in answer.context["same"]] == [slot.pk for slot in slots[2:]]
    visit.refresh_from_db()
    assert visit.starts_at == slots[0].starts_at


@pytest.mark.parametrize("slot", ["", "1", "7f7c1f5e-0000-7000-8000-000000000000"])
def test_move_to_a_forged_time(client, visit, url, slot):
    assert client.post(url("visit_move"), {"slot": slot}).status_code == 409


def test_link_of_one_visit_does_not_reach_another(client, visit, url, slots):
    """T41: a foreign slot of another service cannot be taken through the link."""
    foreign = factories.slots_of(factories.shift(factories.doctor()))[0]
    assert client.post(url("visit_move"), {"slot": foreign.pk}).status_code == 409
    assert Slot.objects.get(pk=foreign.pk).appointment is None


def test_calendar_file_names_the_facts_and_no_specialty(client, visit, url):
    text = client.get(url("visit_calendar")).content.decode().replace("\r\n ", "")
    assert f"DTSTART;TZID=Europe/Moscow:{visit.starts_at.astimezone(MOSCOW):%Y%m%dT%H%M%S}\r\n" in text
    assert visit.doctor.full_name in text
    assert visit.room.location.address.replace(",", "\\,") in text
    assert visit.service.specialty.name not in text
    assert visit.service.name not in text


def event_of(client, url):
    """Returns the method of the calendar file, and its event."""
    (calendar,) = Calendar.from_ical(client.get(url("visit_calendar")).content, multiple=True)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), event


def test_d45_a_calendar_follows_the_visit_to_its_end(client, visit, url, slots):
    """The same event each time, with a number that rises; a cancelled one is taken out."""
    seen = [event_of(client, url)]
    for slot in (slots[1], slots[2]):
        booking.move(appointment=visit.pk, to_slot=slot.pk, by=factories.TEST)
        seen.append(event_of(client, url))
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=factories.TEST)
    seen.append(event_of(client, url))
    assert [method for method, _event in seen] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]
    assert [event["SEQUENCE"] for _method, event in seen] == [0, 1, 2, 3]
    assert [str(event["STATUS"]) for _method, event in seen] == [*["CONFIRMED"] * 3, "CANCELLED"]
    assert {str(event["UID"]) for _method, event in seen} == {f"{visit.pk}@www.skinlazermed.ru"}
    starts = [event.decoded("DTSTART") for _method, event in seen]
    assert starts == [slot.starts_at for slot in (slots[0], slots[1], slots[2], slots[2])]


def test_d45_the_event_leads_to_the_visit_and_reminds_of_it(client, visit, url, settings):
    _method, event = event_of(client, url)
    (alarm,) = event.walk("VALARM")
    assert str(event["URL"]) == settings.CLINIC["base_url"] + url()
    assert (str(alarm["ACTION"]), alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(hours=-2))
    assert visit.service.specialty.name not in event.to_ical().decode()


def test_d45_the_event_is_the_same_after_a_message_was_sent_again(client, visit, url):
    before = event_of(client, url)[1]
    booking.send_again(appointment=visit.pk, by=factories.TEST)
    visit.refresh_from_db()
    again = reverse("site:visit_calendar", args=[links.token_of(visit)])
    after = event_of(client, lambda _name: again)[1]
    assert before["UID"] == after["UID"]


def test_form_sent_again_leads_to_the_visit_after_a_change_of_keys(client, book, slots, settings):
    first = book(slots[0]).url
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [settings.SECRET_KEY]
    again = client.get(reverse("site:details")).url
    assert again == first
    assert client.get(again).status_code == 200


@pytest.mark.django_db
def test_d10_a_move_by_the_link_is_refused_with_the_sentence_of_a_new_booking(client):
    """Who comes of age in ten days has a visit in twenty; three days from now they are seventeen."""
    young = factories.patient(birth_date=factories.born(18, on=timezone.localdate() + timedelta(days=10)))
    doctor = factories.doctor()
    visit = factories.appointment(factories.slots_of(factories.shift(doctor, days=20))[0], of=young)
    sooner = factories.slots_of(factories.shift(doctor, days=3))[0]
    move = reverse("site:visit_move", args=[links.token_for(visit.pk)])
    answer = client.post(move, {"slot": sooner.pk})
    assert (answer.status_code, answer.context["error"]) == (409, str(TooYoungForSite()))
    assert Appointment.objects.get().starts_at == visit.starts_at
