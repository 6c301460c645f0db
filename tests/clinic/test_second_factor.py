"""The sign-in has a second step for whose role must have one, and for whoever likes (T50, O24)."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from foundation.accounts import second_factor
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests.totp import app_shows

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "parol-12345"
SET_UP, CODE, HOME = reverse("mfa_activate_totp"), reverse("mfa_authenticate"), reverse("office:home")


@pytest.fixture(autouse=True)
def of_the_head(settings):
    settings.MFA_ROLES = [Role.HEAD]


@pytest.fixture
def head():
    return make.user(Role.HEAD)


def sign_in(person):
    client = Client()
    answer = client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    return client, answer


def confirm(client):
    """Says the password once more, which changes of the sign-in itself ask for."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def set_up(client):
    confirm(client)
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    client.post(SET_UP, {"code": app_shows(secret)})
    return secret


def opens(client):
    return client.get(reverse("office:day")).status_code == 200


def test_whose_role_must_sets_it_up_before_anything_opens(head):
    client, _answer = sign_in(head)
    assert client.get(HOME).url == SET_UP
    fragment = client.get(reverse("office:emergency_alarm"), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Refresh"]) == (204, "true")
    set_up(client)
    assert opens(client)
    assert AuditEvent.objects.filter(action="staff.second_factor_added", actor=f"staff:{head.pk}").count() == 2


def test_the_next_sign_in_asks_for_the_code(head):
    first, _answer = sign_in(head)
    secret = set_up(first)
    client, answer = sign_in(head)
    assert answer.url == CODE
    assert client.get(HOME).url.startswith(reverse("account_login")), "the password alone opens nothing"
    assert "Неверный код" in client.post(CODE, {"code": "000000"}).content.decode()
    assert not opens(client)
    with time_machine.travel(time.time() + 60):  # the code of the set-up is used up
        client.post(CODE, {"code": app_shows(secret)})
        assert opens(client)
    assert AuditEvent.objects.filter(action="staff.second_factor_failed").count() == 1


def test_what_was_typed_is_kept_for_whoever_signs_in_with_it(head):
    first, _answer = sign_in(head)
    secret = set_up(first)
    client, _answer = sign_in(head)
    with time_machine.travel(time.time() + 60) as clock:
        client.post(CODE, {"code": app_shows(secret)})
        clock.shift(3600)
        new = reverse("office:patient_new")
        to_sign_in = client.post(new, {"last_name": "Луговая"}, headers={"Accept": "text/html"}).url
        assert client.post(to_sign_in, {"login": head.username, "password": PASSWORD}).url.startswith(CODE)
        back = client.post(CODE, {"code": app_shows(secret)}, follow=True)
    assert 'value="Луговая"' in back.content.decode()


def test_a_code_on_paper_is_good_once(head):
    first, _answer = sign_in(head)
    set_up(first)
    written = first.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    for right in (True, False):
        client, _answer = sign_in(head)
        client.post(CODE, {"code": written[0]})
        assert opens(client) is right


def test_codes_are_not_guessed(head):
    first, _answer = sign_in(head)
    secret = set_up(first)
    client, _answer = sign_in(head)
    for guess in range(5):
        client.post(CODE, {"code": f"00000{guess}"})
    with time_machine.travel(time.time() + 60):
        client.post(CODE, {"code": app_shows(secret)})
        assert not opens(client)
    with time_machine.travel(time.time() + 400):
        client.post(CODE, {"code": app_shows(secret)})
        assert opens(client)


def test_a_session_from_before_it_was_set_up_elsewhere_ends(head):
    old, _answer = sign_in(head)
    new, _answer = sign_in(head)
    set_up(new)
    assert old.get(HOME).url == reverse("account_login")
    assert not opens(old)
    assert opens(new)


def test_other_roles_are_not_asked_and_may_have_one(head):
    registrar = make.user(Role.REGISTRAR)
    client, _answer = sign_in(registrar)
    assert opens(client)
    set_up(client)
    assert sign_in(registrar)[1].url == CODE
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert sign_in(registrar)[1].url == HOME


def test_whose_role_must_changes_the_phone_and_nothing_opens_in_between(head):
    client, _answer = sign_in(head)
    set_up(client)
    assert client.post(reverse("mfa_deactivate_totp")).url == reverse("mfa_index")
    assert client.get(HOME).url == SET_UP
    assert not opens(client)
    set_up(client)
    assert opens(client)


def test_a_head_takes_it_away_from_whoever_has_lost_the_phone(head, settings):
    settings.MFA_ROLES = []
    registrar, (of_head, _answer) = make.user(Role.REGISTRAR), sign_in(head)
    lost, _answer = sign_in(registrar)
    set_up(lost)
    page = reverse("office:person_second_step", args=[registrar.pk])
    assert of_head.post(page, {"step-own_password": "wrong"}).status_code == 422
    assert opens(lost)
    assert of_head.post(page, {"step-own_password": PASSWORD}).status_code == 302
    assert not opens(lost), "the session on the lost phone is over"
    assert sign_in(registrar)[1].url == HOME
    row = AuditEvent.objects.get(action="staff.second_factor_taken_away")
    assert (row.actor, row.object_ref) == (f"staff:{head.pk}", f"staff:{registrar.pk}")


def test_a_lost_phone(head):
    first, _answer = sign_in(head)
    set_up(first)
    call_command("reset_second_factor", login=head.username)
    client, _answer = sign_in(head)
    assert client.get(HOME).url == SET_UP
    row = AuditEvent.objects.get(action="staff.second_factor_taken_away")
    assert (row.actor, row.object_ref) == ("system:reset_second_factor", f"staff:{head.pk}")


def test_the_secret_is_not_readable_in_the_table(head):
    client, _answer = sign_in(head)
    secret = set_up(client)
    kept = Authenticator.objects.get(user=head, type="totp").data["secret"]
    assert secret not in kept
    assert second_factor.SecondFactorAdapter().decrypt(kept) == secret


def test_one_sees_where_one_is_signed_in_and_ends_it(head, settings):
    settings.MFA_ROLES = []
    here, _answer = sign_in(head)
    elsewhere, _answer = sign_in(head)
    page = here.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    here.post(reverse("usersessions_list"))
    assert (opens(here), opens(elsewhere)) == (True, False)


def test_a_new_password_of_ones_own_ends_all_other_sessions(settings):
    settings.MFA_ROLES = []
    person = make.user(Role.REGISTRAR)
    here, elsewhere, (stranger, _answer) = sign_in(person)[0], sign_in(person)[0], sign_in(make.user(Role.REGISTRAR))
    assert all(map(opens, (here, elsewhere, stranger)))
    change = {"oldpassword": PASSWORD, "password1": "korablik-na-neve", "password2": "korablik-na-neve"}
    assert here.post(reverse("account_change_password"), change).status_code == 302
    assert [opens(each) for each in (here, elsewhere, stranger)] == [True, False, True]
