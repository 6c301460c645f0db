from datetime import date, timedelta
from uuid import uuid4

import time_machine
from django.utils import timezone

import booking
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from scheduling.choices import CancelReason
from scheduling.models import Appointment
from tests import factories as make
from tests.browser.pages.states import LONG, came_today
from tests.browser.test_without_javascript import find_book_and_cancel
from tests.browser.walk import NARROW


def test_the_register(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    desk.to("office:patients")
    search(desk, "Орлова")
    search(desk, "Незнакомцева")
    desk.to("office:patient", clinic.adult.pk)
    make.appointment(clinic.free[0], of=clinic.child, representative=clinic.mother)
    make.entry(make.specialty("Трихология", "трихолог"), who=clinic.child)
    case = booking.open_emergency(by=make.TEST, description="упал у лифта")
    booking.take_emergency(case=case.pk, by=make.TEST)
    booking.link_emergency(case=case.pk, patient=clinic.ward, by=make.TEST)
    for patient in (clinic.child, clinic.ward):
        desk.to("office:patient", patient.pk)
    desk.to("office:patient_new").send("office:patient_new", birth_date="32.13.1990", phone="12")
    same = {name: getattr(clinic.adult, name) for name in ("last_name", "first_name", "patronymic")}
    desk.send("office:patient_new", **same, birth_date=f"{clinic.adult.birth_date:%d.%m.%Y}")
    desk.to("office:patient_edit", clinic.adult.pk).send("office:patient_edit", clinic.adult.pk, last_name="")
    double = make.patient(last_name="Орлова-Вознесенская", first_name=clinic.adult.first_name)
    make.appointment(of=double)
    second = f"patient={double.pk}"
    desk.to("office:patient_merge", clinic.adult.pk, query=second)
    desk.send("office:patient_merge", clinic.adult.pk, query=second, last_name="merged", status=409)
    desk.to("office:representative_new", clinic.ward.pk)
    desk.send("office:representative_new", clinic.ward.pk, **{"rep-relation": "attorney", "rep-phone": "1"})
    desk.to("office:representative_edit", clinic.child.pk, clinic.mother.pk)
    desk.send("office:representative_edit", clinic.child.pk, clinic.mother.pk, last_name="", relation="attorney")
    desk.to("office:representative_end", clinic.child.pk, clinic.mother.pk)
    desk.send("office:representative_end", clinic.child.pk, clinic.mother.pk, since="31.12.2099")
    desk.to("/office/patients/nobody/", status=404).to("office:schedule", status=403)


def search(desk, text):
    desk.page.locator("#q").fill(text)
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    desk.check()


def test_the_booking_panel(clinic, as_role):
    desk, slot = as_role(Role.REGISTRAR), clinic.free[0]
    desk.to("office:book", slot.pk)
    search(desk, "Орлова")
    search(desk, "Незнакомцева")
    desk.to("office:book", slot.pk, query=f"patient={clinic.adult.pk}")
    desk.press("main .actions .button--primary", status=422)
    desk.page.locator("[name=applicant][value=other]").check()
    desk.page.wait_for_load_state("networkidle")
    desk.check()
    for patient in (clinic.child, clinic.ward, clinic.teenager):
        desk.to("office:book", slot.pk, query=f"patient={patient.pk}")
        desk.press("main .actions .button--primary", status=422)
    desk.page.locator("[name=applicant][value=new]").check()
    desk.page.locator("[name=refresh]").click()
    desk.check().press("main .actions .button--primary", status=422)
    desk.to("office:book", slot.pk, query=f"patient={clinic.adult.pk}")
    taken_by_somebody_else(clinic, slot)
    desk.page.locator("[name$=-seen]").check()
    desk.press("main .actions .button--primary", status=409)
    make.appointment(clinic.free[2], of=clinic.adult)
    desk.to("office:book", clinic.free[4].pk, query=f"patient={clinic.adult.pk}")
    desk.page.locator("[name$=-seen]").check()
    desk.press("main .actions .button--primary", status=409)
    desk.to("office:overbook", slot.pk).to("office:overbook", slot.pk, query=f"patient={clinic.adult.pk}")
    desk.send("office:overbook", slot.pk, patient=clinic.adult.pk)
    wishes_at_the_desk(clinic, desk)


def taken_by_somebody_else(clinic, slot):
    slot.refresh_from_db()
    slot.hold_token, slot.held_until, slot.hold_owner, slot.hold_reason = None, None, "", ""
    slot.save()
    make.appointment(slot)


def wishes_at_the_desk(clinic, desk):
    who = f"patient={clinic.adult.pk}"
    empty = make.specialty("Трихология", "трихолог")
    desk.to("office:find_time").to("office:find_time", query=who)
    desk.to("office:find_time", query=f"{who}&specialty={clinic.specialty.pk}")
    desk.to("office:find_time", query=f"{who}&specialty={empty.pk}")
    desk.to("office:find_time", query=f"{who}&specialty=&date_from=40.40&time_from=18&time_until=9")
    without_a_number = make.patient(**LONG, birth_date=date(1971, 1, 2), phone="")
    desk.to("office:find_time", query=f"patient={without_a_number.pk}&specialty={empty.pk}")
    desk.press("main form .button--primary[data-key='0']", status=422)


def three_at_once(visit):
    for minutes in (5, 15):
        make.overbooked(visit, minutes=minutes, patient=make.patient(**LONG, birth_date=date(1950 + minutes, 3, 1)))


def test_the_day_and_the_appointment(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    desk.to("office:day", query=f"date={timezone.localdate() + timedelta(days=20)}")
    booked, arrived, missed, cancelled, _mistaken = full_day(clinic)
    three_at_once(booked)
    desk.to("office:day", query=clinic.tomorrow)
    with desk.page.expect_response("**/office/appointments/**"):
        desk.page.locator("a.cell--booked").first.click()
    desk.page.locator("aside .facts").wait_for()
    desk.page.mouse.move(0, 0)  # a cell under the pointer lies over its neighbour
    desk.check()
    desk.to("office:day", query=f"{clinic.tomorrow}&move={booked.pk}")
    for visit in (booked, arrived, missed, cancelled):
        desk.to("office:appointment", visit.pk)
    desk.to("office:day")
    desk.send("office:appointment_cancel", booked.pk, reason="")
    desk.send("office:appointment_mistake", booked.pk)
    desk.send("office:appointment_arrive", cancelled.pk, status=409)
    desk.to("office:appointment_move", booked.pk)
    desk.send("office:appointment_move", booked.pk, status=409, to=arrived.slots.get().pk)
    desk.to("office:ticket", booked.pk).to("office:ticket", booked.pk, query="roll")
    kept_by_a_stranger(desk)


def kept_by_a_stranger(desk):
    """A visitor without a proved phone keeps a time, which the desk frees."""
    slot = make.slots_of(make.shift(make.doctor(**LONG), slots=1))[0]
    by = site_visitor(session="stranger")
    booking.hold_on_site(slot=slot.pk, service=slot.doctor.services.get(), by=by, proved=False)
    desk.to("office:hold_free", slot.pk).press("main .button--primary")
    desk.send("office:hold_free", slot.pk, token=uuid4(), status=409)


def full_day(clinic) -> list[Appointment]:
    """Makes eight doctors' day with visits in every state, one of them today's and missed."""
    for number in range(7):
        of = make.service(make.specialty(f"Специальность {number}", "врач"), minutes=15)
        for slot in make.slots_of(make.shift(make.doctor(of, **LONG), slots=20, minutes=15))[: number + 3]:
            make.appointment(slot)
    booking.block(slots=[clinic.free[5].pk], reason="совещание", by=make.TEST)
    made = [make.appointment(slot, of=make.patient(**LONG, birth_date=born)) for slot, born in births(clinic.free[:5])]
    booking.confirm(appointment=made[0].pk, by=make.TEST)
    with time_machine.travel(made[1].starts_at):
        booking.check_in(appointment=made[1].pk, by=make.TEST)
    booking.mark_noshow(appointment=came_today(made[2]).pk, by=make.TEST)
    booking.cancel(appointment=made[3].pk, reason=CancelReason.PATIENT, note="заболела", by=make.TEST)
    booking.enter_in_error(appointment=made[4].pk, note="не тот пациент", by=make.TEST)
    return made


def births(slots) -> list:
    return [(slot, date(1980 + number, 1, 1)) for number, slot in enumerate(slots)]


def test_the_desk_works_in_a_narrow_window(clinic, people):
    desk = people(viewport=NARROW).sign_in(make.user(Role.REGISTRAR).username, "parol-12345")
    find_book_and_cancel(desk, clinic.doctor)
