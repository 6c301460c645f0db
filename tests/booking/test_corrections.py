"""After a correction the visits that no longer hold are listed, and each is a task to phone about."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import booking
from foundation.audit.models import AuditEvent
from foundation.changes import Changes
from patients.choices import Channel, EndReason, Relation
from patients.data import PersonData, PowerData
from patients.errors import PowerOfAttorneyInvalid, RepresentativeNeeded, TermNotPossible
from scheduling.choices import CancelReason
from scheduling.errors import (
    AgeNotServed,
    KeepReasonNeeded,
    ServiceNotOffered,
    StepNotAllowed,
    TimeHasAbsence,
    VisitTooShort,
)
from scheduling.models import Appointment, Service
from tests import factories as make
from worklist.choices import TaskKind
from worklist.errors import NotClaimed
from worklist.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def slots(doctor):
    return make.slots_of(make.shift(doctor, days=5, slots=6))


def data_of(patient, **changed) -> PersonData:
    columns = {name: getattr(patient, name) for name in PersonData.__slots__} | {"phone": patient.phone.as_e164}
    return PersonData(**columns | changed)


def born_again(patient, years):
    """The birth date of this patient is put right: they come to be so many years old in five days."""
    born = make.born(years, on=make.moment(5).date())
    return booking.correct_patient(patient=patient, changes=Changes({"birth_date": born}), by=make.TEST)


def told(broken):
    """What the verb told: whose visit, and the errors that refuse it."""
    return [(each.visit, [type(why) for why in each.refusals]) for each in broken]


def open_tasks():
    tasks = Task.objects.filter(kind=TaskKind.REBOOK, state="open").order_by("due_at")
    return [task.subject for task in tasks]


def change(row, **columns):
    type(row).objects.filter(pk=row.pk).update(**columns)


# A birth date


def test_a_child_who_is_younger_than_was_said_needs_somebody(doctor, slots):
    alone = make.child(years=16)
    visit = make.appointment(slots[0], of=alone)
    assert told(born_again(alone, 13)) == [(visit, [RepresentativeNeeded])]
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert (task.subject, task.phone.as_e164, task.cause) == (visit.pk, alone.phone.as_e164, None)
    assert (task.due_at, task.expires_at) == (visit.starts_at, visit.starts_at)


def test_a_patient_who_is_not_of_the_doctors_age_after_all(doctor, slots):
    change(doctor, min_age=18)
    patient = make.patient()
    visit = make.appointment(slots[0], of=patient)
    assert told(born_again(patient, 17)) == [(visit, [AgeNotServed])]
    assert open_tasks() == [visit.pk]


def test_what_is_put_right_back_needs_no_call(doctor, slots):
    alone = make.child(years=16)
    make.appointment(slots[0], of=alone)
    born_again(alone, 13)
    assert told(born_again(alone, 14)) == []
    assert open_tasks() == []
    assert Task.objects.get(kind=TaskKind.REBOOK).state == "dropped"


def test_a_name_put_right_judges_nothing(doctor, slots):
    change(doctor, min_age=18)
    patient = make.patient()
    make.appointment(slots[0], of=patient)
    change(doctor, min_age=50)
    corrected = booking.correct_patient(patient=patient, changes=Changes({"last_name": "Ли"}), by=make.TEST)
    assert (corrected, open_tasks(), patient.last_name) == ([], [], "Ли")


@pytest.mark.parametrize("years", [14, 18])
def test_a_child_who_grows_up_makes_no_noise(doctor, slots, years):
    child = make.child()
    make.appointment(slots[0], of=child)
    assert told(born_again(child, years)) == []
    assert open_tasks() == []


def test_visits_that_are_over_or_cancelled_or_begun_are_left_alone(doctor, slots):
    alone = make.child(years=16)
    over, cancelled, here = (make.appointment(slot, of=alone) for slot in slots[:3])
    booking.cancel(appointment=cancelled.pk, reason=CancelReason.PATIENT, by=make.TEST)
    Appointment.objects.filter(pk=here.pk).update(status="arrived")
    Appointment.objects.filter(pk=over.pk).update(
        starts_at=timezone.now() - timedelta(minutes=30), ends_at=timezone.now()
    )
    assert told(born_again(alone, 13)) == []


# Who acts


def end(who, *, days_ago=0, reason=EndReason.RIGHTS_ENDED):
    day = timezone.localdate() - timedelta(days=days_ago)
    return booking.end_representation(representation=who, last_day=day, reason=reason, by=make.TEST)


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


# Doctors and services


def test_a_doctor_who_sees_other_ages(doctor, slots):
    child, adult = make.appointment(slots[0], of=make.child()), make.appointment(slots[1])
    change(doctor, min_age=18)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(child, [AgeNotServed])]
    assert open_tasks() == [child.pk]
    change(doctor, min_age=0, max_age=17)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(adult, [AgeNotServed])]
    assert open_tasks() == [adult.pk]
    assert AuditEvent.objects.filter(action="doctor.rechecked").count() == 2


@pytest.mark.parametrize("loses", [lambda doctor: doctor.services.clear(), lambda doctor: change(doctor, active=False)])
def test_a_doctor_who_no_longer_gives_the_service(doctor, slots, loses):
    visit = make.appointment(slots[0])
    elsewhere = make.appointment()
    loses(doctor)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [(visit, [ServiceNotOffered])]
    assert open_tasks() == [visit.pk]
    assert elsewhere.doctor != doctor


def test_a_service_that_takes_longer(doctor, slots):
    visits = [make.appointment(slot) for slot in slots[:2]]
    change(visits[0].service, minutes=45)
    assert told(booking.recheck_service(service=visits[0].service, by=make.TEST)) == [
        (visit, [VisitTooShort]) for visit in visits
    ]
    change(visits[0].service, minutes=20)
    assert told(booking.recheck_service(service=visits[0].service, by=make.TEST)) == []
    assert open_tasks() == []


def test_a_service_that_the_clinic_no_longer_gives(doctor, slots):
    visit = make.appointment(slots[0])
    change(visit.service, active=False)
    assert told(booking.recheck_service(service=visit.service, by=make.TEST)) == [(visit, [ServiceNotOffered])]
    with pytest.raises(ServiceNotOffered):
        make.appointment(slots[1], service=Service.objects.get(pk=visit.service_id))


def test_everything_that_refuses_a_visit_is_told(doctor, slots):
    visit = make.appointment(slots[0], of=make.child())
    end(visit.representation)
    change(doctor, min_age=18, active=False)
    change(visit.service, minutes=60)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == [
        (visit, [ServiceNotOffered, AgeNotServed, RepresentativeNeeded, VisitTooShort])
    ]
    assert open_tasks() == [visit.pk], "one call"


def test_a_follow_up_that_the_doctor_booked_for_a_child_alone_holds(doctor):
    """Nobody was asked who comes: the doctor had them in the room."""
    child = make.child()
    first = make.seen(make.appointment(make.slots_of(make.shift(doctor, days=1))[0], of=child))
    Appointment.objects.filter(pk=first.pk).update(representation=None)
    first.refresh_from_db()
    follow_up = make.follow_up(make.slots_of(make.shift(doctor, days=5))[0], of=first)
    assert (follow_up.channel, follow_up.representation) == (Channel.DOCTOR, None)
    change(doctor, max_age=17)
    assert told(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == []


def test_a_correction_costs_a_fixed_number_of_statements(doctor, slots):
    counts = []
    for number in (0, 3):
        change(doctor, min_age=0)
        for slot in slots[number : number + 3]:
            make.appointment(slot)
        change(doctor, min_age=100 + number)
        with CaptureQueriesContext(connection) as asked:
            assert len(booking.recheck_doctor(doctor=doctor, by=make.TEST)) == number + 3
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


# Beside absences


def test_an_absence_takes_over_the_task_and_gives_it_back(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    absence = make.away(doctor, 5, 5)
    task.refresh_from_db()
    assert (task.cause, open_tasks()) == (absence.pk, [visit.pk])
    booking.remove_absence(absence=absence, by=make.TEST)
    task.refresh_from_db()
    assert (task.cause, task.state) == (None, "open")
    change(doctor, min_age=0)
    booking.reconcile_openness()
    task.refresh_from_db()
    assert task.state == "dropped"


def test_a_task_names_the_absence_that_strands_the_visit_now(doctor, slots):
    make.appointment(slots[0])
    first = make.away(doctor, 4, 6)
    second = make.away(doctor, 5, 5)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert task.cause == first.pk
    booking.remove_absence(absence=first, by=make.TEST)
    task.refresh_from_db()
    assert (task.cause, task.state) == (second.pk, "open")


def test_the_reconciliation_keeps_the_task_of_a_visit_that_does_not_hold(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, min_age=100)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    booking.reconcile_openness()
    assert open_tasks() == [visit.pk]


def test_moving_the_visit_to_a_time_that_fits_ends_the_task(doctor, slots):
    visit = make.appointment(slots[0])
    change(doctor, active=False)
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    other = make.slots_of(make.shift(make.doctor(visit.service), days=6))[0]
    booking.move(appointment=visit.pk, to_slot=other.pk, by=make.TEST)
    task = Task.objects.get(kind=TaskKind.REBOOK)
    assert (task.state, task.outcome) == ("done", "moved")


# A call after which the visit stays


def claimed(doctor, visit):
    booking.recheck_doctor(doctor=doctor, by=make.TEST)
    by = make.actor()
    return booking.claim_rebooking(task=Task.objects.get(subject=visit.pk, state="open").pk, by=by), by


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
