"""People of the staff get their logins, roles and passwords on the office's own pages (U37, T115, O29)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.accounts.choices import Role
from foundation.accounts.errors import LastHead
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from tests import factories as make
from tests.opened import as_opened

pytestmark = pytest.mark.django_db
AT_THE_ENTRANCE = (
    "staff.signed_in",
    "staff.signed_out",
    "staff.sign_in_failed",
    "staff.password_changed",
    "staff.denied",
)
OWN, FIRST, NEW = "parol-12345", "vremennyi-klyuch-1", "sobstvennyi-parol-9"
"""The factories' password, that of whoever acts; one that the head gives; one that its owner chooses."""


@pytest.fixture
def head():
    return make.user(Role.HEAD)


@pytest.fixture
def screen(sign_in, head):
    return sign_in(head)


def address(page: str, person: User) -> str:
    return reverse(f"office:person{page}", args=[person.pk])


def added(screen: Client, **changed: str):
    person = {"last_name": "Ковалёва", "first_name": "Анна", "login": "kovaleva", "role": Role.REGISTRAR}
    return screen.post(reverse("office:person_add"), person | {"password": FIRST, "own_password": OWN} | changed)


def edited(screen: Client, person: User, **changed: str):
    url = address("", person)
    return screen.post(url, as_opened(screen, url) | changed)


def given(screen: Client, person: User, **changed: str):
    return screen.post(address("_password", person), {"password": FIRST, "own_password": OWN} | changed)


def opened(screen: Client, person: User, own: str = OWN):
    return screen.post(address("_unblock", person), {"open-own_password": own})


def audit() -> list[tuple[str, dict]]:
    rows = AuditEvent.objects.filter(action__startswith="staff.").exclude(action__in=AT_THE_ENTRANCE).order_by("id")
    return [(row.action, row.details) for row in rows]


def signed_in(login: str, password: str) -> Client:
    client = Client()
    client.post("/office/sign-in/", {"login": login, "password": password})
    return client


def test_a_person_is_added_and_chooses_a_password_of_their_own_first(screen):
    assert added(screen).url == reverse("office:people")
    person = signed_in("kovaleva", FIRST)
    assert person.get("/office/day/").url == reverse("account_change_password")
    change = {"oldpassword": FIRST, "password1": NEW, "password2": NEW}
    person.post(reverse("account_change_password"), change)
    assert signed_in("kovaleva", NEW).get("/office/day/").status_code == 200
    assert audit() == [("staff.added", {"role": "registrar", "login": "kovaleva"})]


def test_a_form_on_its_way_is_taken_before_the_new_password(screen):
    added(screen)
    person = signed_in("kovaleva", FIRST)
    assert person.post(reverse("office:emergency_open")).status_code == 302
    assert person.get("/office/day/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"own_password": ""}, "own_password"),
        ({"own_password": "wrong-12345"}, "own_password"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"role": ""}, "role"),
        ({"role": "root"}, "role"),
        ({"login": "анна ковалёва"}, "login"),
        ({"last_name": ""}, "last_name"),
        ({"last_name": "Ковалёва Анна"}, "last_name"),
    ],
)
def test_each_mistake_stands_beside_its_field_and_nothing_typed_is_lost(screen, typed, field):
    page = added(screen, **typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert 'value="Анна"' in page.content.decode()
    assert not User.objects.filter(username="kovaleva").exists()


def test_a_login_that_somebody_has_is_refused_in_any_letters(screen):
    make.user(username="kovaleva")
    page = added(screen, login="Kovaleva")
    assert page.status_code == 422
    assert "Такой логин" in page.content.decode() or "логин" in str(page.context["form"].non_field_errors())


def test_passwords_are_never_drawn(screen):
    assert FIRST not in added(screen, role="").content.decode()
    assert OWN not in added(screen, role="").content.decode()


def test_another_role_asks_for_the_own_password(screen):
    person = make.user(Role.REGISTRAR)
    page = edited(screen, person, role=Role.HEAD)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["own_password"])
    assert edited(screen, person, role=Role.HEAD, own_password="wrong-12345").status_code == 422
    person.refresh_from_db()
    assert person.role == Role.REGISTRAR
    assert edited(screen, person, role=Role.HEAD, own_password=OWN).status_code == 302
    person.refresh_from_db()
    assert (person.role, person.is_superuser) == (Role.HEAD, True)
    assert audit() == [("staff.changed", {"changed": {"role": ["registrar", "head"]}})]


def test_another_name_asks_for_no_password(screen):
    person = make.user(Role.REGISTRAR, last_name="Ковалёва")
    assert edited(screen, person, last_name="Лунина").status_code == 302
    assert audit() == [("staff.changed", {"changed": {"last_name": ["Ковалёва", "Лунина"]}})]


