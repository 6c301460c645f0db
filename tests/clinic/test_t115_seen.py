"""T115: records, lists, searches, messages and the journal: whoever sees or takes them away is written down."""

import pytest

from foundation.accounts.choices import Role
from foundation.audit import before_and_after, trail
from tests import factories as make
from tests.clinic.doors import PASSPORT, SOUGHT, Act, Steps

pytestmark = pytest.mark.django_db
STEPS = Steps()


@STEPS.by(Role.REGISTRAR)
def see_a_record(door):
    patient = make.patient()
    door.see("office:patient", patient.pk)
    return [Act("patient.shown", "office:patient", patient.pk)]


@STEPS.by(Role.REGISTRAR)
def correct_a_record(door):
    patient = make.patient()
    door.save("office:patient_edit", patient.pk, note=f"паспорт {PASSPORT}")
    return [Act("patient.corrected", "", patient.pk, frozenset({"note"}))]


@STEPS.by(Role.REGISTRAR)
def see_the_list_of_a_day(door):
    visit = make.appointment()
    door.see("office:day", date=f"{make.moment():%Y-%m-%d}")
    return [Act("patient.shown", "office:day", visit.patient_id)]


@STEPS.by(Role.REGISTRAR)
def look_for_somebody(door):
    patient = make.patient(last_name=SOUGHT)
    door.press("office:patients", q=SOUGHT.lower())
    door.see("office:patients")
    return [Act("patient.shown", "office:patients", patient.pk)]


@STEPS.by(Role.OPERATOR)
def look_for_a_caller(door):
    patient = make.patient(phone="+79215550101")
    door.press("office:caller", caller="921 555-01-01")
    door.see("office:caller")
    return [Act("patient.shown", "office:caller", patient.pk)]


@STEPS.by(Role.OPERATOR)
def see_the_waitlist(door):
    entry = make.entry(make.specialty())
    door.see("office:waitlist")
    return [Act("patient.shown", "office:waitlist", entry.patient_id), Act("page.shown", "office:waitlist")]


@STEPS.by(Role.HEAD)
def see_messages(door):
    make.appointment()
    door.see("office:outbox")
    return [Act("page.shown", "office:outbox")]


@STEPS.by(Role.HEAD)
def see_the_journal(door):
    door.see("office:audit")
    return [Act("page.shown", "office:audit")]


@STEPS.by(Role.HEAD)
def take_the_journal_away(door):
    door.press("office:audit_export", act="all")
    return [Act("audit.exported")]


@STEPS.by(Role.REGISTRAR)
def be_refused_a_page(door):
    assert door.client.get("/office/reference/people/").status_code == 403
    return [Act("staff.denied", "office:people")]


@pytest.mark.parametrize("name", STEPS)
def test_each_step_leaves_its_row_and_no_secret(name):
    STEPS.check(name)


def test_control_a_page_that_writes_down_nobody_is_noticed(monkeypatch):
    monkeypatch.setattr(trail, "record_shown", lambda **shown: None)
    with pytest.raises(AssertionError):
        STEPS.check("see_a_record")


def test_control_a_number_that_is_not_masked_is_noticed(monkeypatch):
    monkeypatch.setattr(before_and_after, "masked", str)
    door, step = STEPS.begin("correct_a_record")
    step(door)
    assert PASSPORT in str(door.rows()[0].details)


def test_of_the_number_its_last_signs_stay():
    door, step = STEPS.begin("correct_a_record")
    step(door)
    assert door.rows()[0].details["changed"]["note"] == ["", "паспорт ••••3456"]
