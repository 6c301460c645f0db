"""The page of the private link: whoever left a request reads what has become of it, and takes it back (T42, W27)."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from scheduling import links
from scheduling.models import Slot
from tests import factories as make
from tests.booking_site.conftest import ADULT
from waitlist import request_links
from waitlist.choices import EntryState
from waitlist.models import WaitlistEntry, WaitlistRequest
from worklist import duty

pytestmark = pytest.mark.django_db
NOBODYS = "/r/" + "A" * 46 + "/"


@pytest.fixture
def specialty():
    return make.doctor().services.get().specialty


@pytest.fixture
def left(specialty):
    return make.request(specialty, first_name="Мария", last_name="Орлова")


def address(row, *, proved=False, page="site:request_state"):
    return reverse(page, args=[request_links.token_for(row.pk, proved=proved)])


def read(row, *, proved=False):
    answer = Client().get(address(row, proved=proved))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def entered(row):
    return booking.enter_request(request=row.pk, by=make.actor(Role.OPERATOR))


def booked(row):
    entry = entered(row)
    visit = make.appointment()
    columns = {"state": EntryState.BOOKED, "appointment": visit, "closed_at": timezone.now(), "closed_by": "test"}
    WaitlistEntry.objects.filter(pk=entry.pk).update(**columns)
    return visit


def test_whoever_leaves_a_request_lands_on_its_page(client, service):
    answer = client.post(reverse("site:request", args=[service.specialty.slug]), ADULT)
    assert answer.url == address(WaitlistRequest.objects.get())
    words = client.get(answer.url).content.decode()
    assert "Заявка передана в контакт-центр" in words
    assert "пока не подтверждён" in words


def test_it_names_the_specialty_and_the_first_name_and_no_number(left, specialty):
    words = read(left)
    assert (specialty.name in words, "Мария" in words, "Орлова" in words) == (True, True, False)
    assert str(left.phone)[-7:] not in words


def test_a_proved_number_is_confirmed(specialty):
    assert "подтверждён кодом" in read(make.request(specialty, proved=True))


def test_w27_the_place_is_that_of_its_specialty(left, specialty):
    for year in (1971, 1972):
        make.entry(specialty, who=make.patient(birth_date=date(year, 3, 1)))
    make.entry(make.specialty("Трихология", "трихолог"))
    WaitlistEntry.objects.filter(specialty=specialty).update(arrived_at=timezone.now() - timedelta(days=1))
    entered(left)
    words = read(left)
    assert "Вы в листе ожидания" in words
    assert "3 из 3" in words


@pytest.mark.parametrize(
    ("state", "words"), [("offered", "Нашлось подходящее время"), ("unreachable", "не смогли вам дозвониться")]
)
def test_what_happens_to_the_entry_is_told(left, state, words):
    WaitlistEntry.objects.filter(pk=entered(left).pk).update(state=state)
    assert words in read(left)


def test_whoever_was_taken_off_the_list_reads_it(left):
    booking.remove_entry(entry=entered(left).pk, reason="передумала", by=make.actor(Role.OPERATOR))
    assert "больше не в листе" in read(left)


def test_the_visit_opens_for_whoever_has_proved_the_number(left):
    visit = booked(left)
    link = reverse("site:visit", args=[links.token_of(visit)])
    assert link in read(left, proved=True)
    unproved = read(left)
    assert "Вы записаны" in unproved
    assert link not in unproved
    assert "есть в сообщении" in unproved


def test_a_request_is_taken_back_after_one_question(client, left):
    page = address(left, page="site:request_cancel")
    assert "Отменить заявку?" in client.get(page).content.decode()
    left.refresh_from_db()
    assert left.state == "handed_over"
    for _ in range(2):
        assert client.post(page).url == address(left)
    left.refresh_from_db()
    assert (left.state, left.handled_by.startswith("site:link:")) == ("closed", True)
    assert "Вы отменили заявку" in read(left)


def test_one_that_the_clinic_has_closed_says_so(left):
    booking.close_request(request=left.pk, by=make.actor(Role.OPERATOR))
    assert "Контакт-центр закрыл заявку" in read(left)


def test_whoever_waits_for_a_call_takes_back_the_time_too(client, take, slots):
    take(slots[0])
    client.post(reverse("site:details"), ADULT)
    duty.note(make.actor(Role.OPERATOR))
    client.post(reverse("site:call_me"))
    row = WaitlistRequest.objects.get()
    assert address(row) in client.get(reverse("site:we_call")).content.decode()
    assert "Мы вам позвоним" in read(row)
    client.post(address(row, page="site:request_cancel"))
    assert Slot.objects.get(pk=slots[0].pk).hold_token is None


def test_what_was_entered_is_not_taken_back_by_a_link(client, left):
    entered(left)
    assert "чтобы изменить или отменить" in read(left).lower()
    page = address(left, page="site:request_cancel")
    assert client.get(page).url == client.post(page).url == address(left)
    left.refresh_from_db()
    assert left.state == "entered"


def test_whoever_only_knows_the_person_takes_back_no_proved_request(client, specialty):
    row = make.request(specialty, proved=True)
    assert make.request(specialty, phone=str(row.phone)).pk == row.pk
    client.post(address(row, page="site:request_cancel"))
    row.refresh_from_db()
    assert row.state == "handed_over"
    client.post(address(row, proved=True, page="site:request_cancel"))
    row.refresh_from_db()
    assert row.state == "closed"


@pytest.mark.parametrize("page", ["site:request_state", "site:request_cancel"])
@pytest.mark.parametrize("change", [lambda token: token[:-1], lambda token: token[:22] + token[:24], lambda _: "x"])
def test_a_link_that_was_not_signed_here_opens_nothing(client, left, page, change):
    token = change(request_links.token_for(left.pk, proved=False))
    assert client.get(reverse(page, args=[token])).status_code == 404


def test_a_signature_of_another_request_opens_nothing(client, left, specialty):
    other = make.request(specialty, phone="+79210001199")
    mixed = request_links.token_for(left.pk, proved=True)[:22] + request_links.token_for(other.pk, proved=True)[22:]
    assert client.get(reverse("site:request_state", args=[mixed])).status_code == 404


def test_a_link_of_no_request_opens_nothing(client):
    assert client.get(NOBODYS).status_code == 404


def test_a_link_lives_on_with_the_key_of_before(client, left, settings):
    before = address(left)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "a new key of the clinic, long enough!"
    assert client.get(before).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get(before).status_code == 404


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 410)])
def test_a_link_dies_a_month_after_the_end(client, left, days, status):
    booking.close_request(request=left.pk, by=make.actor(Role.OPERATOR))
    WaitlistRequest.objects.filter(pk=left.pk).update(handled_at=timezone.now() - timedelta(days=days))
    answer = client.get(address(left))
    assert answer.status_code == status
    assert ("Срок действия ссылки истёк" in answer.content.decode()) == (status == 410)


@pytest.mark.parametrize(
    ("page", "referrer"), [("site:request_state", "no-referrer"), ("site:request_cancel", "strict-origin")]
)
def test_the_pages_stay_out_of_caches_and_searches(client, left, page, referrer):
    answer = client.get(address(left, page=page))
    kept_out = [answer[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert kept_out == ["private, no-store", "noindex, nofollow", referrer]
