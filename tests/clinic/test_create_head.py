"""The first login of a new installation."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from clinic.management.commands import create_head
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
GOOD = "lunnaya-doroga-7"
ZIMINA = {"login": "zimina", "name": "Зимина Вера Николаевна"}


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def stdin(monkeypatch):
    """Nobody at a terminal; the password comes by the standard input."""
    monkeypatch.delenv(create_head.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "stdin", StringIO(f"{GOOD}\n"))


def run(**options) -> str:
    out = StringIO()
    call_command("create_head", stdout=out, **ZIMINA | options)
    return out.getvalue()


def refusal(**options) -> str:
    with pytest.raises(CommandError) as refused:
        run(**options)
    assert not User.objects.filter(role=Role.HEAD).exists()
    return str(refused.value)


def test_a_head_is_made_who_signs_in(client):
    assert run() == "Готово. Вход на странице /office/, логин zimina.\n"
    head = User.objects.get()
    assert (head.role, head.get_full_name(), head.is_active) == (Role.HEAD, "Зимина Вера Николаевна", True)
    assert AuditEvent.objects.get().action == "staff.head_made"
    client.post("/office/sign-in/", {"login": "zimina", "password": GOOD})
    assert client.get("/office/admin/").status_code == 200


def test_the_password_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv(create_head.VARIABLE, "from-the-environment")
    run()
    assert User.objects.get().check_password("from-the-environment")


def test_at_a_terminal_it_asks_for_everything(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    answers = iter(["zimina", "Зимина Вера"])
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr(create_head, "getpass", lambda _question: GOOD)
    run(login="", name="")
    assert User.objects.get().get_full_name() == "Зимина Вера"


def test_two_different_passwords_are_refused(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Terminal())
    typed = iter([GOOD, "another-one-7"])
    monkeypatch.setattr(create_head, "getpass", lambda _question: next(typed))
    assert refusal() == "Пароли не совпадают. Ничего не сохранено."


def test_nothing_is_asked_where_nobody_can_answer():
    assert refusal(login="") == "Назовите логин: --login zimina"
    assert refusal(name="").startswith("Назовите человека: --name")


@pytest.mark.parametrize("login", ["zimina", "Zimina"])
def test_a_login_that_exists_is_refused(login):
    make.user(Role.REGISTRAR, username="zimina")
    assert refusal(login=login) == "Такой логин уже есть. Выберите другой."


@pytest.mark.parametrize("password", ["", "short", "password123", "1234567890"])
def test_a_weak_password_is_refused(monkeypatch, password):
    monkeypatch.setattr(sys, "stdin", StringIO(f"{password}\n"))
    assert refusal().endswith(".")


@pytest.mark.parametrize("login", ["зи мина", "z" * 151, "  ", "z\x00"])
def test_a_login_that_cannot_be_typed_is_refused(login):
    assert "имя пользователя: " in refusal(login=login).lower()


def test_a_surname_alone_is_refused():
    assert refusal(name="Зимина") == "Напишите хотя бы фамилию и имя: «Зимина Вера»."


def test_a_new_installation_says_how_to_begin(client):
    page, word = "/office/sign-in/", "manage.py create_head"
    assert word in client.get(page).content.decode()
    run()
    assert word not in client.get(page).content.decode()


def test_djangos_own_command_names_this_one():
    for options in ({}, {"interactive": False, "username": "root"}):
        with pytest.raises(CommandError, match="create_head"):
            call_command("createsuperuser", **options)
    assert not User.objects.exists()
