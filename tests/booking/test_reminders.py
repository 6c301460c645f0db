"""Reminders of visits: to those who agreed, once each, true when they leave, and a task when they do not arrive."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

import booking
from foundation.changes import Changes
from notifications.actions import sending
from notifications.choices import MessageState
from notifications.models import Message
from patients.models import Patient
from scheduling.actions import reminders
from scheduling.choices import CancelReason
from scheduling.errors import StepNotAllowed
from scheduling.models import Appointment, Doctor, Location, Slot
from scheduling.queries import reminders as known
from scheduling.tasks import put_reminders
from tests import factories as make
from tests.phone import Phone
from worklist.choices import TaskKind, TaskState
from worklist.models import Task

pytestmark = pytest.mark.django_db
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
AFTERNOON = "15:00"


def slots_at(hour: str = AFTERNOON, *, days: int = 5) -> list[Slot]:
    """Returns times of a new doctor from that hour on, so many days ahead."""
    return make.slots_of(make.shift(make.doctor(), days=days, starts=hour, slots=4))


def visit_at(hour: str = AFTERNOON, *, days: int = 5, **agreed) -> Appointment:
    return make.appointment(slots_at(hour, days=days)[0], remind=True, **agreed)


def on_the_day(visit: Appointment, hour: int, minute: int = 0, *, days_before: int = 0) -> datetime:
    """Returns that hour of the visit's day, or of one before it, on the wall of the visit."""
    return visit.local_start.replace(hour=hour, minute=minute) - timedelta(days=days_before)


