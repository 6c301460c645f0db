"""The sign-in answers every password with a page, whoever's it is."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from foundation.accounts.choices import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
HERE = reverse("account_login")
CLOSED = "Этот логин закрыт. Попросите главу клиники открыть его."


def tried(client, person, password="parol-12345"):
    answer = client.post(HERE, {"login": person.username, "password": password}, follow=True)
    return answer.status_code, [str(message) for message in answer.context["messages"]], signed_in(client)


def signed_in(client) -> bool:
    return not client.get(reverse("office:home")).url.startswith(HERE)


@pytest.mark.parametrize("role", Role)
def test_a_blocked_person_with_the_right_password_is_told_so(client, role):
    assert tried(client, make.user(role, is_active=False)) == (200, [CLOSED], False)


def test_a_blocked_person_is_not_told_so_without_the_password(client):
    blocked, nobody = make.user(is_active=False), make.user()
    assert tried(client, blocked, "wrong-12345") == tried(client, nobody, "wrong-12345") == (200, [], False)


def test_a_person_who_is_not_blocked_signs_in(client):
    status, said, is_in = tried(client, make.user(Role.REGISTRAR))
    assert (status, CLOSED in said, is_in) == (200, False, True)


def test_a_person_blocked_at_work_is_told_so_when_they_sign_in_again(client):
    person = make.user(Role.REGISTRAR)
    tried(client, person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    assert client.get(reverse("office:patients")).url.startswith(HERE)
    assert tried(client, person) == (200, [CLOSED], False)


def wrong(client, person, *, times=1, address="203.0.113.9"):
    """Types wrong passwords and returns what the page said of the last one."""
    for _time in range(times):
        answer = client.post(HERE, {"login": person.username, "password": "wrong"}, REMOTE_ADDR=address)
        assert answer.status_code == 200
    return str(answer.context["form"].non_field_errors())


def right(client, person, *, address):
    client.post(HERE, {"login": person.username, "password": "parol-12345"}, REMOTE_ADDR=address)
    return signed_in(client)


def test_t112_a_stranger_cannot_lock_anybody_out(client):
    person = make.user(Role.REGISTRAR)
    assert "Слишком много неверных паролей отсюда. Попробуйте через 5 мин." in wrong(client, person, times=6)
    assert not right(client, person, address="203.0.113.9")
    assert right(client, person, address="198.51.100.7")


def test_t112_wrong_passwords_for_one_login_stop_no_colleague_beside(client):
    forgetful, colleague = make.user(), make.user(Role.REGISTRAR)
    wrong(client, forgetful, times=6)
    assert right(client, colleague, address="203.0.113.9")


def test_t112_one_network_does_not_try_all_logins(client, settings):
    settings.SIGN_INS_OF_NETWORK = (7, timedelta(hours=1))
    people = [make.user() for _ in range(8)]
    for person in people[:7]:
        assert "Слишком много" not in wrong(client, person)
    assert "Слишком много" in wrong(client, people[7])
    assert right(client, make.user(Role.REGISTRAR), address="198.51.100.7")


def test_t112_whoever_sits_in_a_network_of_many_locks_nobody_else_out(client, settings):
    settings.SIGN_INS_OF_NETWORK, settings.SHARED_NETWORKS = (3, timedelta(hours=1)), ["203.0.113.0/24"]
    wrong(client, make.user(), times=4)
    assert right(client, make.user(Role.REGISTRAR), address="203.0.113.9")


def test_t112_a_right_password_is_no_try(client):
    person = make.user(Role.REGISTRAR)
    for _time in range(7):
        wrong(client, person, times=1)
        assert right(client, person, address="203.0.113.9") == (_time < 4)
        client.logout()


def test_t112_the_wait_is_over_when_the_page_said(client):
    person = make.user(Role.REGISTRAR)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wrong(client, person, times=6)
        clock.shift(timedelta(minutes=5, seconds=1))
        assert right(client, person, address="203.0.113.9")


def test_what_is_done_too_often_is_told_in_russian(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    answers = [client.post(HERE, {"login": "somebody", "password": "wrong"}) for _time in range(2)]
    assert answers[1].status_code == 429
    assert "Слишком много запросов" in answers[1].content.decode()
