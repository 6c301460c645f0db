"""Staff who are idle for half an hour are signed out, and find what they typed after signing in again (T50, O24)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic import idle
from foundation.accounts.choices import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "parol-12345"
HOME, NEW = "office:home", "office:patient_new"


@pytest.fixture
def registrar():
    return make.user(Role.REGISTRAR)


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as moment:
        yield moment


def sign_in(client, person):
    return client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})


def at_work(client):
    return client.get(reverse(NEW)).status_code == 200


@pytest.fixture
def desk(client, registrar, clock):
    sign_in(client, registrar)
    return client


def test_half_an_hour_of_nothing_ends_the_session(desk, clock):
    clock.shift(timedelta(minutes=30))
    assert at_work(desk), "to the minute"
    clock.shift(timedelta(minutes=30, seconds=1))
    answer = desk.get(reverse(NEW), follow=True)
    assert answer.redirect_chain == [(f"{reverse('account_login')}?next={reverse(NEW)}", 302)]
    assert "Вы вышли: 30 минут ничего не происходило" in answer.content.decode()
    assert SESSION_KEY not in desk.session


def test_each_step_begins_the_half_hour_anew(desk, clock):
    for _step in range(5):
        clock.shift(timedelta(minutes=20))
        assert at_work(desk)


def test_what_a_page_asks_by_itself_does_not_keep_it_open(desk, clock):
    for _poll in range(4):
        clock.shift(timedelta(minutes=10))
        answer = desk.get(reverse("office:emergency_alarm"), headers={"HX-Request": "true", "X-Idle": "1"})
    assert (answer.status_code, answer.headers.get("HX-Refresh")) == (204, "true"), "the whole page goes to the sign-in"


def test_control_a_page_that_is_used_asks_and_stays(desk, clock):
    for _poll in range(4):
        clock.shift(timedelta(minutes=10))
        answer = desk.get(reverse("office:emergency_alarm"), headers={"HX-Request": "true"})
    assert "HX-Refresh" not in answer.headers


def test_what_was_typed_meanwhile_is_there_after_the_sign_in(desk, clock, registrar):
    clock.shift(timedelta(minutes=45))
    typed = {"last_name": "Луговая", "first_name": "Вера"}
    to_sign_in = desk.post(reverse(NEW), typed, headers={"Accept": "text/html"}).url
    assert to_sign_in.startswith(reverse("account_login"))
    back = desk.post(to_sign_in, {"login": registrar.username, "password": PASSWORD}, follow=True)
    assert 'value="Луговая"' in back.content.decode()


def test_a_session_is_written_once_a_minute_for_it(desk, clock, django_assert_num_queries):
    desk.get(reverse("office:emergency_alarm"))
    clock.shift(timedelta(seconds=59))
    with django_assert_num_queries(3):
        desk.get(reverse("office:emergency_alarm"))
    clock.shift(timedelta(seconds=1))
    with django_assert_num_queries(4):
        desk.get(reverse("office:emergency_alarm"))


def test_a_part_of_a_page_writes_it_once_in_ten_minutes(desk, clock):
    begun = desk.session[idle.SEEN]
    for minutes, seen in ((9, begun), (1, begun + 600)):
        clock.shift(timedelta(minutes=minutes))
        desk.get(reverse("office:emergency_alarm"), headers={"HX-Request": "true"})
        assert desk.session[idle.SEEN] == seen


def test_a_session_of_the_version_before_begins_its_half_hour(desk, clock):
    session = desk.session
    del session[idle.SEEN]
    session.save()
    clock.shift(timedelta(hours=1))
    assert at_work(desk)
    clock.shift(timedelta(minutes=31))
    assert not at_work(desk)


def test_visitors_of_the_site_are_not_asked(client, clock):
    client.get(reverse("site:home"))
    clock.shift(timedelta(hours=2))
    assert client.get(reverse("site:home")).status_code == 200
    assert idle.SEEN not in client.session


@pytest.mark.parametrize(
    ("login", "password", "right"),
    [("doctor", "doctor2026", False), ("zimina", "zimina-spb-1", False), ("zimina", "korablik-na-neve", True)],
)
def test_o24_a_password_that_is_the_login_is_refused(client, login, password, right):
    person = make.user(Role.DOCTOR, username=login)
    client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post(reverse("account_change_password"), form)
    person.refresh_from_db()
    assert person.check_password(password) is right
    assert bool(sign_in(Client(), person).status_code == 302) is not right