def sweep(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return reminders.put_due()


def send(at: datetime) -> list[str]:
    """Lets everything leave that is due within the next minute, and returns the texts."""
    Phone.texts.clear()
    with time_machine.travel(at, tick=False) as clock:
        sending.send_due()
        clock.shift(A_MINUTE)
        sending.send_due()
    return list(Phone.texts)


def reminded() -> list[tuple[str, str]]:
    rows = Message.objects.filter(template="reminder").order_by("created_at")
    return [(key.split(":")[3], state) for key, state in rows.values_list("dedupe_key", "state")]


@pytest.fixture
def visit(phone):
    """A visit at three in the afternoon, five days ahead, whose patient agreed and has the confirmation."""
    visit = visit_at()
    sending.send_due()
    return visit


def test_one_leaves_the_day_before_and_one_hours_before(visit):
    moments = [on_the_day(visit, 17, 59, days_before=1), on_the_day(visit, 18, days_before=1)]
    moments += [on_the_day(visit, 11, 59), on_the_day(visit, 12)]
    assert [(sweep(at), len(send(at))) for at in moments] == [(0, 0), (1, 1), (0, 0), (1, 1)]
    assert reminded() == [("day", "sent"), ("hours", "sent")]


def test_it_tells_the_four_facts_and_the_link(visit):
    sweep(at := on_the_day(visit, 18, days_before=1))
    (text,) = send(at)
    facts = (visit.doctor.full_name, visit.room.location.address, "15:00", "/v/")
    assert [fact for fact in facts if fact not in text] == []
    assert text.startswith("Ждём")


def test_whoever_has_not_agreed_is_never_reminded(phone):
    visit = make.appointment(slots_at()[0])
    hours = [on_the_day(visit, hour, days_before=day) for day in (1, 0) for hour in range(24)]
    assert [sweep(at) for at in hours] == [0] * 48
    assert not Message.objects.filter(template="reminder").exists()


def test_two_sweeps_and_a_restart_put_nothing_twice(visit):
    at = on_the_day(visit, 18, days_before=1)
    assert [sweep(at + minutes * A_MINUTE) for minutes in (0, 0, 5, 65)] == [1, 0, 0, 0]
    assert send(at + 70 * A_MINUTE) != []
    assert sweep(at + 75 * A_MINUTE) == 0


def test_t15_an_hour_without_the_beat_is_made_up_for_once(visit):
    late = on_the_day(visit, 19, 5, days_before=1)
    assert [sweep(late), sweep(late + A_MINUTE)] == [1, 0]
    send(late + A_MINUTE)
    late = on_the_day(visit, 13, 10)
    assert [sweep(late), sweep(late + A_MINUTE)] == [1, 0]


def test_two_sweeps_at_one_moment_put_it_once(visit, monkeypatch):
    """Neither sees what the other has put: the key of the message decides."""
    at = on_the_day(visit, 18, days_before=1)
    monkeypatch.setattr(known, "_known", lambda visits: {visit.pk: [] for visit in visits})
    assert [sweep(at), sweep(at)] == [1, 1]
    assert reminded() == [("day", "queued")]


def test_a_sweep_that_comes_much_too_late_puts_nothing(visit):
    """In the quiet hours, on the next day where the other one follows, and within the last hour."""
    late = [on_the_day(visit, 21, days_before=1), on_the_day(visit, 9), on_the_day(visit, 14)]
    assert [sweep(at) for at in late] == [0, 0, 0]


def test_an_early_visit_that_a_dead_beat_has_missed_is_reminded_of_after_the_night(phone):
    visit = visit_at("10:30")
    sending.send_due()
    assert [sweep(on_the_day(visit, hour)) for hour in (7, 8, 9)] == [0, 0, 1]


def test_while_the_confirmation_waits_it_tells_the_same(phone):
    Phone.away = True
    visit = visit_at()
    sending.send_due()
    at = on_the_day(visit, 18, days_before=1)
    assert sweep(at) == 0
    Phone.away = False
    assert len(send(at)) == 1
    assert sweep(at + 5 * A_MINUTE) == 0, "it has just arrived"
    assert sweep(on_the_day(visit, 12)) == 1


def test_a_moved_visit_is_reminded_of_at_its_new_time_alone(visit):
    slots = list(Slot.objects.filter(doctor=visit.doctor_id).order_by("starts_at"))
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        booking.move(appointment=visit.pk, to_slot=slots[3].pk, by=make.TEST)
    assert [text.split(" ")[0] for text in send(at + A_MINUTE)] == ["Перенос:"]
    assert reminded() == [("day", "dropped")]
    moved = Appointment.objects.get()
    assert [sweep(on_the_day(visit, 12)), sweep(moved.starts_at - 3 * AN_HOUR)] == [0, 1]


def test_a_visit_moved_there_and_back_is_reminded_of_anew(visit):
    """The reminder that was withdrawn at the first move stands in nobody's way."""
    here, *_rest, there = Slot.objects.filter(doctor=visit.doctor_id).order_by("starts_at")
    noon = on_the_day(visit, 12)
    sweep(noon - 18 * AN_HOUR)
    with time_machine.travel(noon - 18 * AN_HOUR + A_MINUTE, tick=False):
        booking.move(appointment=visit.pk, to_slot=there.pk, by=make.TEST)
        booking.move(appointment=visit.pk, to_slot=here.pk, by=make.TEST)
        sending.send_due()
    Appointment.objects.update(reminders_since=noon - 30 * AN_HOUR)
    Message.objects.filter(template="moved", state="sent").update(sent_at=noon - 30 * AN_HOUR)
    assert [sweep(noon - 17 * AN_HOUR), sweep(noon - 17 * AN_HOUR)] == [1, 0]
    assert reminded() == [("day", "dropped"), ("day", "queued")]


def test_a_reminder_of_a_time_that_was_moved_meanwhile_does_not_leave(visit):
    """Put by a sweep that had read the visit before it was moved."""
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    Appointment.objects.update(starts_at=visit.starts_at + AN_HOUR, ends_at=visit.ends_at + AN_HOUR)
    assert send(at) == []
    assert reminded() == [("day", "dropped")]


@pytest.mark.parametrize("end", ["cancelled", "entered in error", "arrived"])
def test_nobody_is_reminded_of_a_visit_that_will_not_be(visit, end):
    at = on_the_day(visit, 12)
    sweep(at)
    with time_machine.travel(at, tick=False):
        if end == "cancelled":
            booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)
        elif end == "arrived":
            booking.check_in(appointment=visit.pk, by=make.TEST)
        else:
            booking.enter_in_error(appointment=visit.pk, note="не тот", by=make.TEST)
    assert [text for text in send(at) if text.startswith("Ждём")] == []
    assert sweep(at + A_MINUTE) == 0


def test_a_fact_that_has_changed_meanwhile_is_told_as_it_is_and_once(visit):
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    Doctor.objects.update(last_name="Чернова")
    assert ["Чернова" in text for text in send(at)] == [True]
    assert reminded() == [("day", "dropped"), ("day", "sent")]
    assert sweep(at + 5 * A_MINUTE) == 0


def test_without_the_judge_it_leaves_although_it_is_not_wanted_any_more(visit, settings):
    """The negative control."""
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    Appointment.objects.update(reminders_since=None)
    settings.MESSAGE_JUDGES = {}
    assert len(send(at)) == 1


