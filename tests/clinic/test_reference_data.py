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


LAST = "Это единственный глава клиники, который может войти. Сначала назначьте главой кого-то ещё"


@pytest.mark.parametrize("change", [{"role": Role.REGISTRAR}, {"is_active": None}], ids=["demoted", "blocked"])
def test_the_last_head_stays_head(screen, head, change):
    make.user(Role.HEAD, is_active=False)
    without_password = make.user(Role.HEAD)
    without_password.set_unusable_password()
    without_password.save()
    answer = screen.post(address(head), typed(head, **change))
    assert answer.status_code == 200
    assert LAST in answer.content.decode()
    head.refresh_from_db()
    assert (head.role, head.is_active) == (Role.HEAD, True)


@pytest.mark.parametrize("change", [{"role": Role.REGISTRAR}, {"is_active": None}], ids=["demoted", "blocked"])
def test_a_head_steps_down_when_there_is_another(screen, head, change):
    make.user(Role.HEAD)
    assert screen.post(address(head), typed(head, **change)).status_code == 302
    head.refresh_from_db()
    assert (head.role, head.is_active) != (Role.HEAD, True)


def test_the_last_head_may_be_renamed(screen, head):
    assert screen.post(address(head), typed(head, last_name="Лунина")).status_code == 302
    head.refresh_from_db()
    assert head.last_name == "Лунина"


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_last_head_is_not_deleted(screen, head, method):
    answer = getattr(screen, method)(address(head, "delete"), {"post": "yes"}, follow=True)
    assert answer.redirect_chain == [(address(head), 302)]
    assert LAST in answer.content.decode()
    assert User.objects.filter(pk=head.pk).exists()


def test_another_login_is_deleted(screen, head):
    other = make.user(Role.HEAD)
    assert screen.post(address(other, "delete"), {"post": "yes"}).status_code == 302
    assert list(User.objects.all()) == [head]


def test_many_logins_are_not_deleted_at_once(screen, head):
    others = [make.user(Role.HEAD), make.user()]
    sent = {"action": "delete_selected", "_selected_action": [one.pk for one in (head, *others)], "post": "yes"}
    screen.post(reverse("admin:accounts_user_changelist"), sent)
    assert User.objects.count() == 3


def test_nobody_is_left_without_a_password(screen, head):
    sent = {"usable_password": "false", "unset-password": "1", "password1": "", "password2": ""}
    new = {"username": "zimina", "role": Role.HEAD, "last_name": "Зимина", "first_name": "Вера"}
    assert screen.post(reverse("admin:auth_user_password_change", args=[head.pk]), sent).status_code == 200
    assert screen.post(reverse("admin:accounts_user_add"), new | sent).status_code == 200
    assert [user.has_usable_password() for user in User.objects.all()] == [True]


def test_a_password_is_given_on_the_screen(screen):
    person = make.user()
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    screen.post(reverse("admin:auth_user_password_change", args=[person.pk]), sent)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
