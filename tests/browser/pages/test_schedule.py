from datetime import date, time, timedelta
from urllib.parse import urlencode

from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from scheduling.choices import AbsenceKind
from scheduling.data import HoursData
from scheduling.models import Absence
from tests import factories as make
from tests.browser.pages.states import LONG


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