def test_whoever_has_changed_their_mind_is_not_reminded(visit):
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    with time_machine.travel(at, tick=False):
        booking.set_reminders(appointment=visit.pk, on=False, by=make.TEST)
    assert (send(at), reminded()) == ([], [("day", "dropped")])
    assert sweep(on_the_day(visit, 12)) == 0


def test_what_is_left_in_the_queue_by_hand_is_judged_too(visit):
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    Appointment.objects.update(reminders_since=None)
    assert (send(at), reminded()) == ([], [("day", "dropped")])


def test_to_agree_is_recorded_and_nothing_leaves_just_after_it(phone, by):
    visit = make.appointment(slots_at()[0])
    sending.send_due()
    with time_machine.travel(on_the_day(visit, 17, 30, days_before=1), tick=False):
        for _twice in range(2):
            booking.set_reminders(appointment=visit.pk, on=True, by=by)
    assert sweep(on_the_day(visit, 18, days_before=1)) == 0
    assert sweep(on_the_day(visit, 12)) == 1
    kinds = list(visit.events.order_by("id").values_list("kind", "actor"))
    assert kinds == [("booked", make.TEST.ref), ("reminders_on", by.ref)]


def test_nobody_agrees_for_a_visit_that_is_over(visit):
    with time_machine.travel(visit.starts_at, tick=False), pytest.raises(StepNotAllowed):
        booking.set_reminders(appointment=visit.pk, on=False, by=make.TEST)


def test_who_agreed_at_the_booking_is_in_the_history(visit):
    event = visit.events.get()
    assert event.details == {"channel": "registry", "remind": True}


@pytest.mark.parametrize("off", ["setting", "route"])
def test_a_clinic_that_does_not_remind_puts_none_and_sends_none(visit, settings, off):
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    if off == "setting":
        settings.REMINDERS = False
        assert send(at) == []
        assert reminded() == [("day", "dropped")]
    else:
        settings.MESSAGE_ROUTES = {"sms": []}
    assert sweep(on_the_day(visit, 12)) == 0


@pytest.mark.parametrize(("hour", "leaves"), [(20, 1), (21, 0), (23, 0)])
def test_what_a_worker_or_a_provider_was_late_with_waits_for_the_morning(visit, hour, leaves):
    sweep(on_the_day(visit, 18, days_before=1))
    assert len(send(on_the_day(visit, hour, days_before=1))) == leaves
    assert len(send(on_the_day(visit, 9))) == 1 - leaves
    assert Message.objects.get(template="reminder").attempts == 1


def test_what_the_morning_is_too_late_for_is_given_up_and_a_person_tells(phone):
    visit = visit_at("08:00")
    sending.send_due()
    sweep(on_the_day(visit, 18, days_before=1))
    night = on_the_day(visit, 23, days_before=1)
    assert send(night) == []
    assert reminded() == [("day", "failed")]
    with time_machine.travel(night, tick=False):
        assert booking.renew_untold() == 1


def test_other_messages_answer_at_night(phone):
    visit = make.appointment(slots_at()[0])
    with time_machine.travel(on_the_day(visit, 23, days_before=2), tick=False):
        assert sending.send_due() == 1


def test_hours_are_those_of_the_place_of_the_visit(phone):
    Location.objects.all().update(timezone="Asia/Novosibirsk")
    slots = slots_at()
    Location.objects.update(timezone="Asia/Novosibirsk")
    visit = make.appointment(slots[0], remind=True)
    sending.send_due()
    visit = Appointment.objects.select_related("room__location").get()
    evening = on_the_day(visit, 18, days_before=1)
    assert [sweep(evening - A_MINUTE), sweep(evening)] == [0, 1]


def test_a_child_is_reminded_of_through_who_acts_for_it(phone):
    child = make.child()
    visit = visit_at(of=child, representative=make.representative(phone="+79210009988"))
    sending.send_due()
    sweep(on_the_day(visit, 18, days_before=1))
    assert Message.objects.get(template="reminder").address == "+79210009988"


def test_whose_two_records_became_one_is_reminded_at_the_number_that_is_kept(visit):
    kept = make.patient(last_name="Цой", phone="+79215550000")
    double = Patient.objects.get(pk=visit.patient_id)
    booking.merge_patients(kept=kept, merged=double, chosen=[], by=make.TEST)
    sweep(on_the_day(visit, 12))
    reminder = Message.objects.get(template="reminder")
    assert (reminder.address, reminder.patient) == ("+79215550000", kept.pk)


