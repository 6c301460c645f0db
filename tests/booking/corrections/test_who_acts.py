"""After somebody acts no longer, or somebody else does, the visits that no longer hold are tasks to phone about."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from foundation.audit.models import AuditEvent
from patients.choices import Relation
from patients.data import PowerData
from patients.errors import PowerOfAttorneyInvalid, RepresentativeNeeded, TermNotPossible
from scheduling.errors import (
    StepNotAllowed,
    VisitTooShort,
)
from tests import factories as make
from tests.booking.corrections.deeds import change, end, open_tasks, told
from worklist.choices import TaskKind
from worklist.models import Task

pytestmark = pytest.mark.django_db


def test_a_child_whose_mother_no_longer_acts_needs_somebody(slots):
    child = make.child()
    visit = make.appointment(slots[0], of=child)
    who = visit.representation
    yesterday = timezone.localdate() - timedelta(days=1)
    change(who, valid_from=yesterday)
    assert told(end(who, days_ago=1)) == [(visit, [RepresentativeNeeded])]
    who.refresh_from_db()
    assert (who.valid_until, who.patient) == (yesterday, child), "the history stays"
    assert Task.objects.get(kind=TaskKind.REBOOK).phone == child.phone, "nobody phones who does not act any more"
    event = AuditEvent.objects.get(action="representation.ended")
    assert (event.patient, event.actor, event.details) == (
        child.pk,
        make.TEST.ref,
        {"last_day": yesterday.isoformat(), "reason": "rights_ended"},
    )


def test_who_ends_twice_ends_once(slots):
    who = make.appointment(slots[0], of=make.child()).representation
    for _press in range(2):
        assert len(end(who)) == 1
    assert AuditEvent.objects.filter(action="representation.ended").count() == 1


def test_a_visit_on_the_last_day_itself_holds(doctor):
    with time_machine.travel(make.moment(1, "12:00")):
        child = make.child()
        later_today = make.slots_of(make.shift(doctor, days=0, starts="18:00"))[0]
        who = make.appointment(later_today, of=child).representation
        assert told(end(who)) == []


def test_a_youth_of_14_comes_alone_when_nobody_acts_any_more(slots):
    youth = make.child(years=16)
    visit = make.appointment(slots[0], of=youth, representative=make.parent_of(youth))
    assert visit.representation
    assert told(end(visit.representation)) == []
    assert open_tasks() == []


@pytest.mark.parametrize("days_ago", [-1, 1])
def test_a_term_ends_neither_ahead_nor_before_it_began(slots, days_ago):
    who = make.parent_of(make.child())
    with pytest.raises(TermNotPossible):
        end(who, days_ago=days_ago)
    who.refresh_from_db()
    assert who.valid_until is None


def test_a_power_of_attorney_that_ends_before_the_visit(slots):
    child, today = make.child(), timezone.localdate()
    power = PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=90))
    nanny = make.parent_of(child, Relation.ATTORNEY, power)
    visit = booking.by_phone(
        slot=slots[0].pk, service=slots[0].doctor.services.get(), patient=child, representative=nanny, by=make.TEST
    )
    shorter = PowerData(principal_name="Орлова", signed_on=today, valid_until=today + timedelta(days=1))
    again = make.representative(Relation.ATTORNEY)
    recorded = booking.represent(patient=child, who=again, power=shorter, by=make.TEST)
    assert recorded.representation == nanny
    assert told(recorded.broken) == [(visit, [PowerOfAttorneyInvalid])]
    assert open_tasks() == [visit.pk]
    assert told(booking.represent(patient=child, who=again, power=power, by=make.TEST).broken) == []
    assert open_tasks() == []


def test_somebody_else_who_comes_makes_the_visit_hold(slots):
    visit = make.appointment(slots[0], of=make.child())
    end(visit.representation)
    father, by = make.parent_of(visit.patient, first_name="Пётр"), make.actor()
    for _press in range(2):
        assert booking.name_representative(appointment=visit.pk, representation=father, by=by) == []
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert (task.state, task.outcome, task.closed_by) == ("done", "kept", by.ref)
    visit.refresh_from_db()
    assert (visit.representation, visit.events.filter(kind="representative").count()) == (father, 1)


def test_somebody_else_does_not_help_against_another_rule_or_an_absence(doctor, slots):
    old, away = (make.appointment(slot, of=make.child()) for slot in slots[:2])
    for visit in (old, away):
        end(visit.representation)
    make.absence(doctor, away.starts_at, away.ends_at)
    change(old.service, minutes=60)
    for visit in (old, away):
        father = make.parent_of(visit.patient, first_name="Пётр")
        broken = booking.name_representative(appointment=visit.pk, representation=father, by=make.TEST)
        assert told(broken) == [(visit, [VisitTooShort])]
    change(old.service, minutes=30)
    assert booking.recheck_service(service=old.service, by=make.TEST) == []
    assert open_tasks() == [away.pk]


def test_nobody_comes_who_acts_for_another_patient(slots):
    visit = make.appointment(slots[0], of=make.child())
    with pytest.raises(StepNotAllowed):
        booking.name_representative(
            appointment=visit.pk, representation=make.parent_of(make.child(first_name="Ян")), by=make.TEST
        )
