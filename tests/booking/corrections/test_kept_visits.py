"""A call may end with the visit staying as it is, for a reason."""

import pytest

import booking
from scheduling.errors import (
    AgeNotServed,
    KeepReasonNeeded,
    ServiceNotOffered,
    TimeHasAbsence,
)
from tests import factories as make
from tests.booking.corrections.deeds import change, open_tasks, told
from worklist.errors import NotClaimed
from worklist.models import Task

pytestmark = pytest.mark.django_db


def claimed(doctor, visit):
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    by = make.actor()
    return booking.claim_task(task=Task.objects.get(subject=visit.pk, state="open").pk, by=by), by


def test_a_visit_may_stay_with_a_reason_until_another_rule_refuses_it(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    task, by = claimed(doctor, visit)
    with pytest.raises(KeepReasonNeeded):
        booking.leave_as_is(task=task.pk, note=" ", by=by)
    booking.leave_as_is(task=task.pk, note=" врач согласен ", by=by)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.attempts, task.closed_by) == ("done", "kept", 1, by.ref)
    event = visit.events.get(kind="kept")
    assert (event.reason, event.actor, event.details) == ("врач согласен", by.ref, {"in_spite_of": ["age_not_served"]})
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == []
    booking.reconcile_openness()
    assert open_tasks() == []
    change(doctor, active=False)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(visit, [ServiceNotOffered, AgeNotServed])]
    assert open_tasks() == [visit.pk]


def test_a_visit_inside_an_absence_does_not_stay(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    task, by = claimed(doctor, visit)
    make.away(doctor, 5, 5)
    with pytest.raises(TimeHasAbsence):
        booking.leave_as_is(task=task.pk, note="врач согласен", by=by)
    assert open_tasks() == [visit.pk]
    assert not visit.events.filter(kind="kept").exists()


def test_nobody_keeps_a_visit_without_the_claim(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    task, _by = claimed(doctor, visit)
    with pytest.raises(NotClaimed):
        booking.leave_as_is(task=task.pk, note="врач согласен", by=make.actor())
