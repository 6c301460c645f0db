"""The steps of a visit: what may follow what, who may repeat it, and what stays of it in the history."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from foundation.audit.models import AuditEvent
from scheduling.actions import visits
from scheduling.actions.appointments import end
from scheduling.choices import AppointmentStatus as Status
from scheduling.choices import CancelReason
from scheduling.errors import (
    AlreadyInThatState,
    BackReasonNeeded,
    NotReceived,
    NotToday,
    StepNotAllowed,
    StillAhead,
)
from scheduling.models import Appointment
from tests import factories as make

pytestmark = pytest.mark.django_db

BY = "staff:somebody"
STAMPS = {
    Status.ARRIVED: ["arrived"],
    Status.CHECKED_IN: ["arrived", "started"],
    Status.FULFILLED: ["arrived", "started", "finished"],
    Status.CANCELLED: ["cancelled"],
}


def in_state(status, *, begins=timedelta(hours=-1)):
    """A visit as somebody else has left it."""
    visit, now = make.appointment(), timezone.now()
    stamps = {f"{step}_{what}": value for step in STAMPS.get(status, ()) for what, value in (("at", now), ("by", BY))}
    times = {"starts_at": now + begins, "ends_at": now + begins + timedelta(minutes=30)}
    Appointment.objects.filter(pk=visit.pk).update(status=status, **times, **stamps)
    return visit


def after(step, visit):
    """The state it leads to, or how it is refused."""
    try:
        return step(appointment=visit.pk, by=make.TEST).status
    except (AlreadyInThatState, StepNotAllowed) as refused:
        return type(refused)


NO, DONE = StepNotAllowed, AlreadyInThatState
TABLE = {
    #                  arrive          start              finish            mark_noshow
    Status.BOOKED: (Status.ARRIVED, Status.CHECKED_IN, NotReceived, Status.NOSHOW),
    Status.ARRIVED: (DONE, Status.CHECKED_IN, Status.FULFILLED, NO),
    Status.CHECKED_IN: (NO, DONE, Status.FULFILLED, NO),
    Status.FULFILLED: (NO, NO, DONE, NO),
    Status.NOSHOW: (Status.ARRIVED, NO, NO, Status.NOSHOW),
    Status.CANCELLED: (NO, NO, NO, NO),
    Status.ENTERED_IN_ERROR: (NO, NO, NO, NO),
}
STEPS = (visits.arrive, visits.start, visits.finish, visits.mark_noshow)


@pytest.mark.parametrize("status", Status)
def test_what_may_follow_what(status):
    assert tuple(after(step, in_state(status)) for step in STEPS) == TABLE[status]


ENDS = {
    #                    cancel            enter_in_error
    Status.BOOKED: (Status.CANCELLED, Status.ENTERED_IN_ERROR),
    Status.ARRIVED: (Status.CANCELLED, Status.ENTERED_IN_ERROR),
    Status.CHECKED_IN: (NO, NO),
    Status.FULFILLED: (NO, NO),
    Status.NOSHOW: (NO, Status.ENTERED_IN_ERROR),
    Status.CANCELLED: (DONE, NO),
    Status.ENTERED_IN_ERROR: (NO, Status.ENTERED_IN_ERROR),
}


def cancel(*, appointment, by):
    return end.cancel(appointment=appointment, reason=CancelReason.CLINIC, by=by)


def enter_in_error(*, appointment, by):
    return end.enter_in_error(appointment=appointment, note="не тот пациент", by=by)


@pytest.mark.parametrize("status", Status)
def test_what_may_end_how(status):
    assert tuple(after(step, in_state(status)) for step in (cancel, enter_in_error)) == ENDS[status]


@pytest.mark.parametrize("step", [visits.confirm, visits.mark_informed])
@pytest.mark.parametrize("status", Status)
def test_only_a_visit_that_is_to_be_is_confirmed_and_told(status, step):
    may = status in (Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN)
    assert after(step, in_state(status)) == (status if may else StepNotAllowed)


@pytest.mark.parametrize(("seconds", "status"), [(30, StepNotAllowed), (-1, Status.NOSHOW)])
def test_nobody_has_not_come_before_the_time_has_begun(seconds, status):
    assert after(visits.mark_noshow, in_state(Status.BOOKED, begins=timedelta(seconds=seconds))) == status


def history(visit):
    return list(visit.events.values_list("kind", "from_status", "to_status", "actor", "actor_name"))


def test_each_step_is_written_down_with_who_made_it():
    visit, by = make.appointment(), make.actor()
    with time_machine.travel(visit.starts_at):
        for step in (visits.confirm, visits.mark_informed, visits.arrive, visits.start, visits.finish):
            for _twice in range(2):
                assert step(appointment=visit.pk, by=by) == visit
    assert history(visit)[1:] == [
        ("confirmed", "booked", "booked", by.ref, by.name),
        ("informed", "booked", "booked", by.ref, by.name),
        ("arrived", "booked", "arrived", by.ref, by.name),
        ("started", "arrived", "checked-in", by.ref, by.name),
        ("finished", "checked-in", "fulfilled", by.ref, by.name),
    ]
    visit.refresh_from_db()
    for step in ("confirmed", "informed", "arrived", "started", "finished"):
        assert getattr(visit, f"{step}_by") == by.ref
        assert visit.starts_at <= getattr(visit, f"{step}_at") <= visit.starts_at + timedelta(minutes=5)
    audited = AuditEvent.objects.filter(object_ref=str(visit.pk), actor=by.ref).order_by("id")
    assert list(audited.values_list("action", "patient")) == [
        (f"appointment.{step}", visit.patient_id)
        for step in ("confirmed", "informed", "arrived", "started", "finished")
    ]


@pytest.mark.parametrize("status", [Status.ARRIVED, Status.CHECKED_IN])
@pytest.mark.parametrize(("minutes", "then"), [(100, StillAhead), (61, StillAhead), (59, Status.FULFILLED)])
def test_d18_a_visit_is_not_completed_long_before_its_time(status, minutes, then):
    assert after(visits.finish, in_state(status, begins=timedelta(minutes=minutes))) == then


BACK = {
    #                    becomes           without
    Status.ARRIVED: (Status.BOOKED, "arrived"),
    Status.CHECKED_IN: (Status.ARRIVED, "started"),
    Status.FULFILLED: (Status.CHECKED_IN, "finished"),
    Status.NOSHOW: (Status.BOOKED, None),
}


def back(visit, status, *, reason="не тот пациент", by=make.TEST):
    return visits.take_back(appointment=visit.pk, status=status, reason=reason, by=by)


@pytest.mark.parametrize("status", BACK)
def test_a_step_is_taken_back_with_its_reason_once(status):
    visit, by = in_state(status), make.actor()
    visit.refresh_from_db()
    to, mark = BACK[status]
    with time_machine.travel(visit.starts_at):
        for _twice in range(2):
            back(visit, status, by=by)
    again = Appointment.objects.get(pk=visit.pk)
    assert (again.status, mark and getattr(again, f"{mark}_at")) == (to, None)
    event = again.events.last()
    assert (event.kind, event.from_status, event.to_status) == ("taken_back", status, to)
    assert (event.actor, event.reason) == (by.ref, "не тот пациент")


def test_a_visit_begun_without_the_desk_is_booked_again():
    visit = in_state(Status.CHECKED_IN)
    Appointment.objects.filter(pk=visit.pk).update(arrived_at=None, arrived_by="")
    assert back(visit, Status.CHECKED_IN).status == Status.BOOKED


@pytest.mark.parametrize("status", sorted(set(Status) - BACK.keys()))
def test_no_other_step_is_taken_back(status):
    with pytest.raises(StepNotAllowed):
        back(in_state(status), status)


def test_what_is_not_taken_back():
    arrived, completed = in_state(Status.ARRIVED), in_state(Status.FULFILLED)
    with pytest.raises(BackReasonNeeded):
        back(arrived, Status.ARRIVED, reason="  ")
    with pytest.raises(StepNotAllowed):
        back(arrived, Status.FULFILLED)
    with time_machine.travel(timezone.now() + timedelta(days=2)), pytest.raises(NotToday):
        back(completed, Status.FULFILLED)


def test_a_no_show_has_no_stamp_and_is_marked_by_anybody_again():
    visit = in_state(Status.BOOKED)
    for by in (make.actor(), make.actor()):
        visits.mark_noshow(appointment=visit.pk, by=by)
    assert [event[0] for event in history(visit)] == ["booked", "noshow"]


def test_a_visit_that_was_begun_is_finished_by_whoever_saw_it_end():
    """The doctor began; a colleague closes."""
    visit, doctor, colleague = make.appointment(), make.actor(), make.actor()
    with time_machine.travel(visit.starts_at):
        visits.start(appointment=visit.pk, by=doctor)
        done = visits.finish(appointment=visit.pk, by=colleague)
    assert (done.started_by, done.finished_by, done.arrived_at) == (doctor.ref, colleague.ref, None)


def test_a_cancelled_visit_tells_why_when_and_by_whom():
    visit, by = make.appointment(), make.actor()
    cancelled = end.cancel(appointment=visit.pk, reason=CancelReason.DOCTOR_AWAY, note="заболел", by=by)
    cancelled.refresh_from_db()
    assert (cancelled.status, cancelled.cancel_reason, cancelled.cancelled_by) == ("cancelled", "doctor_away", by.ref)
    event = visit.events.latest("id")
    assert (event.kind, event.from_status, event.reason) == ("cancelled", "booked", "заболел")
    assert event.at == cancelled.cancelled_at


@pytest.mark.parametrize("step", [cancel, enter_in_error])
def test_who_ends_a_visit_twice_gets_it_back_and_one_line_of_history(step):
    visit = make.appointment()
    assert [step(appointment=visit.pk, by=make.TEST) for _twice in range(2)] == [visit, visit]
    assert visit.events.count() == 2


def test_without_a_note_the_reason_is_the_word_of_the_list():
    visit = make.appointment()
    end.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
    assert visit.events.latest("id").reason == "patient"


@pytest.mark.parametrize("status", [Status.BOOKED, Status.ARRIVED, Status.NOSHOW])
def test_a_visit_entered_in_error_frees_its_time_and_tells_nobody(status):
    visit = in_state(status, begins=timedelta(days=1))
    taken = visit.slots.get()
    wrong = enter_in_error(appointment=visit.pk, by=make.TEST)
    taken.refresh_from_db()
    assert (wrong.status, taken.appointment, wrong.cancelled_at) == ("entered-in-error", None, None)
    assert list(taken.releases.values_list("reason", flat=True)) == ["entered_in_error"]
    event = visit.events.latest("id")
    assert (event.kind, event.from_status, event.reason) == ("entered_in_error", status, "не тот пациент")
