"""Every page of every role in its main states is accessible, quiet in the console, whole on 320 pixels."""

from datetime import date, time, timedelta
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

import booking
from booking.choices import RebookOutcome
from foundation.accounts.actors import site_visitor
from foundation.accounts.choices import Role
from foundation.changes import Changes
from foundation.clock import day_start
from patients.choices import Channel, Relation
from scheduling import links
from scheduling.choices import AbsenceKind, CancelReason
from scheduling.data import HoursData
from scheduling.models import Absence, Appointment, Doctor, EmergencyCase
from tests import factories as make
from tests.browser.test_without_javascript import find_book_and_cancel
from tests.browser.walk import NARROW, Walk
from tests.messages import code_of
from tests.totp import app_shows
from waitlist import matching
from waitlist.models import SlotOffer, WaitlistEntry
from worklist import duty
from worklist.choices import TaskKind
from worklist.models import Task

LONG = {"last_name": "Константинопольская-Милорадович", "first_name": "Александра", "patronymic": "Владиславовна"}


@pytest.fixture
def clinic(transactional_db):
    """One doctor with a free and a full day, and the patients each screen is opened for."""
    specialty = make.specialty()
    service = make.service(specialty)
    doctor = make.doctor(service)
    free = make.slots_of(make.shift(doctor, days=1, slots=6))
    mother = {"last_name": "Орлова", "first_name": "Мария", "phone": "+79210001122"}
    child, ward = make.child(), make.child(years=8, last_name="Ким", first_name="Ян")
    return SimpleNamespace(
        specialty=specialty,
        service=service,
        doctor=doctor,
        free=free,
        tomorrow=f"date={timezone.localdate() + timedelta(days=1)}",
        adult=make.patient(**LONG, email="a.konstantinopolskaya-miloradovich@example.org"),
        child=child,
        mother=make.parent_of(child, **mother),
        ward=ward,
        attorney=make.parent_of(ward, Relation.ATTORNEY, last_name="Цой", phone="+79210001133"),
        teenager=make.child(years=15, last_name="Лис"),
    )


@pytest.fixture
def as_role(people):
    """Gives walks: `as_role(Role.HEAD)` is one of the head of the clinic; what it found is asserted at the end."""
    walks = []

    def start(role: str | None = None, who=None) -> Walk:
        person = people()
        walks.append(Walk(person))
        if role:
            person.sign_in((who or make.user(role)).username, "parol-12345")
        return walks[-1]

    yield start
    problems = [problem for walk in walks for problem in walk.problems]
    assert not problems, "\n".join(problems)


def waiting_for_a_freed_time(clinic, *, people: int) -> list[SlotOffer]:
    for number in range(people):
        make.entry(clinic.specialty, who=make.patient(**LONG, birth_date=date(1970 + number, 3, 1)))
    for slot in make.slots_of(make.shift(clinic.doctor, days=3, slots=people)):
        matching.offer_slot(slot=slot.pk)
    return list(SlotOffer.objects.order_by("created_at"))


def handed_over(clinic):
    wishes = make.wishes(clinic.specialty, note="Просит врача, который говорит по-корейски")
    return booking.hand_over(person=make.person(**LONG), wishes=wishes, channel=Channel.SITE, by=make.TEST)


def came_today(visit: Appointment) -> Appointment:
    """Puts the visit on today, as if its day had come."""
    start = day_start(timezone.localdate())
    Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=30))
    visit.refresh_from_db()
    return visit


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