def test_who_has_no_number_is_reminded_by_nobody(phone):
    visit = visit_at(of=make.patient(phone=""))
    assert sweep(on_the_day(visit, 18, days_before=1)) == 0


def test_a_number_that_was_corrected_meanwhile_is_theirs(visit):
    at = on_the_day(visit, 18, days_before=1)
    sweep(at)
    patient = Patient.objects.get(pk=visit.patient_id)
    booking.correct_patient(patient=patient, changes=Changes({"phone": "+79215550000"}), by=make.TEST)
    Phone.sent.clear()
    send(at)
    assert {message.address for message in Phone.sent} == {"+79215550000"}


# Not delivered


def task_of(visit) -> Task | None:
    booking.renew_untold()
    return Task.objects.filter(kind=TaskKind.UNTOLD, subject=visit.pk, state=TaskState.OPEN).first()


@pytest.fixture
def lost(visit):
    """The reminder on the day before was given up; the patient was told at the desk when it was booked."""
    booking.mark_informed(appointment=visit.pk, by=make.TEST)
    sweep(at := on_the_day(visit, 18, days_before=1))
    Message.objects.filter(template="reminder").update(state=MessageState.FAILED, sealed="")
    with time_machine.travel(at, tick=False):
        yield visit


def test_what_is_not_delivered_is_a_task_although_the_visit_was_told_of(lost):
    assert task_of(lost) is not None


def test_a_person_who_reminds_by_phone_closes_it(lost, by):
    task_of(lost)
    task = booking.claim_next_task(by=by)
    booking.tell(task=task.pk, by=by)
    assert task_of(lost) is None


@pytest.mark.parametrize("end", ["moved", "cancelled", "over", "not wanted"])
def test_it_closes_by_itself(lost, end):
    assert task_of(lost) is not None
    if end == "moved":
        there = Slot.objects.filter(doctor=lost.doctor_id).order_by("starts_at").last()
        booking.move(appointment=lost.pk, to_slot=there.pk, by=make.TEST)
    elif end == "cancelled":
        booking.cancel(appointment=lost.pk, reason=CancelReason.PATIENT, by=make.TEST)
    elif end == "not wanted":
        booking.set_reminders(appointment=lost.pk, on=False, by=make.TEST)
    if end == "over":
        with time_machine.travel(lost.starts_at, tick=False):
            assert task_of(lost) is None
    else:
        assert task_of(lost) is None


# In bulk


def statements_of_a_sweep(visits: int) -> int:
    slots = make.slots_of(make.shift(make.doctor(), days=5, starts=AFTERNOON, slots=visits))
    booked = [make.appointment(slot, remind=True) for slot in slots]
    sending.send_due()
    evening = on_the_day(booked[0], 18, days_before=1)
    with time_machine.travel(evening, tick=False), CaptureQueriesContext(connection) as asked:
        assert reminders.put_due() == visits
    return len(asked)


def test_a_batch_costs_the_same_for_one_visit_and_for_three(phone):
    assert statements_of_a_sweep(1) == statements_of_a_sweep(3)


@pytest.mark.parametrize(("per_hour", "seconds"), [(600, 12), (7200, 1), (100_000, 1), (0, 7200)])
def test_reminders_take_half_of_what_may_leave_in_an_hour(settings, per_hour, seconds):
    settings.MESSAGES_PER_HOUR = per_hour
    assert reminders.pace() == timedelta(seconds=seconds)


def test_reminders_are_due_one_after_the_other(phone):
    """So that a code that somebody waits for stands behind few of them."""
    statements_of_a_sweep(3)
    due = list(Message.objects.filter(template="reminder").order_by("due_at").values_list("due_at", flat=True))
    assert [at - due[0] for at in due] == [reminders.pace() * number for number in range(3)]


def test_batches_take_up_where_the_last_one_ended(phone, monkeypatch):
    monkeypatch.setattr(reminders, "BATCH", 2)
    statements_of_a_sweep(3)
    assert Message.objects.filter(template="reminder").values("due_at").distinct().count() == 3


def test_the_task_of_the_beat_puts_them(visit):
    with time_machine.travel(on_the_day(visit, 18, days_before=1), tick=False):
        put_reminders.apply().get()
    assert reminded() == [("day", "queued")]
