"""T115: the head reads who has done what; the page finds by patient, person, act and days."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.actors import ref_of, staff
from foundation.accounts.choices import Role
from foundation.audit import sealing, trail
from foundation.audit.models import AuditEvent
from foundation.audit.verifying import verify_and_record
from foundation.changes import Changes
from scheduling.choices import CancelReason
from tests import factories as make
from tests.back_office.audit.reading import lines, page, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(sign_in):
    return sign_in(Role.HEAD)


@pytest.fixture
def registrar():
    return make.user(Role.REGISTRAR, last_name="Иванова", first_name="Анна", patronymic="Петровна")


@pytest.fixture
def by(registrar):
    return staff(registrar, ip="10.1.2.3")


def written(at, **columns):
    """Puts a row into the audit that was written at that moment."""
    row = {"actor": "staff:1", "actor_name": "Кто-то", "action": "demo.built", "details": {}} | columns
    made = AuditEvent.objects.create(**row)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditevent SET at = %s WHERE id = %s", [at, made.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    return made


def test_a_move_is_told_with_both_times(head, by):
    free = make.slots_of(make.shift(make.doctor(), days=2, slots=3))
    visit = make.appointment(free[0], of=make.patient(last_name="Орлова", first_name="Мария", patronymic=""))
    before = f"{visit.local_start:%d.%m.%Y %H:%M}"
    booking.move(appointment=visit.pk, to_slot=free[1].pk, by=by)
    visit.refresh_from_db()
    after = f"{visit.local_start:%d.%m.%Y %H:%M}"
    line = lines(page(head, act="appointment.moved"))[0]
    assert texts(line)[1:] == [
        "Иванова Анна Петровна (Регистратор)",
        f"Запись: перенесена {after}, {visit.doctor.short_name} время: {before} → {after} "
        f"от врача: {visit.doctor.full_name}",
        "Орлова Мария",
        "10.1.2.3",
    ]


def test_time_is_that_of_the_clinic(head):
    written(timezone.datetime(2026, 11, 27, 21, 30, tzinfo=timezone.get_fixed_timezone(0)))
    assert texts(lines(page(head))[0])[0] == "28.11.2026 00:30"


def test_an_edit_is_told_as_before_and_after(head, by):
    patient = make.patient(last_name="Орлова", sex="")
    room, other = make.room(), make.room()
    doctor = make.doctor(room=room)
    booking.correct_patient(patient=patient, changes=Changes({"last_name": "Лисина", "sex": "female"}), by=by)
    booking.change_reference(row=doctor, changes=Changes({"room": other, "active": False}), by=by)
    assert "Фамилия: Орлова → Лисина" in page(head, act="patient.corrected").replace("фамилия", "Фамилия")
    shown = page(head, act="doctor.changed")
    assert f"{room.name}, {room.location.name} → {other.name}, {other.location.name}" in shown
    assert "да → нет" in shown


def test_numbers_of_documents_stay_masked(head, by):
    patient = make.patient(note="паспорт 4509 123456")
    booking.correct_patient(patient=patient, changes=Changes({"note": "паспорт 4510 654321"}), by=by)
    shown = page(head, act="patient.corrected")
    assert "••••3456 → паспорт ••••4321" in shown
    assert "123456" not in shown


def test_views_are_shown_where_they_are_asked_for(head, by):
    patient = make.patient()
    trail.record_shown(by=by, patients=[patient.pk], where="office:patient")
    assert "Карта: просмотрена" not in texts_of(page(head))
    assert "Карта: просмотрена Карта пациента" in texts_of(page(head, act="all"))
    alone = {texts(line)[2].split(":")[0] for line in lines(page(head, act="looks"))}
    assert alone == {"Карта", "Страница"}


def texts_of(html):
    return "\n".join(" | ".join(texts(line)) for line in lines(html))


def test_by_patient_with_what_was_part_of_the_record(head, by):
    kept, merged, other = (make.patient(last_name=name) for name in ("Орлова", "Орлова-Лис", "Незабудкина"))
    booking.merge_patients(kept=kept, merged=merged, chosen=[], by=by)
    found = lines(page(head, patient=kept.pk))
    acts = sorted(texts(line)[2].split(" ")[1] for line in found)
    assert acts == sorted(["объединена", "заведена", "заведена"])
    assert other.full_name not in page(head, patient=kept.pk)


def test_the_card_leads_to_the_journal_for_the_head_alone(head, sign_in, client):
    patient = make.patient()
    link = f"{reverse('office:audit')}?patient={patient.pk}"
    card = reverse("office:patient", args=[patient.pk])
    assert link in head.get(card).content.decode()
    client.force_login(make.user(Role.REGISTRAR), backend="foundation.accounts.backend.StaffBackend")
    assert link not in client.get(card).content.decode()


def test_by_person(head, registrar, by):
    trail.record(by=by, action="keys.rotated")
    trail.record(by=make.TEST, action="demo.built")
    assert [texts(line)[2] for line in lines(page(head, person=ref_of(registrar)))] == ["Ключи: обновлены"]


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        ("10.11.2026", "", {"last", "late"}),
        ("", "10 ноября 2026", {"early", "first", "last"}),
        ("10.11.26", "2026-11-10", {"first", "last"}),
        ("101126", "101126", {"first", "last"}),
    ],
)
def test_by_days_of_the_clinic(head, since, until, found):
    """A day begins and ends by the clinic's clock: 21:00 UTC is midnight."""
    moments = {"early": (9, 20, 59), "first": (9, 21, 0), "last": (10, 20, 59), "late": (10, 21, 0)}
    for name, (day, hour, minute) in moments.items():
        at = timezone.datetime(2026, 11, day, hour, minute, tzinfo=timezone.get_fixed_timezone(0))
        written(at, action="demo.built", actor_name=name)
    found = found | {"first"} if since and not until else found
    assert {texts(line)[1] for line in lines(page(head, since=since, until=until, act="demo.built"))} == found


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"since": "32.13.2026"}, "Такого дня нет"),
        ({"since": "10.11.2026", "until": "09.11.2026"}, "Последний день раньше первого"),
        ({"person": "staff:nobody"}, "staff:nobody"),
        ({"act": "nothing"}, "nothing"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(head, typed, said):
    shown = page(head, **typed)
    assert said in shown.split('class="field field--error"')[1]
    assert lines(shown) == []
    assert "Исправьте отмеченное выше" in shown


def test_a_patient_whom_nobody_knows(head):
    assert head.get(reverse("office:audit"), {"patient": make.actor().ref}).status_code == 404


def test_pages_of_fifty_with_each_row_once(head):
    made = [written(timezone.now(), actor_name=f"№ {number}").actor_name for number in range(120)]
    seen, query = [], {"act": "demo.built"}
    for _page in range(3):
        html = page(head, **query)
        seen.append([texts(line)[1] for line in lines(html)])
        written(timezone.now(), actor_name="новая")  # what comes meanwhile moves nothing
        query = {"act": "demo.built", "before": html.split("before=")[-1].split('"')[0]}
    assert [len(part) for part in seen] == [50, 50, 20]
    assert [name for part in seen for name in part] == made[::-1]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "", "٣"])
