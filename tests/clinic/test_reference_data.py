"""Reference data and logins, as the head keeps them on the screen."""

import pytest
from django.urls import reverse

from back_office.admin import reference
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from foundation.versions import version_of
from scheduling.models import Doctor
from tests import factories as make
from worklist.choices import TaskKind
from worklist.models import Task

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
    opened = {name: getattr(of, name) for name in (*columns, "is_active")}
    sent = {name: getattr(of, name) for name in columns} | {"is_active": "on", "version": version_of(opened)} | changed
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


# Doctors and services: a correction is followed by a look at the visits ahead


def form_of(page) -> dict:
    """The form of the admin as the browser would send it back."""
    form = page.context["adminform"].form
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if value is None or value is False:
            continue
        sent[name] = "on" if value is True else [str(each) for each in value] if isinstance(value, list) else str(value)
    return sent


@pytest.fixture
def visits():
    """Two visits of one doctor, one of a child."""
    slots = make.slots_of(make.shift(make.doctor(), days=3))
    return [make.appointment(slots[0], of=make.child()), make.appointment(slots[1])]


def saved(screen, row, **changed):
    address = reverse(f"admin:scheduling_{row._meta.model_name}_change", args=[row.pk])
    sent = {name: value for name, value in (form_of(screen.get(address)) | changed).items() if value is not None}
    return [str(message) for message in screen.post(address, sent, follow=True).context["messages"]]


WHERE = '<a href="/office/rebooking/">К списку на перезапись</a>'


def open_tasks():
    return set(Task.objects.filter(kind=TaskKind.REBOOK, state="open").values_list("subject", flat=True))


def test_a_doctor_who_sees_other_ages_leaves_visits_to_rebook(screen, visits):
    child, adult = visits
    told = saved(screen, child.doctor, min_age="18")
    assert told[0] == f"Больше не по правилам 1 будущий визит. {WHERE}"
    assert len(told) == 2, "and what the admin says"
    assert open_tasks() == {child.pk}
    assert len(saved(screen, adult.doctor, min_age="0")) == 1
    assert open_tasks() == set()


def test_a_doctor_who_gives_another_service_leaves_visits_to_rebook(screen, visits):
    other = make.service()
    assert saved(screen, visits[0].doctor, services=[str(other.pk)])[0] == (
        f"Больше не по правилам 2 будущих визита. {WHERE}"
    )
    assert open_tasks() == {visit.pk for visit in visits}


@pytest.mark.parametrize("change", [{"minutes": "45"}, {"active": None}], ids=["longer", "ended"])
def test_a_service_put_right_leaves_visits_to_rebook(screen, visits, change):
    saved(screen, visits[0].service, **change)
    assert open_tasks() == {visit.pk for visit in visits}


def test_a_doctors_text_put_right_judges_nothing(screen, visits):
    Doctor.objects.update(min_age=18)
    assert len(saved(screen, visits[0].doctor, about="Врач высшей категории")) == 1
    assert (open_tasks(), AuditEvent.objects.filter(action="doctor.rechecked").count()) == (set(), 0)


def test_a_new_doctor_has_no_visits_to_judge(screen, visits):
    sent = form_of(screen.get(reverse("admin:scheduling_doctor_change", args=[visits[0].doctor_id])))
    screen.post(reverse("admin:scheduling_doctor_add"), sent | {"slug": "new"})
    assert Doctor.objects.filter(slug="new").exists()
    assert not AuditEvent.objects.filter(action="doctor.rechecked").exists()


def test_the_tasks_are_written_with_the_correction_or_not_at_all(screen, visits, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(reference, "tell_how_many", broken)
    with pytest.raises(RuntimeError):
        saved(screen, visits[0].doctor, min_age="18")
    assert (open_tasks(), Doctor.objects.get().min_age) == (set(), 0)