def test_the_incoming_call(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    phone.to("office:caller")
    for text in ("", "8 921 000-11-22", "8 921 777-00-00", "Орлова"):
        phone.send("office:caller", caller=text, status=200 if text else 422)
    phone.to("office:caller_new").send("office:caller_new", birth_date="вчера")
    for patient in (clinic.adult, clinic.child, clinic.ward, clinic.teenager, make.child(years=3, last_name="Яр")):
        phone.to("office:caller_wishes", patient.pk)
    phone.send("office:caller_represent", clinic.child.pk, last_name="")
    here = clinic.adult.pk
    nothing = f"specialty={make.specialty('Трихология', 'трихолог').pk}"
    phone.to("office:caller_wishes", here, query=f"specialty={clinic.specialty.pk}")
    phone.to("office:caller_wishes", here, query=f"specialty={clinic.specialty.pk}&skip=3")
    phone.to("office:caller_wishes", here, query=nothing)
    phone.to("office:caller_wishes", here, query="specialty=&date_from=99&time_from=18&time_until=9")
    without_a_number = make.patient(**LONG, birth_date=date(1971, 1, 2), phone="")
    phone.to("office:caller_wishes", without_a_number.pk, query=nothing)
    phone.press("main form .button--primary[data-key='0']", status=422)
    phone.send("office:caller_join", here, query=f"specialty={clinic.specialty.pk}", status=409)
    phone.send("office:caller_join", here, query=nothing, status=200)
    make.appointment(clinic.free[0])
    taken = {"slot": clinic.free[0].pk, "service": clinic.service.pk, "key": uuid4()}
    phone.send("office:caller_book", here, query=f"specialty={clinic.specialty.pk}", status=409, **taken)


def test_the_queue_of_visitors_without_a_code(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    for place, slot in enumerate(make.slots_of(make.shift(make.doctor(**LONG), slots=2))):
        no_code_came(slot, phone=f"+792100044{place}0")
    phone.to("office:calls").press("button[id^=phone-]").press("button[id^=missed-]")
    phone.send("office:call_next", status=200).press("button[id^=book-]")


def no_code_came(slot, **person):
    duty.note(make.actor(Role.OPERATOR))
    by, service = site_visitor(session=str(slot.pk)), slot.doctor.services.get()
    hold = booking.hold_on_site(slot=slot.pk, service=service, by=by, proved=False)
    person = make.person(**LONG, **person)
    booking.hand_over_time(slot=slot.pk, service=service, hold=hold, person=person, consent_text="да", by=by)


def test_the_queue_and_the_waitlist(clinic, as_role):
    phone = as_role(Role.OPERATOR)
    phone.to("office:calls").to("office:waitlist").to("office:outbox").to("office:emergencies")
    handed_over(clinic)
    first, second = waiting_for_a_freed_time(clinic, people=2)
    phone.to("office:calls")
    phone.send("office:call_next", status=200)
    call = phone.page.url.rstrip("/").rsplit("/", 1)[1]
    phone.send("office:call_finish", call)
    phone.send("office:call_finish", call, outcome="call_back", call_back_time="99")
    phone.send("office:call_finish", call, outcome="declined_all", status=200)
    other = second if str(first.pk) == call else first
    phone.to("office:call", other.pk, status=409).to("office:calls")
    phone.to("office:waitlist").to("office:waitlist", query="state=removed")
    entry = WaitlistEntry.objects.earliest("created_at")
    phone.to("office:entry", entry.pk).to("office:entry_change", entry.pk)
    phone.send("office:entry_change", entry.pk, specialty=clinic.specialty.pk, time_from="18", time_until="9")
    phone.send("office:entry_remove", entry.pk)
    phone.send("office:call_finish", call, outcome="no_answer", note="перезвонить после обеда", status=200)
    phone.send("office:entry_remove", entry.pk, reason="передумала", status=200)


def test_a_minor_for_whom_two_may_act(clinic, as_role):
    """What each of them brings is read out before the booking and after it."""
    phone = as_role(Role.OPERATOR)
    make.parent_of(clinic.teenager, **LONG)
    make.parent_of(clinic.teenager, Relation.ATTORNEY, last_name="Цой")
    phone.to("office:caller_wishes", clinic.teenager.pk, query=f"specialty={clinic.specialty.pk}")
    phone.to("office:book", clinic.free[1].pk, query=f"patient={clinic.teenager.pk}")
    phone.to("office:entry", make.entry(clinic.specialty, who=clinic.teenager).pk)
    matching.offer_slot(slot=clinic.free[0].pk)
    phone.to("office:calls").press("main .page-head .button--primary").press("[data-key=F2]")
    visit = Appointment.objects.get()
    phone.to("office:ticket", visit.pk).to("site:visit", links.token_for(visit.pk))


def test_visits_whose_doctor_is_away(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    desk.to("office:rebooking")
    beside = make.doctor(clinic.service, **LONG)
    for doctor, days in ((beside, 1), (beside, 2), (clinic.doctor, 6)):
        make.shift(doctor, days=days, slots=2)
    people = [make.patient(**LONG, birth_date=date(1970 + number, 3, 1)) for number in range(3)]
    for slot, person in zip(clinic.free, [clinic.child, *people], strict=False):
        make.appointment(slot, of=person)
    make.away(clinic.doctor, 1, 5, kind=AbsenceKind.SICK)
    first, second, third, fourth = Task.objects.filter(kind=TaskKind.REBOOK).order_by("due_at")
    operator = make.actor(Role.OPERATOR)
    booking.claim_rebooking(task=third.pk, by=operator)
    booking.finish_rebooking_call(task=third.pk, outcome=RebookOutcome.NO_ANSWER, by=operator)
    booking.claim_rebooking(task=fourth.pk, by=operator)
    desk.to("office:rebooking").to("office:rebooking_task", second.pk, status=409)
    desk.to("office:appointment", second.subject).to("office:day", query=clinic.tomorrow)
    desk.send("office:rebooking_next", status=200).to("office:rebooking")
    desk.to("office:rebooking_task", first.pk)
    desk.send("office:rebooking_finish", first.pk, outcome="call_back", call_back_time="99")
    desk.press("main form.script .button").press("main .button--primary").press("main .button--primary")
    desk.to("office:rebooking_task", second.pk)
    desk.send("office:rebooking_cancel", second.pk, status=200)
    desk.to("office:rebooking_task", fourth.pk, status=409)
    absence = clinic.doctor.absences.get()
    as_role(Role.SCHEDULE_ADMIN).to("office:absence", absence.pk).to("office:appointment", third.subject)
    head = as_role(Role.HEAD).to("office:rebooking").to("office:absence", absence.pk)
    booking.remove_absence(absence=absence, by=make.TEST)
    head.to("office:rebooking_task", third.pk, status=409).to("office:rebooking")


def test_a_patient_whom_no_message_reaches(clinic, as_role):
    visit = make.appointment(clinic.free[0], of=make.patient(**LONG, phone=""))
    booking.renew_untold()
    task = Task.objects.get(kind=TaskKind.UNTOLD)
    desk = as_role(Role.REGISTRAR).to("office:rebooking").to("office:appointment", visit.pk)
    desk.send("office:rebooking_next", status=200)
    desk.to("office:rebooking_task", task.pk).press("main .button--primary")
    desk.to("office:rebooking_task", task.pk).to("office:appointment", visit.pk)


def test_visits_that_the_rules_no_longer_allow(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    make.shift(make.doctor(clinic.service, **LONG), days=2, slots=2)
    visit = make.appointment(clinic.free[0], of=clinic.child, representative=clinic.mother)
    born = f"{timezone.localdate().replace(day=1, month=1) - timedelta(days=365 * 4):%d.%m.%Y}"
    Doctor.objects.filter(pk=clinic.doctor.pk).update(min_age=5)
    desk.to("office:patient_edit", clinic.child.pk).page.fill("[name=birth_date]", born)
    desk.press("main form .button--primary")
    guardian = make.parent_of(clinic.ward, Relation.GUARDIAN)
    alone = make.appointment(clinic.free[1], of=clinic.ward, representative=guardian)
    make.parent_of(clinic.ward, **LONG)
    today = f"{timezone.localdate():%d.%m.%Y}"
    desk.send("office:representative_end", clinic.ward.pk, guardian.pk, since=today, reason="rights_ended", status=200)
    task = Task.objects.get(subject=visit.pk)
    desk.to("office:rebooking").to("office:appointment", alone.pk)
    desk.send("office:rebooking_next", status=200)
    desk.send("office:rebooking_keep", task.pk, note="")
    desk.send("office:rebooking_keep", task.pk, note="врач согласна", status=200)
    desk.to("office:appointment", visit.pk)
    desk.send("office:rebooking_next", status=200)
    desk.press("main form[action*=representative] .button").to("office:appointment", alone.pk)


def test_an_open_call_says_within_seconds_that_it_is_over(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    make.appointment(clinic.free[0], of=clinic.adult)
    make.away(clinic.doctor, 1, 1, kind=AbsenceKind.SICK)
    desk.send("office:rebooking_next", status=200)
    booking.remove_absence(absence=clinic.doctor.absences.get(), by=make.TEST)
    desk.page.locator("#alive[role=alert]").wait_for(timeout=10_000)
    desk.check()


def test_an_open_call_says_within_seconds_that_its_time_is_closed(clinic, as_role):
    """This is D04: an absence is written while the operator reads the time out."""
    phone = as_role(Role.OPERATOR)
    waiting_for_a_freed_time(clinic, people=1)
    phone.send("office:call_next", status=200)
    make.away(clinic.doctor, 3, 3)
    phone.page.locator("#alive[role=alert]").wait_for(timeout=10_000)
    phone.check()


def test_the_doctors_day(clinic, as_role):
    doctor = make.user(Role.DOCTOR)
    walk = as_role(Role.DOCTOR, doctor)
    walk.to("office:my_day")
    Doctor.objects.filter(pk=clinic.doctor.pk).update(user=doctor)
    walk.to("office:my_day")
    coming = make.appointment(clinic.free[0], of=clinic.child, representative=clinic.mother)
    seen = came_today(make.appointment(clinic.free[1], of=clinic.adult))
    walk.to("office:my_day").to("office:my_day", query=clinic.tomorrow).to("office:my_visit", coming.pk)
    booking.check_in(appointment=seen.pk, by=make.TEST)
    booking.finish(appointment=seen.pk, by=make.TEST)
    walk.to("office:my_day").to("office:my_visit", seen.pk)
    walk.to("office:follow_up", seen.pk)
    make.shift(clinic.doctor, days=10)
    walk.to("office:follow_up", seen.pk, query="weeks=1").to("office:follow_up", seen.pk, query="weeks=0", status=422)
    taken = {"slot": clinic.free[0].pk, "service": clinic.service.pk, "weeks": 1, "key": uuid4()}
    walk.send("office:follow_up", seen.pk, status=409, **taken)
    walk.to("office:day", status=403)


def test_the_schedule(clinic, as_role):
    walk, who = as_role(Role.SCHEDULE_ADMIN), clinic.doctor
    idle = make.doctor(clinic.service, **LONG)
    walk.to("office:schedule").to("office:doctor_schedule", idle.pk).to("office:publish", idle.pk)
    walk.to("office:rule_add", who.pk).send("office:rule_add", who.pk, starts="12:00", ends="09:00", slot_minutes="1")
    usual = {"starts": time(9), "ends": time(11), "slot_minutes": 30, "valid_from": timezone.localdate()}
    hours = HoursData(room=who.room, **usual)
    for doctor in (who, idle):
        booking.add_hours(doctor=doctor, weekdays=range(1, 6), hours=hours, by=make.TEST)
    rule = who.shift_rules.first()
    days = in_two_weeks()
    walk.to("office:publish", who.pk, query=urlencode(days)).press("main .button--primary")
    walk.to("office:publish", idle.pk, query=urlencode(days))
    walk.send("office:publish", idle.pk, status=409, **days)
    walk.to("office:publish", idle.pk, query="first_day=2020-01-01&last_day=2020-01-01", status=422)
    walk.to("office:schedule").to("office:doctor_schedule", who.pk, query=clinic.tomorrow.replace("date", "week"))
    walk.to("office:rule_edit", rule.pk).send("office:rule_edit", rule.pk, starts="12:00", ends="11:00")
    walk.send("office:rule_end", rule.pk)
    shift = clinic.free[0].shift
    make.appointment(clinic.free[0])
    booking.block(slots=[clinic.free[1].pk], reason="совещание отделения", by=make.TEST)
    walk.to("office:shift", shift.pk).send("office:shift_slots", shift.pk, close="1")
    walk.send("office:shift_withdraw", shift.pk, status=200)
    absences(walk, who)


def in_two_weeks() -> dict[str, date]:
    """Returns a week without the shift of the fixture, whatever day it is today."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=14)
    return {"first_day": monday, "last_day": monday + timedelta(days=6)}


def absences(walk, who):
    today = timezone.localdate()
    walk.to("office:absence_add", who.pk).send("office:absence_add", who.pk, first_day="")
    days = {"kind": AbsenceKind.SICK, "first_day": today, "last_day": today + timedelta(days=2), "note": "ОРВИ"}
    walk.send("office:absence_add", who.pk, status=200, **days)
    walk.send("office:absence_add", who.pk, status=200, **days, seen="1")
    walk.to("office:doctor_schedule", who.pk).to("office:absence", who.absences.get(kind=AbsenceKind.SICK).pk)
    walk.to("office:closures").to("office:closure_add").send("office:closure_add", what="")
    walk.send("office:closure_add", status=200, what=f"room-{who.room.pk}", seen="1", **days | {"kind": "repair"})
    walk.to("office:absence", Absence.objects.get(kind=AbsenceKind.REPAIR).pk).to("office:closures")


def test_the_account(as_role):
    stranger = as_role()
    stranger.to("account_login").send("account_login", login="nobody", password="wrong", status=200)
    person = as_role(Role.REGISTRAR)
    person.to("account_change_password").send("account_change_password", status=200)
    person.send("account_change_password", oldpassword="wrong", password1="1", password2="2", status=200)
    person.to("account_reauthenticate").send("account_reauthenticate", status=200)
    person.send("account_reauthenticate", password="wrong", status=200)
    person.to("account_logout")


def test_the_second_step_of_the_sign_in(as_role):
    who = make.user(Role.REGISTRAR)
    person = as_role(Role.REGISTRAR, who)
    person.to("usersessions_list").to("mfa_index")
    person.to("mfa_activate_totp").page.locator("[name=password]").fill("parol-12345")
    person.press("main button[type=submit]").send("mfa_activate_totp", code="1", status=200)
    person.page.locator("[name=code]").fill(app_shows(person.page.locator("main code").inner_text()))
    person.press("main button[type=submit]").to("mfa_index").to("mfa_view_recovery_codes")
    person.to("mfa_generate_recovery_codes").to("mfa_deactivate_totp").to("mfa_reauthenticate")
    again = as_role().to("account_login")
    again.page.locator("[name=login]").fill(who.username)
    again.page.locator("[name=password]").fill("parol-12345")
    again.press("main button[type=submit]").to("mfa_authenticate").send("mfa_authenticate", code="1", status=200)
    person.to("usersessions_list")


def test_the_reference_data(clinic, as_role):
    head = as_role(Role.HEAD)
    head.to("office:setup")
    rows = {"service": clinic.service, "doctor": make.doctor(clinic.service, **LONG), "specialty": clinic.specialty}
    rows |= {"room": clinic.doctor.room, "location": clinic.doctor.room.location}
    head.to("office:location_list").to("office:location_add").to("office:location_edit", rows["location"].pk)
    head.to("office:room_list").to("office:room_add").to("office:room_edit", rows["room"].pk)
    head.to("office:specialty_list").to("office:specialty_add").to("office:specialty_edit", rows["specialty"].pk)
    head.to("office:service_list").to("office:service_add").to("office:service_edit", rows["service"].pk)
    head.to("office:doctor_list").to("office:doctor_add").to("office:doctor_edit", rows["doctor"].pk)
    for kind, row in rows.items():
        head.send(f"office:{kind}_add", last_name="")
        head.send(f"office:{kind}_edit", row.pk, last_name="")


def test_a_new_clinic_has_empty_lists(as_role):
    head = as_role(Role.HEAD)
    head.to("office:setup").to("office:room_list").to("office:doctor_list").to("office:doctor_add").to("/")


def test_the_people_of_the_staff(as_role):
    head, person = as_role(Role.HEAD), make.user(Role.REGISTRAR, **LONG)
    head.to("office:people").to("office:person_add").send("office:person_add", login="x y", last_name="")
    head.to("office:person", person.pk).send("office:person", person.pk, last_name="")
    head.to("office:person_password", person.pk).send("office:person_password", person.pk, password="short")
    head.to("office:person", person.pk).press("main .button--danger").send("office:person_unblock", person.pk)
    head.to("office:people")


def test_the_head_and_what_everybody_has(clinic, as_role):
    head = as_role(Role.HEAD)
    make.appointment(clinic.free[0], of=clinic.adult)
    head.to("office:paper", query=f"date={clinic.free[0].local_start:%Y-%m-%d}").to(
        "office:paper", query="date=2030-01-01"
    )
    head.to("office:day").to("office:schedule").to("office:patients").to("office:waitlist").to("office:outbox")
    head.to("office:styleguide").to("office:emergencies")
    head.send("office:emergency_open", status=200).send("office:emergency_open", urgency="urgent", status=200)
    case, urgent = EmergencyCase.objects.order_by("opened_at")
    told = {"person": LONG["last_name"] * 3, "description": "Отёк лица"}
    booking.describe_emergency(case=urgent.pk, changes=Changes(told), by=make.TEST)
    head.to("office:day").to("office:waitlist").to("office:emergencies").to("office:emergency_day")
    head.to("office:emergency", case.pk, query="back=/office/day/").send("office:emergency_mistake", case.pk, reason="")
    patient = make.patient(**LONG)
    head.to("office:patients", query=f"emergency={case.pk}")
    head.to("office:emergency_patient", case.pk, query=f"patient={patient.pk}")
    head.send("office:emergency_patient", case.pk, patient=patient.pk, status=200)
    head.send("office:emergency_take", case.pk, status=200).send("office:emergency_take", urgent.pk, status=200)
    booking.describe_emergency(case=case.pk, closes=True, by=make.TEST)
    booking.mark_emergency_mistaken(case=urgent.pk, reason="Нажали случайно", by=make.TEST)
    head.to("office:emergency", case.pk).to("office:emergency", urgent.pk)
    head.to("office:emergencies").to("office:emergency_day")
    head.to("office:my_day", status=403).to("office:calls", status=403).to("/office/nothing/", status=404)


def test_the_public_pages(clinic, as_role):
    visitor, slug = as_role(), clinic.specialty.slug
    other = make.doctor(clinic.service, make.service(clinic.specialty, name="Дерматоскопия"), **LONG)
    make.shift(other, days=2)
    visitor.to("site:home").to("site:consent").to("site:choose").to("site:choose", query="kind=follow_up", status=403)
    visitor.to("site:specialty", slug).to("site:doctor", other.slug).to("site:days", slug)
    visitor.to("site:day", slug, query=f"day={timezone.localdate() + timedelta(days=2)}").to("site:day", slug)
    visitor.to("site:days", slug, query="from=2030-01-01").to("/nothing/", status=404)
    empty = make.doctor(make.service(make.specialty("Трихология", "трихолог")))
    visitor.to("site:specialty", empty.specialties.get().slug)
    visitor.to("site:request", slug).press("main .button--primary", status=422)
    visitor.to("site:request_sent").to("site:specialty", slug)
    visitor.press("main .timerow[name=slot]").press("main .button--primary", status=422)
    visitor.page.locator("[name=who][value=child]").check()
    visitor.check()
    visitor.page.locator("[name=who][value=self]").check()
    book_to_the_end(visitor)


def typed_details(visitor, *, status=200):
    visitor.person.fill(last_name="Орлова", first_name="Мария", birth_date="17.05.1990", phone="8 921 000-11-22")
    visitor.page.locator("[name=consent]").check()
    visitor.press("main .button--primary", status=status)


def book_to_the_end(visitor):
    typed_details(visitor)
    visitor.to("site:details").to("site:code")
    visitor.press("main form[action$='call-me/'] button", status=409).to("site:code")
    duty.note(make.actor(Role.OPERATOR))
    visitor.press("main form[action$='call-me/'] button").to("site:we_call").to("site:code")
    right = code_of()
    visitor.person.fill(code="000000" if right != "000000" else "111111")
    visitor.press("main .button--primary", status=422)
    visitor.person.fill(code=right)
    visitor.press("main .button--primary")
    slug = Appointment.objects.get().service.specialty.slug
    visitor.to("site:specialty", slug).press("main .timerow[name=slot]")
    typed_details(visitor, status=409)
    own_visit(visitor, Appointment.objects.get())


def own_visit(visitor, visit):
    token = links.token_for(visit.pk)
    visitor.to("site:visit", token).to("site:visit_cancel", token).to("site:visit_move", token)
    visitor.press("main a.timerow")
    visitor.send("site:visit_move", token, slot=uuid4(), status=409)
    visitor.to("site:visit", "not-a-link", status=404)
    booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    visitor.to("site:visit", token)
    missed_race(visitor)


def missed_race(visitor):
    """Books the time for another person while its page is open."""
    service = Doctor.objects.earliest("pk").services.first()
    slot = make.slots_of(make.shift(make.doctor(service, last_name="Громов"), days=4))[0]
    make.appointment(slot)
    visitor.to("site:choose").to("site:specialty", service.specialty.slug)
    visitor.send("site:take", slot=slot.pk, service=service.pk, status=409)
    crowded_day(visitor)


def crowded_day(visitor):
    """Strangers hold so much of a doctor's day that the code is asked before the hold."""
    visitor.page.context.clear_cookies()
    doctor = make.doctor(last_name="Зорин")
    free = make.slots_of(make.shift(doctor, slots=4))
    for slot in free[2:]:
        by = site_visitor(session=str(slot.pk))
        booking.hold_on_site(slot=slot.pk, service=doctor.services.get(), by=by, proved=False)
    visitor.to("site:doctor", doctor.slug).press("main .timerow[name=slot]")
    visitor.to("site:prove").person.fill(phone="8 812 317-78-21")
    visitor.press("main .button--primary", status=422).person.fill(phone="8 921 000-11-44")
    visitor.press("main .button--primary").to("site:prove_code").person.fill(code="12")
    visitor.press("main .button--primary", status=422).person.fill(code=code_of("+79210001144"))
    visitor.press("main .button--primary").to("site:details")
