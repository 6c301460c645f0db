"""T26: the lists of today and tomorrow by doctor, with phones, as files that are read when the system is off."""

import html
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from celery import current_app
from django.conf import settings as product
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

import booking
from back_office import tasks
from foundation import whole_files
from foundation.accounts.choices import Role
from foundation.audit.models import AuditEvent
from scheduling.choices import CancelReason
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, settings):
    settings.PAPER_FOLDER = str(tmp_path / "paper")
    return Path(settings.PAPER_FOLDER)


@pytest.fixture
def booked():
    """Books three visits: two of one doctor on the day after today, one of another on the day after that."""
    service = make.service()
    first, second = make.doctor(service, last_name="Белова"), make.doctor(service, last_name="Ярцев")
    days = make.slots_of(make.shift(first)), make.slots_of(make.shift(second, days=2))
    patients = [make.patient(phone=f"+7921000112{number}") for number in range(3)]
    visits = [
        make.appointment(slot, of=patient) for slot, patient in zip((*days[0][:2], days[1][0]), patients, strict=True)
    ]
    with time_machine.travel(visits[0].starts_at, tick=False):
        yield visits


def read(file):
    return html.unescape(file.read_text(encoding="utf-8"))


def written(folder):
    return sorted(file.name for file in folder.iterdir())


def test_each_day_has_a_list_by_doctor_with_phones(folder, booked):
    tasks.write_lists()
    today = timezone.localdate()
    assert written(folder) == [f"{today}.html", f"{today + timedelta(days=1)}.html"]
    now, later = (read(folder / name) for name in written(folder))
    assert re.findall(r"<h2>(.*?)</h2>", now) == [booked[0].doctor.full_name]
    assert re.findall(r"<h2>(.*?)</h2>", later) == [booked[2].doctor.full_name]
    for visit, text in ((booked[0], now), (booked[1], now), (booked[2], later)):
        assert f"{visit.local_start:%H:%M}" in text
        assert visit.patient.full_name in text
    assert re.findall(r"\+7 921 000-11-2\d", now) == ["+7 921 000-11-20", "+7 921 000-11-21"]
    assert re.findall(r"\+7 921 000-11-2\d", later) == ["+7 921 000-11-22"]


def test_a_file_needs_nothing_beside_it(folder, booked):
    tasks.write_lists()
    for name in written(folder):
        text = read(folder / name)
        assert re.findall(r"(?:src|href)=", text) == []
        assert ".paper-table" in text
        assert "<script" not in text


def test_only_its_owner_reads_it(folder, booked):
    before = os.umask(0)
    try:
        tasks.write_lists()
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_a_cancelled_visit_is_not_listed(folder, booked):
    booking.cancel(appointment=booked[0].pk, reason=CancelReason.PATIENT, by=make.TEST)
    tasks.write_lists()
    left = re.findall(r"\+7 921 000-11-2\d", read(folder / f"{timezone.localdate()}.html"))
    assert left == ["+7 921 000-11-21"]


def test_lists_of_other_days_are_removed_and_nothing_else(folder, booked):
    folder.mkdir()
    for name in ("2020-01-01.html", "2020-01-02.html.new", "notes.txt"):
        (folder / name).touch()
    tasks.write_lists()
    assert written(folder)[-1] == "notes.txt"
    assert len(written(folder)) == 3


def test_the_list_of_before_stays_whole_when_writing_fails(folder, booked, monkeypatch):
    tasks.write_lists()
    before = {name: read(folder / name) for name in written(folder)}

    def fail(_file):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_files.os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        tasks.write_lists()
    assert {name: read(folder / name) for name in before} == before


def test_it_is_written_every_quarter_of_an_hour_and_is_in_the_audit(folder, booked):
    assert product.CELERY_BEAT_SCHEDULE["paper.write_lists"]["schedule"] == 15 * 60
    current_app.tasks["paper.write_lists"].apply().get()
    rows = AuditEvent.objects.filter(action="lists.exported").order_by("id")
    assert [(row.actor, row.details["visits"]) for row in rows] == [("system:paper", 2), ("system:paper", 1)]


def test_without_a_folder_nothing_is_written(settings, booked):
    settings.PAPER_FOLDER = ""
    tasks.write_lists()
    assert not AuditEvent.objects.filter(action="lists.exported").exists()
    with pytest.raises(CommandError, match="PAPER_FOLDER"):
        call_command("write_paper_lists")


def test_the_command_writes_now_and_names_the_files(folder, booked, capsys):
    call_command("write_paper_lists", str(folder))
    assert capsys.readouterr().out.split() == [str(folder / name) for name in written(folder)]


def test_the_day_leads_to_its_lists_and_the_page_is_in_the_audit(sign_in, booked):
    desk, day = sign_in(Role.REGISTRAR), timezone.localdate()
    address = f"{reverse('office:paper')}?date={day}"
    assert address in desk.get(f"{reverse('office:day')}?date={day}").content.decode()
    page = desk.get(address)
    assert booked[0].patient.full_name in html.unescape(page.content.decode())
    shown = AuditEvent.objects.filter(action="patient.shown", object_ref="office:paper")
    assert set(shown.values_list("patient", flat=True)) == {visit.patient_id for visit in booked[:2]}


def test_more_visits_need_no_more_statements(folder, booked, django_assert_num_queries):
    from back_office.paper.lists import PaperDay

    with django_assert_num_queries(1):
        PaperDay.of(timezone.localdate())
