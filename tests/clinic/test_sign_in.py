"""The sign-in answers every password with a page, whoever's it is."""

import pytest
from django.urls import reverse

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


def test_many_wrong_passwords_are_refused_with_a_page(client):
    person = make.user()
    answers = [client.post(HERE, {"login": person.username, "password": "wrong"}).status_code for _ in range(40)]
    assert set(answers) <= {200, 429}
