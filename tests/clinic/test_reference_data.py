"""Reference data as the head keeps it in the stock admin."""

import pytest
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from back_office.admin import reference
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.audit.models import AuditEvent
from scheduling.models import Doctor, Location
from tests import factories as make
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make.user(Role.HEAD)


@pytest.fixture
def screen(sign_in, head):
    """A browser in which the head is signed in."""
    return sign_in(head)


def flags(of: User) -> tuple[bool, bool]:
    of.refresh_from_db()
    return of.is_staff, of.is_superuser


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


def test_o29_logins_are_not_kept_here(screen):
    """Rights are given on the product's own pages, which ask for the own password."""
    assert User not in admin.site._registry
    assert "/accounts/" not in screen.get("/office/admin/").content.decode()


def test_groups_give_no_rights_and_are_not_kept_here(screen):
    """Roles are our own: a head who gives a group a right would believe that somebody has it."""
    assert Group not in admin.site._registry
    assert screen.get("/office/admin/auth/group/").status_code == 404
    person, group = make.user(Role.REGISTRAR), Group.objects.create(name="Справочники")
    group.permissions.set(Permission.objects.all())
    person.groups.add(group)
    assert not person.has_perm("scheduling.change_room")


def test_control_django_would_keep_groups_here():
    site = AdminSite()
    site.register(Group, GroupAdmin)
    assert Group in site._registry


def acts() -> list[tuple[str, str]]:
    rows = AuditEvent.objects.filter(action__startswith="location.").order_by("id")
    return list(rows.values_list("action", "actor_name"))


def test_t115_a_row_that_is_added_and_removed_here_is_in_the_audit(screen, head):
    place = {"name": "Второй филиал", "address": "ул. Звёздная, д. 1", "timezone": "Europe/Moscow"}
    screen.post(reverse("admin:scheduling_location_add"), place)
    row = Location.objects.get()
    screen.post(reverse("admin:scheduling_location_delete", args=[row.pk]), {"post": "yes"})
    assert not Location.objects.exists()
    name = head.get_full_name()
    assert acts() == [("location.added", name), ("location.removed", name)]


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


WHERE = '<a href="/office/calls/">К списку на перезапись</a>'


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
