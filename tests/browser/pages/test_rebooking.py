from datetime import date, timedelta

from django.utils import timezone

import booking
from booking.choices import RebookOutcome
from foundation.accounts.choices import Role
from patients.choices import Relation
from scheduling.choices import AbsenceKind
from scheduling.models import Doctor
from tests import factories as make
from tests.browser.pages.states import LONG
from worklist.choices import TaskKind
from worklist.models import Task


def test_visits_whose_doctor_is_away(clinic, as_role):
    desk = as_role(Role.REGISTRAR)
    desk.to("office:calls")
    beside = make.doctor(clinic.service, **LONG)
    for doctor, days in ((beside, 1), (beside, 2), (clinic.doctor, 6)):
        make.shift(doctor, days=days, slots=2)
    people = [make.patient(**LONG, birth_date=date(1970 + number, 3, 1)) for number in range(3)]
    for slot, person in zip(clinic.free, [clinic.child, *people], strict=False):
        make.appointment(slot, of=person)
    make.away(clinic.doctor, 1, 5, kind=AbsenceKind.SICK)
    first, second, third, fourth = Task.objects.filter(kind=TaskKind.REBOOK).order_by("due_at")
    operator = make.actor(Role.OPERATOR)
    booking.claim_task(task=third.pk, by=operator)
    booking.finish_rebooking_call(task=third.pk, outcome=RebookOutcome.NO_ANSWER, by=operator)
    booking.claim_task(task=fourth.pk, by=operator)
    desk.to("office:calls").to("office:rebooking_task", second.pk, status=409)
    desk.to("office:appointment", second.subject).to("office:day", query=clinic.tomorrow)
    desk.send("office:call_next", status=200).to("office:calls")
    desk.to("office:rebooking_task", first.pk)
    desk.send("office:rebooking_finish", first.pk, outcome="call_back", call_back_time="99")
    desk.press("main form.script .button").press("main .button--primary").press("main .button--primary")
    desk.to("office:rebooking_task", second.pk)
    desk.send("office:rebooking_cancel", second.pk, status=200)
    desk.to("office:rebooking_task", fourth.pk, status=409)
    absence = clinic.doctor.absences.get()
    as_role(Role.SCHEDULE_ADMIN).to("office:absence", absence.pk).to("office:appointment", third.subject, status=403)
    head = as_role(Role.HEAD).to("office:calls").to("office:absence", absence.pk)
    booking.remove_absence(absence=absence, by=make.TEST)
    head.to("office:rebooking_task", third.pk, status=409).to("office:calls")


def test_a_patient_whom_no_message_reaches(clinic, as_role):
    visit = make.appointment(clinic.free[0], of=make.patient(**LONG, phone=""))
    booking.renew_untold()
    task = Task.objects.get(kind=TaskKind.UNTOLD)
    desk = as_role(Role.REGISTRAR).to("office:calls").to("office:appointment", visit.pk)
    desk.send("office:call_next", status=200)
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
    desk.to("office:calls").to("office:appointment", alone.pk)
    desk.send("office:call_next", status=200)
    desk.send("office:rebooking_keep", task.pk, note="")
    desk.send("office:rebooking_keep", task.pk, note="врач согласна", status=200)
    desk.to("office:appointment", visit.pk)
    desk.send("office:call_next", status=200)
    desk.press("main form[action*=representative] .button").to("office:appointment", alone.pk)
