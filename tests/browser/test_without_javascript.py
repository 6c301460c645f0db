"""The main jobs with JavaScript switched off: everything is a page and a form."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.accounts.choices import Role
from patients.choices import Channel
from scheduling.choices import AppointmentStatus
from scheduling.models import Appointment, EmergencyCase
from tests import factories as make
from tests.messages import code_of, first_link
from waitlist import matching
from waitlist.choices import EntryState
from waitlist.models import CallAttempt

STARTS = "09:00"


@pytest.fixture
def doctor(transactional_db):
    made = make.doctor(make.service(make.specialty()))
    make.shift(made)
    return made


@pytest.fixture
def plain(people):
    """`plain(Role.OPERATOR)` signs a person in, in a browser that runs no scripts."""

    def signed_in(role: str | None = None):
        person = people(java_script_enabled=False)
        return person.sign_in(make.user(role).username, "parol-12345") if role else person

    return signed_in


def first_slot(doctor):
    return doctor.slots.earliest("starts_at")


def test_a_patient_books_and_cancels_by_the_link(plain, doctor):
    patient = plain().open("/").follow("Дерматология")
    patient.press(STARTS)
    patient.page.locator("[name=who][value=self]").check()
    patient.fill(last_name="Орлова", first_name="Мария", birth_date="17.05.1990", phone="8 921 000-11-22")
    patient.page.locator("[name=consent]").check()
    patient.submit()
    patient.fill(code=code_of()).submit()
    patient.sees(re.compile(doctor.full_name)).sees(re.compile(STARTS))
    visit = Appointment.objects.get()
    assert (visit.channel, visit.status, visit.patient.last_name) == (Channel.SITE, "booked", "Орлова")
    assert first_slot(doctor).appointment_id == visit.pk

    link = first_link()
    patient.open(link).follow(_("Cancel the appointment")).press(_("Yes, cancel"))
    visit.refresh_from_db()
    assert (visit.status, visit.cancel_reason) == (AppointmentStatus.CANCELLED, "patient")
    assert first_slot(doctor).appointment_id is None


def test_the_registrar_finds_books_and_cancels(plain, doctor):
    find_book_and_cancel(plain(Role.REGISTRAR), doctor)


def find_book_and_cancel(desk, doctor):
    known = make.patient(last_name="Семёнова")
    desk.open(f"/office/day/?date={timezone.localdate() + timedelta(days=1)}")
    desk.page.locator("a.cell--free").first.click()
    desk.page.locator("#q").fill("семенова")
    desk.page.locator("#q").press("Enter")
    desk.look().follow("Семёнова")
    desk.page.locator("#booking").get_by_role("button", name=_("Book")).click()
    assert not Appointment.objects.exists()  # the passport is not ticked
    desk.page.locator("[name$=-seen]").check()
    desk.page.locator("#booking").get_by_role("button", name=_("Book")).click()
    desk.look().sees(re.compile(STARTS))
    visit = Appointment.objects.get()
    assert (visit.channel, visit.status, visit.patient) == (Channel.REGISTRY, "booked", known)
    assert [seen["document"] for seen in known.registry_entries.get().documents_seen] == ["identity"]

    desk.page.locator("main details", has=desk.page.locator("[name=reason]")).locator("summary").first.click()
    desk.page.locator("[name=reason]").first.select_option("patient")
    desk.page.locator("form[action$='/cancel/'] button").click()
    desk.look()
    visit.refresh_from_db()
    assert visit.status == AppointmentStatus.CANCELLED
    assert first_slot(doctor).appointment_id is None


def test_the_operator_takes_the_next_call_and_books(plain, doctor):
    entry = make.entry(doctor.specialties.get())
    matching.offer_slot(slot=first_slot(doctor).pk)
    phone = plain(Role.OPERATOR).open("/office/calls/")
    phone.press(_("Next one")).press(_("Yes: book"))
    phone.sees(re.compile(doctor.full_name)).sees(re.compile(STARTS))
    entry.refresh_from_db()
    visit = Appointment.objects.get()
    assert (entry.state, entry.appointment, visit.channel) == (EntryState.BOOKED, visit, Channel.PHONE)
    assert first_slot(doctor).appointment_id == visit.pk
    assert CallAttempt.objects.get().outcome == "booked"


def test_an_emergency_leaves_what_is_typed(plain, doctor):
    """F9 is a button here; its case stands in a tab of its own, and a second press means the same case."""
    phone = plain(Role.OPERATOR).open("/office/caller/new/")
    phone.page.locator("main [name=last_name]").fill("Недописан")
    for _press in range(2):
        with phone.page.expect_popup() as beside:
            phone.page.locator("#emergency button").click()
        assert beside.value.locator("main a[href='tel:103']").first.is_visible()
        assert EmergencyCase.objects.count() == 1
    assert phone.page.locator("main [name=last_name]").input_value() == "Недописан"
