"""A patient books on the site, without an account (R17)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from patients.choices import Channel
from patients.models import DataConsent, Patient
from scheduling import links
from scheduling.actions import slots as slot_actions
from scheduling.models import Appointment, Doctor, Service, Slot
from tests import factories
from tests.booking_site.conftest import ADULT, CHILD, PHONE, sent_code

DETAILS, CODE = reverse("site:details"), reverse("site:code")


def test_adult_books(client, take, slots, service):
    page = client.get(reverse("site:specialty", args=[service.specialty.slug]))
    assert [slot.pk for slot in page.context["times"]] == [slot.pk for slot in slots[:3]]
    assert take(slots[0]).url == DETAILS
    assert client.post(DETAILS, ADULT).url == CODE
    answer = client.post(CODE, {"code": sent_code()})

    visit = Appointment.objects.get()
    assert answer.url == reverse("site:visit", args=[links.token_for(visit.pk)])
    assert (visit.channel, visit.starts_at, visit.patient.phone) == (Channel.SITE, slots[0].starts_at, PHONE)
    consent = DataConsent.objects.get()
    assert "Мед" in consent.text
    assert consent.ip == "127.0.0.1"
    page = client.get(answer.url).content.decode()
    for fact in (visit.doctor.full_name, visit.room.location.address, f"{factories.moment(at='09:00'):%H:%M}"):
        assert fact in page


def test_representative_books_for_child(client, book, slots):
    answer = book(slots[0], CHILD)
    visit = Appointment.objects.get()
    assert visit.patient.first_name == "Лев"
    assert (visit.representation.relation, visit.representation.full_name) == ("parent", "Орлова Мария")
    assert [paper.name for paper in client.get(answer.url).context["told"].bring] == ["IDENTITY", "BIRTH_CERTIFICATE"]


def test_required_fields_are_few(client, take, slots):
    take(slots[0])
    form = client.get(DETAILS).context["form"]
    required = [name for name, field in form.fields.items() if field.required and name != "who"]
    assert required == ["last_name", "first_name", "birth_date", "phone", "consent"]
    assert len(required) + len(form.NEEDED_FOR_CHILD) <= 9
    assert not form["consent"].value()


@pytest.mark.parametrize("typed", [" 17.05.1990", "17-05-1990", "17/5/90", "170590", "17 мая 1990", "17 мая 90 г."])
def test_d28_a_birth_date_is_understood_however_it_is_written(book, slots, typed):
    book(slots[0], ADULT | {"birth_date": typed})
    assert Patient.objects.get().birth_date == date(1990, 5, 17)


@pytest.mark.parametrize("typed", ["+89210001122", "\u202a+7 921 000 11 22\u202c", "тел. 8 921 0001122"])
def test_d25_a_phone_is_understood_however_it_is_written(book, slots, typed):
    book(slots[0], ADULT | {"phone": typed})
    assert Patient.objects.get().phone == PHONE


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"birth_date": "17.05.2012"}, "birth_date"),
        ({"birth_date": "17.05.2999"}, "birth_date"),
        ({"birth_date": "17.05.1800"}, "birth_date"),
        ({"birth_date": "вчера"}, "birth_date"),
        ({"who": "child"}, "birth_date"),
        ({"phone": "12"}, "phone"),
        ({"phone": "+7 812 317-78-21"}, "phone"),
        ({"last_name": "<b>"}, "last_name"),
        ({"consent": ""}, "consent"),
    ],
)
def test_bad_details_stay_typed(client, take, slots, changed, field):
    take(slots[0])
    typed = ADULT | changed
    answer = client.post(DETAILS, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert answer.context["form"]["first_name"].value() == "Мария"
    assert client.get(DETAILS).context["form"]["birth_date"].value() == typed["birth_date"]
    assert not Appointment.objects.exists()
    assert not Patient.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("page", ["choose", "specialty", "doctor", "days", "day", "take", "details"])
def test_follow_up_is_refused(client, shift, service, settings, method, page):
    """T86: by the server, with the phone number."""
    slug = {"doctor": shift.doctor.slug}.get(page, service.specialty.slug)
    url = reverse(f"site:{page}", args=[slug] if page in ("specialty", "doctor", "days", "day") else [])
    if method == "post" and page not in ("take", "details"):
        return
    if method == "get" and page == "take":
        return
    sent = {"kind": "follow_up"} if method == "get" else {"visit_kind": "follow_up"}
    answer = getattr(client, method)(url, sent)
    assert answer.status_code == 403
    assert settings.CLINIC["phone"] in answer.content.decode()
    assert not Slot.objects.filter(hold_token__isnull=False).exists()


def test_own_held_time_stays_in_sight(client, take, slots, service):
    take(slots[0])
    url = reverse("site:specialty", args=[service.specialty.slug])
    assert [time.pk for time in client.get(url).context["times"]] == [slot.pk for slot in slots[:3]]
    assert [time.pk for time in Client().get(url).context["times"]] == [slot.pk for slot in slots[1:4]]
    assert take(slots[0]).url == DETAILS


def test_taken_time_is_refused_with_alternatives(take, slots):
    assert take(slots[0], by=Client()).status_code == 302
    answer = take(slots[0])
    assert answer.status_code == 409
    assert [slot.pk for slot in answer.context["times"]] == [slot.pk for slot in slots[1:4]]


def test_lapsed_hold_keeps_what_was_typed_and_the_proved_phone(client, take, slots):
    """T07: the time went to somebody else after it lapsed; one click takes another, without a new code."""
    take(slots[0])
    client.post(DETAILS, ADULT)
    Slot.objects.filter(pk=slots[0].pk).update(**slot_actions.NO_HOLD)
    factories.close(slots[0])
    answer = client.post(CODE, {"code": sent_code()})
    assert answer.status_code == 409
    assert not Appointment.objects.exists()
    assert not Patient.objects.exists()
    assert client.get(DETAILS).context["form"]["last_name"].value() == "Орлова"

    answer = take(answer.context["times"][0], finish="1")
    visit = Appointment.objects.get()
    assert answer.url == reverse("site:visit", args=[links.token_for(visit.pk)])
    assert visit.starts_at == slots[1].starts_at


def test_lapsed_hold_of_a_free_time_still_books(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    Slot.objects.filter(pk=slots[0].pk).update(held_until=factories.moment(-1))
    client.post(CODE, {"code": sent_code()})
    assert Appointment.objects.get().starts_at == slots[0].starts_at


def test_extending_keeps_the_time_and_what_was_typed(client, take, slots):
    take(slots[0])
    Slot.objects.filter(pk=slots[0].pk).update(held_until=factories.moment(-1))
    assert client.post(reverse("site:extend"), ADULT | {"birth_date": "1"}).url == DETAILS
    page = client.get(DETAILS)
    assert page.context["held_until"] is not None
    assert page.context["form"]["birth_date"].value() == "1"


def test_form_sent_again_leads_to_the_same_visit(client, book, slots):
    first = book(slots[0])
    assert client.post(CODE, {"code": "123456"}).url == first.url
    assert client.post(DETAILS, ADULT).url == first.url
    assert Appointment.objects.count() == 1


def test_what_was_typed_is_checked_again_for_another_time(client, take, slots):
    """Old enough for the first doctor, and not for the second."""
    take(slots[0])
    client.post(DETAILS, ADULT)
    take(slots[1])
    assert client.get(CODE).status_code == 200, "nothing has to be typed again"
    Doctor.objects.update(min_age=60)
    take(slots[2])
    assert client.get(CODE).url == DETAILS


@pytest.mark.django_db(transaction=True)
def test_double_click_makes_one_visit(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)
    code, cookies = sent_code(), client.cookies

    def send(_):
        twin = Client()
        twin.cookies = cookies
        try:
            return twin.post(CODE, {"code": code})
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, range(2)))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Appointment.objects.count() == 1


def test_form_of_another_tab_is_not_booked_for_this_time(client, take, slots):
    take(slots[0])
    take(slots[1])
    answer = client.post(DETAILS, ADULT | {"slot": str(slots[0].pk)})
    assert answer.url == DETAILS
    assert client.get(DETAILS).context["slot"].pk == slots[1].pk
    client.post(DETAILS, ADULT)
    assert client.post(CODE, {"code": "123456", "slot": str(slots[0].pk)}).url == DETAILS
    assert client.get(DETAILS).context["form"]["last_name"].value() == "Орлова", "a code is no form of details"


def test_third_visit_of_a_phone_to_a_specialty_is_for_the_phone(client, book, take, slots, settings):
    """T57. The second booking of half an hour needs no second code."""
    book(slots[0])
    take(slots[1])
    client.post(DETAILS, ADULT)
    client.post(reverse("site:once_more"))
    assert Appointment.objects.count() == 2
    take(slots[2])
    answer = client.post(DETAILS, ADULT)
    assert answer.status_code == 409
    assert settings.CLINIC["phone"] in answer.content.decode()
    assert Appointment.objects.count() == 2


def test_nothing_of_the_register_is_shown_after_the_code(client, book, slots):
    """T43/44: another person with this phone and an earlier visit stays unseen."""
    known = factories.patient(last_name="Тайнова", phone=PHONE)
    other = factories.doctor(last_name="Скрытова")
    factories.appointment(factories.slots_of(factories.shift(other))[0], of=known)
    page = client.get(book(slots[0]).url).content.decode()
    assert "Тайнова" not in page
    assert "Скрытова" not in page


@pytest.mark.parametrize("page", ["details", "code"])
def test_without_a_chosen_time_the_choice_comes_first(client, db, page):
    assert client.get(reverse(f"site:{page}")).url == reverse("site:choose")


def test_forged_ids(client, take, slots, service):
    sent = {"slot": "7f7c1f5e-0000-7000-8000-000000000000", "service": service.pk}
    assert client.post(reverse("site:take"), sent).status_code == 409
    assert client.post(reverse("site:take"), {"slot": "1", "service": "2"}).status_code == 404
    assert client.get(reverse("site:specialty", args=["nothing"])).status_code == 404
    assert client.get(reverse("site:doctor", args=["nobody"])).status_code == 404


@pytest.mark.parametrize("column", ["active", "on_site"])
def test_service_withdrawn_before_the_code_leads_to_the_choice(client, take, slots, service, column):
    take(slots[0])
    client.post(DETAILS, ADULT)
    Service.objects.update(**{column: False})
    answer = client.post(CODE, {"code": sent_code()})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert reverse("site:choose") in page
    assert DETAILS not in page
    assert not Appointment.objects.exists()


def test_service_not_for_the_site_is_not_offered(client, take, slots, service):
    service.on_site = False
    service.save()
    assert take(slots[0]).status_code == 409
    assert not Slot.objects.filter(hold_token__isnull=False).exists()
    assert client.get(reverse("site:specialty", args=[service.specialty.slug])).status_code == 404
