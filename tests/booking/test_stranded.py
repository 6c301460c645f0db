"""Visits inside an absence become tasks for the desk and the contact centre (S04)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

import booking
from booking.choices import PAUSES, RebookOutcome
from foundation.accounts.choices import Role
from scheduling.choices import CancelReason
from scheduling.models import Appointment
from tests import factories as make
from tests import phoning
from waitlist import matching
from waitlist.errors import CallBackTimeNeeded
from worklist import queries as worklist
from worklist.choices import Priority, TaskKind, TaskState
from worklist.errors import FinishFirst, NotClaimed, NotYourKind, TaskClosed
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor():
    return make.doctor()


@pytest.fixture
def booked(doctor):
    """Three visits on one day."""
    return [make.appointment(slot) for slot in make.slots_of(make.shift(doctor, days=2, slots=3))]


def tasks():
    return Task.objects.filter(kind=TaskKind.REBOOK).order_by("due_at")


def states():
    return list(tasks().values_list("state", "outcome"))


def test_every_visit_inside_becomes_a_task_with_its_phone(doctor, booked):
    elsewhere = make.appointment(make.slots_of(make.shift(doctor, days=5, slots=1))[0])
    absence = make.away(doctor, 1, 3)
    assert [task.subject for task in tasks()] == [visit.pk for visit in booked]
    task, visit = tasks()[0], booked[0]
    assert (task.patient_id, task.phone.as_e164, task.cause) == (visit.patient_id, visit.patient.phone, absence.pk)
    assert (task.due_at, task.expires_at, task.priority) == (visit.starts_at, visit.starts_at, Priority.NORMAL)
    assert not tasks().filter(subject=elsewhere.pk).exists()


def test_a_childs_task_has_the_number_of_who_acts(doctor):
    child = make.child(phone="")
    slot = make.slots_of(make.shift(doctor, days=2, slots=1))[0]
    visit = make.appointment(slot, of=child)
    make.away(doctor)
    assert tasks().get().phone == visit.representation.phone


def test_a_visit_booked_over_a_busy_time_is_stranded_too(doctor, booked):
    """It has no slot of its own."""
    over = make.overbooked(booked[0], channel="registry", seen=[make.PASSPORT])
    make.away(doctor)
    assert tasks().filter(subject=over.pk).exists()


def test_a_visit_over_a_time_that_is_free_now_and_closed_by_hand_is_stranded_too(booked):
    over = make.overbooked(booked[0], channel="registry", seen=[make.PASSPORT])
    (slot,) = booked[0].slots.all()
    booking.cancel(appointment=booked[0].pk, reason=CancelReason.PATIENT, by=make.TEST)
    make.close(slot)
    assert [task.subject for task in tasks()] == [over.pk]
    booking.unblock(slots=[slot.pk], by=make.TEST)
    assert states() == [("dropped", "")]


def test_two_absences_make_one_task_of_a_visit(doctor, booked):
    first = make.away(doctor, 1, 3)
    make.away(doctor, 2, 2, kind="sick")
    assert tasks().count() == 3
    booking.remove_absence(absence=first, by=make.TEST)
    assert states() == [("open", "")] * 3


def test_the_task_ends_when_the_absence_is_taken_back(doctor, booked):
    booking.remove_absence(absence=make.away(doctor), by=make.TEST)
    assert states() == [("dropped", "")] * 3


@pytest.mark.parametrize(
    ("deed", "outcome"),
    [
        (lambda visit, to, by: booking.move(appointment=visit.pk, to_slot=to.pk, by=by), "moved"),
        (
            lambda visit, to, by: booking.cancel(appointment=visit.pk, reason=CancelReason.DOCTOR_AWAY, by=by),
            "cancelled",
        ),
        (lambda visit, to, by: booking.enter_in_error(appointment=visit.pk, note="не тот", by=by), "cancelled"),
    ],
)
def test_the_task_ends_with_the_visit_whoever_ends_it(doctor, booked, deed, outcome):
    make.away(doctor)
    to = make.slots_of(make.shift(make.doctor(booked[0].service), days=2, slots=1))[0]
    deed(booked[0], to, make.TEST)
    assert states() == [("done", outcome), ("open", ""), ("open", "")]
    assert tasks()[0].closed_by == make.TEST.ref


def test_progress_is_told_of_an_absence(doctor, booked):
    absence = make.away(doctor)
    booking.cancel(appointment=booked[0].pk, reason=CancelReason.PATIENT, by=make.TEST)
    assert worklist.progress([absence.pk]) == {absence.pk: (1, 3)}
    assert worklist.progress([booked[0].pk]) == {}


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.OPERATOR])
def test_desk_and_contact_centre_claim_it(doctor, booked, role):
    make.away(doctor)
    by = make.actor(role)
    task = booking.claim_next_task(by=by)
    assert task == tasks()[0]
    assert booking.keep_task(task=task.pk, by=by)
    booking.give_task_back(task=task.pk, by=by)
    assert not Claim.objects.exists()
    assert not booking.keep_task(task=task.pk, by=by)


def test_a_doctor_does_not(doctor, booked):
    make.away(doctor)
    by = make.actor(Role.DOCTOR)
    assert booking.claim_next_task(by=by) is None
    with pytest.raises(NotYourKind):
        booking.claim_task(task=tasks()[0].pk, by=by)


def test_a_registrar_is_not_given_a_call_about_a_freed_time(doctor, booked):
    make.offer(make.entry(make.specialty()), make.slots_of(make.shift(make.doctor(), slots=1))[0])
    assert booking.claim_next_task(by=make.actor(Role.REGISTRAR)) is None
    assert booking.claim_next_task(by=make.actor(Role.OPERATOR)).kind == TaskKind.FREED_TIME


def test_whoever_works_on_a_stranded_visit_finishes_it_before_the_next_freed_time(doctor, booked):
    make.away(doctor)
    make.offer(make.entry(make.specialty()), make.slots_of(make.shift(make.doctor(), slots=1))[0])
    operator = make.actor(Role.OPERATOR)
    freed, stranded = Task.objects.get(kind=TaskKind.FREED_TIME), Task.objects.filter(kind=TaskKind.REBOOK)[0]
    booking.claim_task(task=stranded.pk, by=operator)
    assert booking.claim_next_task(by=operator) == stranded
    with pytest.raises(FinishFirst):
        booking.claim_task(task=freed.pk, by=operator)
    assert states() == [("open", "")] * 3


@pytest.mark.parametrize("outcome", list(PAUSES))
def test_after_a_call_without_an_answer_the_task_rests(doctor, booked, outcome):
    make.away(doctor)
    by = make.actor(Role.REGISTRAR)
    task = booking.claim_next_task(by=by)
    before = timezone.now()
    booking.finish_rebooking_call(task=task.pk, outcome=outcome, by=by)
    task.refresh_from_db()
    assert (task.state, task.outcome, task.attempts) == (TaskState.OPEN, outcome, 1)
    assert PAUSES[outcome] <= task.not_before - before < PAUSES[outcome] + timedelta(minutes=1)
    assert booking.claim_next_task(by=by) == tasks()[1]


def test_a_call_back_comes_at_its_time(doctor, booked):
    make.away(doctor)
    by = make.actor(Role.REGISTRAR)
    task = booking.claim_next_task(by=by)
    for wrong in (None, timezone.now()):
        with pytest.raises(CallBackTimeNeeded):
            booking.finish_rebooking_call(task=task.pk, outcome=RebookOutcome.CALL_BACK, call_back_at=wrong, by=by)
    at = timezone.now() + timedelta(hours=3)
    booking.finish_rebooking_call(task=task.pk, outcome=RebookOutcome.CALL_BACK, call_back_at=at, by=by)
    task.refresh_from_db()
    assert task.not_before == at


def test_nobody_writes_an_outcome_without_the_claim(doctor, booked):
    make.away(doctor)
    with pytest.raises(NotClaimed):
        booking.finish_rebooking_call(
            task=tasks()[0].pk, outcome=RebookOutcome.NO_ANSWER, by=make.actor(Role.REGISTRAR)
        )


def test_a_closed_task_is_not_claimed(doctor, booked):
    make.away(doctor)
    booking.cancel(appointment=booked[0].pk, reason=CancelReason.PATIENT, by=make.TEST)
    with pytest.raises(TaskClosed):
        booking.claim_task(task=tasks()[0].pk, by=make.actor(Role.REGISTRAR))


def test_the_reconciliation_makes_what_is_missing_and_drops_what_is_needless(doctor, booked):
    make.away(doctor)
    Task.objects.filter(subject=booked[0].pk).delete()
    Appointment.objects.filter(pk=booked[1].pk).update(status="noshow")
    booking.reconcile_openness()
    assert {task.subject: task.state for task in tasks()} == {
        booked[0].pk: "open",
        booked[1].pk: "dropped",
        booked[2].pk: "open",
    }
    booking.reconcile_openness()
    assert tasks().count() == 3


def test_the_lock_of_the_timetable_comes_before_every_row(doctor):
    """Whoever locked an offer first would wait for somebody who waits for that offer."""
    with CaptureQueriesContext(connection) as sent:
        make.away(doctor)
    locks = [one["sql"] for one in sent if "FOR UPDATE" in one["sql"] or "advisory" in one["sql"]]
    assert "pg_advisory_xact_lock" in locks[0]
    assert "waitlist_slotoffer" in locks[1]


def test_an_offer_of_a_time_that_is_closed_ends_and_the_patient_waits_on():
    """D04."""
    entry = make.entry(make.specialty())
    slot = make.slots_of(make.shift(make.doctor(make.service(entry.specialty)), days=2, slots=1))[0]
    operator = make.actor(Role.OPERATOR)
    matching.offer_slot(slot=slot.pk)
    offer = phoning.claim_next(by=operator)
    make.away(slot.doctor)
    offer.refresh_from_db()
    entry.refresh_from_db()
    assert (offer.state, entry.state, offer.task.state) == ("withdrawn", "waiting", TaskState.DROPPED)
    assert phoning.claim_next(by=operator) is None
    assert not phoning.keep_alive(offer=offer.pk, by=operator)