def test_a_page_that_there_is_not_is_the_first(head, before):
    written(timezone.now())
    assert lines(page(head, act="demo.built", before=before))


def test_nothing_is_found(head):
    shown = page(head, act="demo.built")
    assert lines(shown) == []
    assert "Действий нет" in shown


def test_opening_it_is_kept_and_so_is_who_was_shown(head):
    patient = make.patient()
    page(head, patient=patient.pk)
    own = AuditEvent.objects.filter(actor=ref_of(head.user)).order_by("id")
    assert list(own.values_list("action", "object_ref", "patient")) == [
        ("patient.shown", "office:audit", patient.pk),
        ("page.shown", "office:audit", None),
    ]


def test_as_many_statements_for_three_rows_as_for_one(head, by, django_assert_num_queries):
    def corrected():
        patient = make.patient(last_name="Орлова")
        booking.correct_patient(patient=patient, changes=Changes({"last_name": "Лисина"}), by=by)

    corrected()
    page(head, act="patient.corrected")
    with django_assert_num_queries(STATEMENTS):
        assert len(lines(page(head, act="patient.corrected"))) == 1
    corrected()
    corrected()
    with django_assert_num_queries(STATEMENTS):
        assert len(lines(page(head, act="patient.corrected"))) == 3


STATEMENTS = 12


def test_before_the_first_check_it_says_so(head):
    assert "ещё не проверялся" in page(head)


def test_it_is_whole(head):
    written(timezone.now())
    verify_and_record()
    rows = AuditEvent.objects.get(action="audit.verified").details["rows"]
    assert f"Журнал цел: проверено {timezone.localtime():%d.%m.%Y}" in page(head)
    assert f"строк: {rows}." in page(head)


def test_it_was_changed(head):
    """The negative control of the line that says it is whole."""
    row = written(timezone.now())
    sealing.seal_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditevent SET actor_name = 'Другой' WHERE id = %s", [row.pk])
        cursor.execute("SET LOCAL session_replication_role = origin")
    verify_and_record()
    shown = page(head)
    assert "Журнал изменён" in shown
    assert f"Строки изменены или вставлены: {row.pk}." in shown
    assert "Журнал цел" not in shown


def test_nobody_seals(head):
    written(timezone.now() - timedelta(minutes=6))
    assert "не запечатываются" in page(head)


def test_a_cancelled_visit_names_the_visit(head, by):
    visit = make.appointment()
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=by)
    shown = texts(lines(page(head, act="appointment.cancelled"))[0])
    assert f"{visit.local_start:%d.%m.%Y %H:%M}, {visit.doctor.short_name}" in shown[2]
