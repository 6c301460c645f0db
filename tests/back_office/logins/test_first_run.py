"""The first head of a new clinic is made on a page of its own, with the key from the log, and once (U37)."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from clinic.first_run import invitation
from foundation.accounts import first_run
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
HERE = "/office/first-run/"
GOOD = "lunnaya-doroga-7"
TYPED = {
    "last_name": "Зимина",
    "first_name": "Вера",
    "patronymic": "Николаевна",
    "login": "zimina",
    "password": GOOD,
    "password_again": GOOD,
}


@pytest.fixture(autouse=True)
def real(settings):
    settings.DEMO = False


def opened(client, key: str | None = None, **typed: str):
    return client.post(HERE, TYPED | {"key": first_run.new_key() if key is None else key} | typed)


def refusal(client, key: str | None = None, **typed: str):
    """Returns the status and the sentences of a press that makes nobody."""
    answer = opened(client, key, **typed)
    assert not User.objects.exists()
    return answer.status_code, sorted(text for texts in answer.context["form"].errors.values() for text in texts)


def test_whoever_has_the_key_makes_the_first_head_and_signs_in(client):
    assert opened(client).url == reverse("account_login")
    head = User.objects.get()
    assert (head.role, head.get_full_name(), head.is_active) == (Role.HEAD, "Зимина Вера Николаевна", True)
    client.post("/office/sign-in/", {"login": "zimina", "password": GOOD})
    assert client.get("/office/admin/").status_code == 200


def test_it_is_in_the_audit_from_where(client):
    client.post(HERE, TYPED | {"key": first_run.new_key()}, REMOTE_ADDR="203.0.113.9")
    row = AuditEvent.objects.get(action="staff.head_made")
    assert (row.actor, row.ip, row.object_ref) == ("system:first_run", "203.0.113.9", f"staff:{User.objects.get().pk}")


def test_afterwards_the_page_is_gone(client):
    opened(client)
    assert (client.get(HERE).status_code, opened(client).status_code) == (404, 404)
    assert User.objects.count() == 1


def test_the_page_is_not_there_in_the_demo(client, settings):
    settings.DEMO = True
    assert (client.get(HERE).status_code, invitation()) == (404, "")


@pytest.mark.parametrize("login", [Role.REGISTRAR, Role.HEAD])
def test_the_page_is_not_there_while_anybody_has_a_login(client, login):
    make.user(login)
    assert (client.get(HERE).status_code, invitation()) == (404, "")


@pytest.mark.parametrize("key", ["", "x", "1vO:abc", "1vOabc:aGVhZA", "ключ"])
def test_a_wrong_key_makes_nobody(client, key):
    status, said = refusal(client, key)
    assert (status, len(said)) == (422, 1)


def test_a_key_signed_for_something_else_is_wrong(client):
    for_another = first_run._SIGNER.sign("doctor").removeprefix("doctor:")
    assert refusal(client, for_another)[0] == 422


def test_a_key_changed_in_one_place_is_wrong(client):
    key = first_run.new_key()
    assert refusal(client, key[:-1] + ("A" if key[-1] != "A" else "B"))[0] == 422


def test_a_key_is_over_after_a_day(client):
    with time_machine.travel(timezone.now() - first_run.LIFE - timedelta(seconds=2)):
        key = first_run.new_key()
    assert refusal(client, key) == (422, [str(first_run.FirstRunKeyExpired.message)])


def test_a_key_is_good_all_its_day(client):
    with time_machine.travel(timezone.now() - first_run.LIFE + timedelta(minutes=1)):
        key = first_run.new_key()
    assert opened(client, key).status_code == 302


def test_a_key_survives_a_change_of_the_signing_key(client, settings):
    key = first_run.new_key()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-" * 8, [settings.SECRET_KEY]
    assert opened(client, key).status_code == 302


def test_wrong_keys_are_counted_by_the_network(client, settings):
    settings.FIRST_RUN_KEYS = (2, timedelta(hours=1))
    assert [refusal(client, "wrong")[1] for _time in range(2)] == [[str(first_run.WrongFirstRunKey.message)]] * 2
    assert refusal(client)[0] == 422, "the right key comes too late from here"
    elsewhere = client.post(HERE, TYPED | {"key": first_run.new_key()}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"password": "short", "password_again": "short"}, ["password"]),
        ({"password": "1234567890", "password_again": "1234567890"}, ["password"]),
        ({"password_again": "lunnaya-doroga-8"}, ["password_again"]),
        ({"login": ""}, ["login"]),
        ({"login": "вера зимина"}, ["login"]),
        ({"last_name": "12"}, ["last_name"]),
        ({"first_name": ""}, ["first_name"]),
    ],
)
def test_each_mistake_stands_beside_its_field(client, typed, fields):
    answer = opened(client, **typed)
    assert (answer.status_code, list(answer.context["form"].errors), User.objects.count()) == (422, fields, 0)
    if "last_name" not in typed:
        assert 'value="Зимина"' in answer.content.decode(), "what was typed stays"


def test_a_password_is_never_written_into_the_page(client):
    assert GOOD not in opened(client, "wrong").content.decode()


def test_the_site_and_the_sign_in_lead_there_until_somebody_has_a_login(client):
    pages = ["/", "/office/sign-in/"]
    assert [HERE in client.get(page).content.decode() for page in pages] == [True, True]
    make.user(Role.HEAD)
    assert [HERE in client.get(page).content.decode() for page in pages] == [False, False]


def test_the_log_and_the_command_name_the_page_with_a_good_key(client, settings):
    printed = StringIO()
    call_command("first_run_key", stdout=printed)
    for words in (invitation(), printed.getvalue()):
        assert f"{settings.CLINIC['base_url']}{HERE}" in words
        first_run.check_key(words.split()[-1])


def test_the_command_says_when_the_clinic_is_open():
    make.user(Role.HEAD)
    with pytest.raises(CommandError, match="create_head"):
        call_command("first_run_key")
