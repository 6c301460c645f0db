"""An open task is phoned at the number that is right now, and whoever works on it keeps it (R21)."""

import pytest
from django.utils import timezone

import booking
from booking import task_numbers
from foundation.accounts.choices import Role
from foundation.changes import Changes
from notifications.models import Message
from patients.choices import EndReason
from scheduling.models import Appointment
from tests import factories as make
from worklist.actions import claims
from worklist.choices import TaskKind
from worklist.models import Claim, Task

pytestmark = pytest.mark.django_db
OLD, NEW, THIRD = "+79215550101", "+79215550202", "+79215550303"


@pytest.fixture
def operator():
    return make.actor(Role.OPERATOR)


def call_about(who, specialty="Хирургия", **columns):
    """Returns the open task of a patient who waits for a freed time."""
    entry = make.entry(make.specialty(specialty), who=who)
    return make.task(of=who, subject=entry.pk, **columns)


def merge(kept, merged, *chosen):
    return booking.merge_patients(kept=kept, merged=merged, chosen=chosen, by=make.TEST).merge


def correct(who, phone):
    booking.correct_patient(patient=who, changes=Changes({"phone": phone}), by=make.TEST)


def number(task):
    phone = Task.objects.get(pk=task.pk).phone
    return phone.as_e164 if phone else ""


def claimed(task, by):
    return claims.lock(task=task.pk, by=by)


def test_whoever_works_on_a_task_without_a_number_keeps_it_through_a_merge_and_its_undo(operator):
    kept, double = make.patient(phone=OLD), make.patient(phone="")
    task = call_about(double)
    claims.claim(task=task.pk, by=operator)
    merged = merge(kept, double)
    assert (number(task), claimed(task, operator)) == (OLD, True)
    booking.undo_merge(merge=merged.pk, by=make.TEST)
    assert (number(task), claimed(task, operator)) == ("", True)


def test_two_records_without_a_number_are_claimed_by_the_one_that_stays(operator):
    kept, double = make.patient(phone=""), make.patient(phone="")
    task = call_about(double)
    claims.claim(task=task.pk, by=operator)
    merge(kept, double)
    assert (Claim.objects.get().key, claimed(task, operator)) == (str(kept.pk), True)


def test_after_a_merge_the_number_that_was_chosen_is_phoned():
    kept, double = make.patient(phone=OLD), make.patient(phone=NEW)
    tasks = [call_about(kept), call_about(double, "Неврология")]
    merged = merge(kept, double, "phone")
    assert [number(task) for task in tasks] == [NEW, NEW]
    booking.undo_merge(merge=merged.pk, by=make.TEST)
    assert [number(task) for task in tasks] == [OLD, NEW]


def test_a_corrected_number_is_the_one_that_is_phoned(operator):
    who = make.patient(phone=OLD)
    task = call_about(who)
    claims.claim(task=task.pk, by=operator)
    correct(who, NEW)
    assert (number(task), claimed(task, operator), Claim.objects.get().key) == (NEW, True, NEW)


def test_a_task_that_is_done_keeps_the_number_that_was_phoned(operator):
    who = make.patient(phone=OLD)
    task = call_about(who)
    claims.claim(task=task.pk, by=operator)
    claims.end(by=operator)
    Task.objects.update(state="dropped", closed_at=task.created_at, closed_by=operator.ref)
    correct(who, NEW)
    assert number(task) == OLD


def test_a_call_that_has_begun_is_not_torn_apart(operator):
    """Two children are one call at the mother's number: one's number is another once the call is over."""
    brother, sister = make.child(phone=OLD), make.child(first_name="Анна", phone=OLD)
    of_brother, of_sister = call_about(brother), call_about(sister)
    claims.claim(task=of_brother.pk, by=operator)
    correct(brother, NEW)
    assert [claimed(task, operator) for task in (of_brother, of_sister)] == [True, True]
    assert number(of_brother) == OLD
    claims.end(by=operator)
    booking.reconcile_openness()
    assert [number(of_brother), number(of_sister)] == [NEW, OLD]


def test_a_number_on_which_somebody_works_takes_no_second_call(operator):
    other = make.actor(Role.OPERATOR)
    mine, theirs = call_about(who := make.patient(phone=OLD)), call_about(make.patient(phone=NEW))
    claims.claim(task=mine.pk, by=operator)
    claims.claim(task=theirs.pk, by=other)
    correct(who, NEW)
    assert (number(mine), claimed(mine, operator), claimed(theirs, other)) == (OLD, True, True)
    claims.end(by=operator)
    booking.reconcile_openness()
    assert (number(mine), claimed(mine, other)) == (NEW, True)


def test_a_representative_who_comes_or_goes_changes_the_number():
    child = make.child(phone=OLD)
    visit = make.appointment(of=child)
    task = make.task(of=child, kind=TaskKind.UNTOLD, subject=visit.pk)
    Message.objects.update(state="sent", sent_at=timezone.now())
    mother = visit.representation
    booking.represent(patient=child, who=make.representative(phone=NEW), by=make.TEST)
    assert number(task) == NEW
    today = mother.valid_from
    booking.end_representation(representation=mother, last_day=today, reason=EndReason.OTHER, by=make.TEST)
    assert number(task) == NEW, "they act until the end of the day"
    other = make.parent_of(child, first_name="Пётр", patronymic="Ильич", phone=THIRD)
    booking.name_representative(appointment=visit.pk, representation=other, by=make.TEST)
    assert number(task) == THIRD


@pytest.mark.parametrize("kind", TaskKind)
def test_a_number_may_change_while_a_task_of_any_kind_is_open(kind):
    """What a record says is followed; who turned to the clinic from a number of their own is phoned there."""
    who = make.patient(phone=OLD)
    entry = make.entry(make.specialty("Хирургия"), who=who)
    subject = make.appointment(patient=who).pk if task_numbers.ABOUT.get(kind) is Appointment else entry.pk
    task = make.task(of=who, kind=kind, subject=subject, phone=OLD)
    correct(who, NEW)
    task_numbers.renew()
    assert number(task) == (OLD if kind in task_numbers.AS_GIVEN else NEW)
    assert (kind in task_numbers.ABOUT) != (kind in task_numbers.AS_GIVEN)
