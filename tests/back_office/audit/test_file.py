"""What is found in the audit is taken away in a file, and that stands in the audit too."""

import csv
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from back_office.audit import file
from booking import audit_export
from foundation.accounts.actors import ref_of
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEAD)


def rows(number, **columns):
    row = {"actor": "staff:1", "actor_name": "Кто-то", "action": "demo.built"} | columns
    return AuditEvent.objects.bulk_create(AuditEvent(**row) for _number in range(number))


def export(client, **chosen):
    return client.post(reverse("office:audit_export"), {"act": "demo.built"} | chosen)


def body(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8")


def read(answer) -> list[list[str]]:
    text = body(answer)
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def exported():
    found = AuditEvent.objects.filter(action="audit.exported").order_by("id")
    return list(found.values_list("actor", "details", "ip"))


def test_all_that_is_found_is_in_the_file_newest_first(head, monkeypatch):
    monkeypatch.setattr(file, "CHUNK", 2)
    rows(1, actor_name="Первая")
    rows(4)
    rows(1, action="keys.rotated")
    answer = export(head)
    titles, *found = read(answer)
    assert titles == ["Когда", "Кто", "Роль", "Действие", "Пациент", "О чём", "Подробности", "Адрес"]
    assert [row[1] for row in found] == ["Кто-то"] * 4 + ["Первая"]
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="journal-')
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_file_itself_is_kept_with_what_was_chosen(head):
    rows(3)
    patient = make.patient()
    export(head, since="01.01.2026", until="31.12.2099")
    export(head, act="", patient=str(patient.pk))
    by = ref_of(head.user)
    assert exported() == [
        (
            by,
            {
                "rows": 3,
                "sought": {
                    "actions": ["demo.built"],
                    "since": "2025-12-31T21:00:00+00:00",
                    "until": "2099-12-31T21:00:00+00:00",
                },
            },
            "127.0.0.1",
        ),
        (
            by,
            {"rows": 1, "sought": {"patients": [str(patient.pk)], "without": ["patient.shown", "page.shown"]}},
            "127.0.0.1",
        ),
    ]


def test_the_row_of_the_file_is_not_in_it(head):
    *_titles, last = read(export(head, act="all"))
    assert last[3] != "Журнал: сохранён в файл"
    assert "Журнал: сохранён в файл" not in {row[3] for row in read(export(head, act="audit.exported"))[2:]}


@pytest.mark.parametrize("cell", ["=1+1", "+7 921", "-5", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_no_cell_is_a_formula(head, cell):
    rows(1, actor_name=cell)
    assert read(export(head))[1][1] == f"'{cell}"


def test_a_harmless_cell_stays(head):
    rows(1, actor_name='Кто; "то" — =1')
    assert read(export(head))[1][1] == 'Кто; "то" — =1'


def test_more_than_one_file_takes(head, monkeypatch):
    monkeypatch.setattr(audit_export, "MOST", 3)
    rows(4)
    answer = export(head)
    assert answer.status_code == 422
    assert "больше 50" in answer.content.decode()
    assert exported() == []
    assert export(head, act="keys.rotated").status_code == 200


def test_days_that_cannot_be_understood(head):
    rows(1)
    answer = export(head, since="завтра")
    assert answer.status_code == 422
    assert "Напишите дату" in answer.content.decode()
    assert exported() == []


def test_a_press_elsewhere_takes_nothing_away(head):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(head.user, backend="foundation.accounts.backend.StaffBackend")
    assert strict.post(reverse("office:audit_export"), {"act": "demo.built"}).status_code == 403
    assert exported() == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.HEAD])
def test_nobody_but_the_head(sign_in, role):
    assert export(sign_in(role)).status_code == 403
    assert exported() == []


def test_as_many_statements_for_three_rows_as_for_one(head):
    patient = make.patient()
    assert statements(head, rows(1, patient=patient.pk)) == statements(head, rows(2, patient=patient.pk))


def statements(client, _written) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert body(export(client))
    return len(counted)