def test_wrong_own_passwords_are_counted(screen, settings):
    person = make.user(Role.REGISTRAR)
    tries, _per = settings.SIGN_INS_OF_LOGIN
    for _time in range(tries):
        edited(screen, person, role=Role.HEAD, own_password="wrong-12345")
    assert edited(screen, person, role=Role.HEAD, own_password=OWN).status_code == 422, "too late"


def test_right_own_passwords_are_not_counted(screen, settings):
    tries, _per = settings.SIGN_INS_OF_LOGIN
    answers = [added(screen, login=f"kovaleva{time}").status_code for time in range(tries + 1)]
    assert set(answers) == {302}


def test_a_blocked_person_is_out_with_their_next_press_and_comes_back(screen, sign_in):
    person = make.user(Role.REGISTRAR, username="kovaleva")
    at_work = signed_in("kovaleva", OWN)
    screen.post(address("_block", person))
    assert at_work.get("/office/day/").url.startswith("/office/sign-in/")
    assert opened(screen, person, "wrong-12345").status_code == 422
    assert opened(screen, person).status_code == 302
    assert signed_in("kovaleva", OWN).get("/office/day/").status_code == 200
    assert audit() == [("staff.blocked", {}), ("staff.unblocked", {})]


def test_a_second_press_of_a_step_is_written_once(screen):
    person = make.user(Role.REGISTRAR)
    for step in ("_block", "_block", "_new_password", "_new_password"):
        assert screen.post(address(step, person)).status_code == 302
    assert [action for action, _details in audit()] == ["staff.blocked", "staff.new_password_asked"]


def test_a_new_password_ends_all_sessions_and_is_changed_first(screen):
    person = make.user(Role.REGISTRAR, username="kovaleva")
    at_work = signed_in("kovaleva", OWN)
    assert given(screen, person).status_code == 302
    assert at_work.get("/office/day/").url.startswith("/office/sign-in/")
    assert signed_in("kovaleva", OWN).get("/office/day/").url.startswith("/office/sign-in/")
    assert signed_in("kovaleva", FIRST).get("/office/day/").url == reverse("account_change_password")
    assert audit() == [("staff.password_reset", {})]


@pytest.mark.parametrize("typed", [{"own_password": ""}, {"own_password": "wrong-12345"}, {"password": "short"}])
def test_a_new_password_is_given_by_whoever_knows_their_own(screen, typed):
    person = make.user(Role.REGISTRAR)
    assert given(screen, person, **typed).status_code == 422
    assert audit() == []


def test_asked_for_a_new_password_somebody_at_work_gives_one_before_the_next_page(screen):
    person = make.user(Role.REGISTRAR, username="kovaleva")
    at_work = signed_in("kovaleva", OWN)
    screen.post(address("_new_password", person))
    assert at_work.get("/office/day/").url == reverse("account_change_password")
    at_work.post(reverse("account_change_password"), {"oldpassword": OWN, "password1": NEW, "password2": NEW})
    assert at_work.get("/office/day/").status_code == 200


def test_the_last_head_is_neither_blocked_nor_given_another_role(screen, head):
    blocked = screen.post(address("_block", head))
    demoted = edited(screen, head, role=Role.REGISTRAR, own_password=OWN)
    assert (blocked.status_code, demoted.status_code) == (422, 422)
    assert str(LastHead.message) in blocked.content.decode()
    assert str(LastHead.message) in demoted.content.decode()
    head.refresh_from_db()
    assert (head.role, head.is_active, audit()) == (Role.HEAD, True, [])


def test_one_of_two_heads_may_leave(screen, head):
    other = make.user(Role.HEAD)
    assert screen.post(address("_block", other)).status_code == 302
    assert screen.post(address("_block", head)).status_code == 422


def test_the_last_head_may_be_renamed(screen, head):
    assert edited(screen, head, last_name="Лунина").status_code == 302


def test_everybody_is_listed_with_their_state(screen, head):
    make.user(Role.REGISTRAR, is_active=False, username="ushla")
    make.user(Role.OPERATOR, must_change_password=True, username="novaya")
    states = {person.login: person.state for person in screen.get(reverse("office:people")).context["people"]}
    assert states == {
        head.username: "может войти",
        "ushla": "вход закрыт",
        "novaya": "выберет новый пароль при следующем входе",
    }


def test_the_list_asks_the_same_however_many_there_are(screen):
    asked = []
    for more in (1, 3):
        for _person in range(more):
            make.user()
        with CaptureQueriesContext(connection) as statements:
            screen.get(reverse("office:people"))
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("own", ["", "wrong-12345"])
def test_a_browser_is_told_at_once_what_is_wrong_with_a_password(screen, own):
    person = {"last_name": "Ковалёва", "first_name": "Анна", "login": "kovaleva", "role": Role.REGISTRAR}
    sent = person | {"password": FIRST, "own_password": own}
    page = screen.post(reverse("office:person_add"), sent, headers={"Accept": "text/html"})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["own_password"])
