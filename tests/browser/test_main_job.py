"""The main job of the product, on screen, from a published week to a follow-up."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

import booking
from foundation.accounts.choices import Role
from foundation.clock import day_start
from scheduling.models import Appointment, Doctor, EmergencyCase, Slot
from standalone.demo.logins import DEMO_PASSWORD
from tests import factories as make
from tests.messages import code_of, first_link
from waitlist import matching
from waitlist.choices import EntryState
from waitlist.models import CallAttempt, FreedTime, WaitlistEntry
from worklist.models import PhonedNumber

PATIENT = {"last_name": "Орлова", "first_name": "Мария", "patronymic": "Ивановна", "birth_date": "17.05.1990"}
PHONE = "+7 921 000-11-22"


@pytest.fixture
def clinic(transactional_db):
    """One doctor who has no shifts yet, one of another specialty, and a login for each role."""
    dermatology = make.specialty()
    belova = make.doctor(make.service(dermatology))
    make.shift(
        make.doctor(
            make.service(make.specialty("Трихология", "трихолог"), name="Приём трихолога"),
            last_name="Громов",
            first_name="Пётр",
            patronymic="Ильич",
        )
    )
    for role in Role:
        person = make.user(role)
        person.username = role
        person.set_password(DEMO_PASSWORD)
        person.save()
        if role == Role.DOCTOR:
            Doctor.objects.filter(pk=belova.pk).update(user=person)
    return belova


def test_the_clinic_takes_bookings_end_to_end(clinic, people, worker):
    publish_a_week(people(), clinic)
    patient = people(viewport={"width": 390, "height": 800})
    book_on_the_site(patient, clinic)
    book_at_the_desk(people(), clinic)
    fill_up(clinic)
    operator = people()
    put_on_the_waitlist(operator)
    operator.open("/office/calls/")
    cancel_from_the_link(patient)
    call_and_book(operator)
    doctor = people()
    visit_and_follow_up(doctor, clinic)
    site_refuses_a_follow_up(patient)
    emergency(doctor)


def publish_a_week(admin, doctor):
    """Step 1: the head publishes a week."""
    today = timezone.localdate()
    admin.sign_in(Role.SCHEDULE_ADMIN)
    admin.follow(doctor.short_name) if admin.page.get_by_role("link", name=doctor.short_name).count() else admin.follow(
        doctor.full_name
    )
    admin.follow(_("Add hours"))
    for box in admin.page.locator("[name=weekdays]").all():
        box.check()
    admin.fill(starts="09:00", ends="11:00", slot_minutes="30", valid_from=today.isoformat())
    admin.page.locator("[name=room]").select_option(str(doctor.room_id))
    admin.submit()
    admin.fill(first_day=(today + timedelta(days=1)).isoformat(), last_day=(today + timedelta(days=2)).isoformat())
    admin.press(_("Preview"))
    admin.sees("+8")
    admin.press(_("Publish"))
    assert Slot.objects.filter(doctor=doctor).count() == 8


def book_on_the_site(patient, doctor):
    """Step 2: a patient books on the site."""
    patient.open("/")
    patient.follow("Дерматология")
    patient.press("09:00")
    patient.fill(**PATIENT, phone=PHONE)
    patient.page.locator("[name=consent]").check()
    patient.press(_("Continue"))
    code = code_of()
    patient.fill(code=code).press(_("Book"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    for fact in ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", "09:00", str(tomorrow.day)):
        patient.sees(re.compile(fact))
    assert Appointment.objects.get().channel == "site"


def fill_up(doctor):
    """Books everything else meanwhile."""
    for slot in Slot.objects.filter(doctor=doctor, appointment=None):
        make.appointment(slot)


def put_on_the_waitlist(operator):
    """Step 4: a caller for whom nothing is free joins the waitlist."""
    operator.sign_in(Role.OPERATOR)
    operator.open("/office/caller/").fill(caller="8 921 555-66-77").press(_("Find"))
    operator.follow(_("New patient"))
    operator.fill(last_name="Ли", first_name="Инна", birth_date="01.02.1988")
    operator.submit()
    operator.fill(line="дерматология").press(_("Fill in"))
    operator.sees(_("Nothing free fits"))
    operator.press(_("On the waitlist"))
    assert WaitlistEntry.objects.get().patient.last_name == "Ли"


def cancel_from_the_link(patient):
    """Step 5: the patient cancels by the link of the message."""
    link = first_link()
    patient.open(link).follow(_("Cancel the appointment")).press(_("Yes, cancel"))
    assert Appointment.objects.get(channel="site").status == "cancelled"


def call_and_book(operator):
    """Step 5: the freed slot appears by itself; the first call is not answered, the second is."""
    operator.sees("Ли Инна", within=10)
    operator.press(_("Next one"))
    operator.press(_("no answer"))
    assert CallAttempt.objects.get().outcome == "no_answer"
    half_an_hour_later()
    operator.open("/office/calls/").press(_("Call now"))
    operator.press(_("Yes: book"))
    for fact in ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", "09:00"):
        operator.sees(re.compile(fact))
    entry = WaitlistEntry.objects.get()
    assert (entry.state, entry.appointment.status) == (EntryState.BOOKED, "booked")


def half_an_hour_later():
    """Ends the pause in which nobody phones that number."""
    PhonedNumber.objects.update(paused_until=timezone.now())
    FreedTime.objects.update(look_at=timezone.now())
    matching.match_freed()


def visit_and_follow_up(doctor_at_screen, doctor):
    """Step 6: the visit as if its day had come, and the follow-up two weeks after it."""
    make.shift(doctor, days=15, slots=3)
    visit = Appointment.objects.get(patient__last_name="Семёнова")
    today = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=today, ends_at=today + timedelta(minutes=30))
    booking.check_in(appointment=visit.pk, seen=[make.PASSPORT], by=make.actor(Role.REGISTRAR))
    doctor_at_screen.sign_in(Role.DOCTOR)
    doctor_at_screen.press(_("Finish the visit"))
    doctor_at_screen.page.get_by_role("link", name="2", exact=True).click()
    doctor_at_screen.page.locator("main .outcomes button").first.click()
    doctor_at_screen.look().sees("Белова Анна Сергеевна")
    doctor_at_screen.press(_("Told to the patient"))
    follow_up = Appointment.objects.get(channel="doctor")
    assert (follow_up.follow_up_of, follow_up.visit_kind) == (visit, "follow_up")
    assert follow_up.starts_at >= today + timedelta(weeks=2)
    assert follow_up.informed_at


def site_refuses_a_follow_up(patient):
    """Step 6, the other side of it: the site refuses a follow-up and says whom to call."""
    patient.open("/book/").follow(_("Follow-up visit"))
    patient.sees("8 (812) 317-78-21")


def emergency(anybody):
    """Step 7: an emergency is opened with one click from any page, which stays as it is with what is typed there."""
    anybody.open("/office/emergencies/")
    where = anybody.page.url
    for _press in range(3):
        anybody.page.keyboard.press("F9")
    bar = anybody.page.locator("#alarm .alarm")
    bar.wait_for()
    assert (anybody.page.url, bar.count()) == (where, 1)
    anybody.look().sees(re.compile("103"))
    case = EmergencyCase.objects.get()
    assert (case.ambulance_number, case.opened_at) == ("103", case.ambulance_called_at)
    bar.get_by_role("button", name=_("I take it")).click()
    bar.wait_for(state="detached")
    case.refresh_from_db()
    assert case.taken_by_name == case.opened_by_name
    anybody.open(f"/office/emergencies/{case.pk}/").sees(re.compile("103"))


def book_at_the_desk(registrar, doctor):
    """Step 3: the registrar books from the grid: a new record, the papers and «сообщено»."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    registrar.sign_in(Role.REGISTRAR)
    registrar.open(f"/office/day/?date={tomorrow}")
    registrar.page.locator("a.cell--free", has_text="09:30").first.click()
    registrar.look()
    registrar.page.locator("#q").fill("Семёнова")
    registrar.page.keyboard.press("Enter")
    registrar.follow(_("New record"))
    registrar.fill(first_name="Алёна", patronymic="Павловна", birth_date="03.03.1985", phone="8 921 333-44-55")
    registrar.submit()
    registrar.submit()
    registrar.sees(_("Tick the documents you have seen."))
    papers = registrar.page.locator(".paper")
    assert papers.count() == 1  # an adult for herself: the passport and nothing else
    papers.locator("input[type=checkbox]").check()
    registrar.submit()
    for fact in ("Белова Анна Сергеевна", "Санкт-Петербург, ул. Лунная, д. 7", "09:30"):
        registrar.sees(re.compile(fact))
    registrar.press(_("The patient has been told"))
    visit = Appointment.objects.get(channel="registry")
    assert (visit.patient.last_name, visit.patient.phone.as_e164) == ("Семёнова", "+79213334455")
    assert visit.informed_at
    assert visit.patient.registry_entries.get().documents_seen[0]["document"] == "identity"
