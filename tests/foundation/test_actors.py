"""Actors as they stand beside what was done, and what the audit keeps of them."""

from uuid import uuid4

import pytest

from foundation.accounts.actors import Actor, site_visitor, staff, system
from foundation.accounts.choices import ROLE_PERMISSIONS, Permission, Role
from foundation.accounts.models import User
from foundation.accounts.queries.staff import signed_in
from foundation.audit import trail
from foundation.audit.models import AuditEvent
from tests import factories as make


def test_a_member_of_the_staff_is_named_in_full_with_what_they_may():
    user = User(role=Role.DOCTOR, username="belova", last_name="Белова", first_name="Анна", patronymic="Сергеевна")
    by = staff(user, ip="203.0.113.7")
    assert by == Actor(f"staff:{user.pk}", "Белова Анна Сергеевна", ROLE_PERMISSIONS[Role.DOCTOR], "203.0.113.7")
    assert (by.may(Permission.CONDUCT_VISITS), by.may(Permission.BOOK)) == (True, False)


def test_who_left_may_nothing():
    assert staff(User(role=Role.HEAD, username="head", is_active=False)).permissions == frozenset()


def test_visitors_and_processes_may_nothing_and_have_no_persons_name():
    visitor, process = site_visitor(session="abc", ip="203.0.113.7"), system("matching")
    assert visitor == Actor("site:abc", "сайт", frozenset(), "203.0.113.7")
    assert process == Actor("system:matching", "matching", frozenset(), "")
    assert not any(by.may(permission) for by in (visitor, process) for permission in Permission)


@pytest.mark.parametrize(
    ("parts", "full", "short"),
    [
        (("Орлова", "Мария", "Ивановна"), "Орлова Мария Ивановна", "Мария О."),
        (("Орлова", "Мария", ""), "Орлова Мария", "Мария О."),
        (("Орлова", "", ""), "Орлова", "Орлова"),
        (("", "", ""), "registrar1", "registrar1"),
    ],
)
def test_somebody_without_a_name_is_called_by_the_login(parts, full, short):
    last_name, first_name, patronymic = parts
    user = User(username="registrar1", last_name=last_name, first_name=first_name, patronymic=patronymic)
    assert (user.get_full_name(), user.short_name) == (full, short)


@pytest.mark.django_db
def test_who_left_is_signed_in_no_longer(registrar):
    make.user(Role.DOCTOR)
    assert signed_in(registrar.pk) == registrar
    User.objects.filter(pk=registrar.pk).update(is_active=False)
    assert signed_in(registrar.pk) is None


@pytest.mark.django_db
def test_an_event_tells_who_did_what_to_whom_from_where():
    by, patient = Actor("staff:1", "Тестова Вера", ip="203.0.113.7"), uuid4()
    trail.record(by=by, action="appointment.booked", patient=patient, object_ref="17", channel="phone", slots=2)
    event = AuditEvent.objects.get()
    assert (event.actor, event.actor_name, event.ip) == ("staff:1", "Тестова Вера", "203.0.113.7")
    assert (event.action, event.patient, event.object_ref) == ("appointment.booked", patient, "17")
    assert event.details == {"channel": "phone", "slots": 2}


@pytest.mark.django_db
def test_an_event_may_concern_nobody():
    trail.record(by=system("sweep"), action="schedule.published")
    event = AuditEvent.objects.get()
    assert (event.patient, event.object_ref, event.details, event.ip) == (None, "", {}, "")


@pytest.mark.django_db
def test_t47_each_patient_who_was_shown_has_a_row(django_assert_num_queries):
    by, patients = Actor("staff:1", "Тестова Вера", ip="203.0.113.7"), [uuid4() for _ in range(3)]
    with django_assert_num_queries(1):
        trail.record_shown(by=by, patients=patients, where="office:day")
    rows = AuditEvent.objects.values_list("actor", "actor_name", "action", "patient", "object_ref", "ip", "details")
    assert sorted(rows, key=lambda row: patients.index(row[3])) == [
        ("staff:1", "Тестова Вера", "patient.shown", patient, "office:day", "203.0.113.7", {}) for patient in patients
    ]


@pytest.mark.django_db
def test_nobody_shown_is_nothing_written(django_assert_num_queries):
    with django_assert_num_queries(0):
        trail.record_shown(by=system("test"), patients=[], where="office:day")
