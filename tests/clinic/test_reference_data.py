"""Reference data and logins, as the head keeps them on the screen."""

import pytest
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD = "lunnaya-doroga-7"


@pytest.fixture
def head():
    return make.user(Role.HEAD)


@pytest.fixture
def screen(sign_in, head):
    """A browser in which the head is signed in."""
    return sign_in(head)


def address(of: User, page: str = "change") -> str:
    return reverse(f"admin:accounts_user_{page}", args=[of.pk])


def typed(of: User, **changed) -> dict:
    """The form of a login as the screen sends it; None is a box that is not ticked."""
    columns = ("username", "last_name", "first_name", "patronymic", "role")
    sent = {name: getattr(of, name) for name in columns} | {"is_active": "on"} | changed
    return {name: value for name, value in sent.items() if value is not None}


def flags(of: User) -> tuple[bool, bool]:
    of.refresh_from_db()
    return of.is_staff, of.is_superuser


def test_a_head_made_on_the_screen_opens_the_reference_data(screen, client):
    new = {"username": "zimina", "password1": PASSWORD, "password2": PASSWORD, "role": Role.HEAD}
    screen.post(reverse("admin:accounts_user_add"), new | {"last_name": "Зимина", "first_name": "Вера"})
    made = User.objects.get(username="zimina")
    assert flags(made) == (True, True)
    client.logout()
    client.post("/office/sign-in/", {"login": "zimina", "password": PASSWORD})
    pages = ("index", "scheduling_doctor_add", "scheduling_service_changelist", "accounts_user_changelist")
    assert {client.get(reverse(f"admin:{page}")).status_code for page in pages} == {200}
    assert client.get(address(made)).status_code == 200


def test_the_rights_follow_the_role(screen):
    person = make.user(Role.REGISTRAR)
    screen.post(address(person), typed(person, role=Role.HEAD))
    assert flags(person) == (True, True)
    screen.post(address(person), typed(person, role=Role.DOCTOR))
    assert flags(person) == (False, False)


def test_the_rights_follow_a_role_that_is_written_alone():
    person = make.user(Role.REGISTRAR)
    person.role = Role.HEAD
    person.save(update_fields=["role"])
    assert flags(person) == (True, True)


@pytest.mark.parametrize("role", Role)
def test_djangos_flags_alone_open_nothing(client, role):
    person = make.user(role)
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
    client.force_login(person, backend="foundation.accounts.backend.StaffBackend")
    assert client.get("/office/admin/").status_code == (200 if role == Role.HEAD else 403)
