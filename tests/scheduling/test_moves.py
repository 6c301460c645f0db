"""A visit that is made, moved, told about: what is written of it and what is not (R13, T06)."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from notifications.choices import MessageState
from notifications.models import Message
from patients.choices import Channel
from scheduling import links
from scheduling.actions import messages, slots, visits
from scheduling.actions.appointments import make as making
from scheduling.actions.appointments import move as moving
from scheduling.actions.appointments.forms import digest_of, made_before
from scheduling.choices import AppointmentStatus, HoldReason
from scheduling.errors import (
    HoldLapsed,
    IdempotencyConflict,
    OverbookReasonNeeded,
    SlotInPast,
    SlotTaken,
    StepNotAllowed,
)
from scheduling.models import Appointment, Doctor, Slot
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def free():
    return make.slots_of(make.shift(make.doctor(), slots=6))


def lock(slot, *, patient=None, token=None, key=None, digest="d"):
    service = slot.doctor.services.first() or make.service()
    return making.lock(slot=slot.pk, service=service, patient=patient, hold_token=token, key=key, digest=digest)


def booked(slot, **agreed):
    return make.appointment(slot, **agreed)


def test_a_locked_time_knows_the_doctor_the_room_and_the_hour(free):
    before = timezone.now()
    time = lock(free[1])
    assert (time.doctor, time.room, time.starts_at) == (free[1].doctor, free[1].doctor.room, free[1].starts_at)
    assert (time.given, time.patient_busy, list(time.run)) == (True, False, [free[1]])
    assert before <= time.now <= timezone.now()


def test_a_doctor_who_left_or_does_not_give_it_gives_nothing(free):
    other = make.service()
    time = making.lock(slot=free[0].pk, service=other, patient=None, hold_token=None, key=None, digest="")
    assert not time.given
    Doctor.objects.update(active=False)
    assert not lock(free[0]).given


@pytest.mark.parametrize(
    ("starts", "minutes", "busy"),
    [(-30, 30, False), (-30, 31, True), (0, 30, True), (10, 10, True), (29, 30, True), (30, 30, False)],
)
@pytest.mark.parametrize("status", [AppointmentStatus.BOOKED, AppointmentStatus.FULFILLED, AppointmentStatus.NOSHOW])
def test_a_patient_is_busy_while_a_visit_lasts(free, starts, minutes, busy, status):
    patient, visit = make.patient(), booked(free[2])
    begins = free[2].starts_at + timedelta(minutes=starts)
    Appointment.objects.filter(pk=visit.pk).update(
        patient=patient, starts_at=begins, ends_at=begins + timedelta(minutes=minutes), status=status
    )
    Slot.objects.filter(pk=free[2].pk).update(appointment=None)
    busy = busy and status != AppointmentStatus.NOSHOW
    service = free[2].doctor.services.get()
    assert lock(free[2], patient=patient.pk).patient_busy == busy
    assert making.is_busy(patient, service=service, starts_at=free[2].starts_at) == busy
    assert not making.is_busy(patient, service=service, starts_at=free[2].starts_at, but=visit)
    assert not lock(free[2], patient=make.patient().pk).patient_busy
    assert not lock(free[2]).patient_busy


def test_t07_a_lapsed_hold_of_a_time_that_is_free_still_books_it(free):
    time = lock(free[0], token=uuid4())
    assert list(time.run) == [free[0]]


@pytest.mark.parametrize(("token", "error"), [(None, SlotTaken), (uuid4(), HoldLapsed)])
def test_who_had_kept_the_time_is_told_that_it_ran_out(free, token, error):
    booked(free[0])
    with pytest.raises(SlotTaken) as refused:
        lock(free[0], token=token)
    assert type(refused.value) is error
    assert [slot.pk for slot in refused.value.alternatives] == [slot.pk for slot in free[1:4]]


def test_the_form_that_made_a_visit_gets_it_back_also_when_its_time_is_gone(free):
    visit = booked(free[0], key="k1")
    digest = Appointment.objects.get().request_digest
    assert lock(free[0], key="k1", digest=digest) == visit
    with pytest.raises(SlotTaken):
        lock(free[0], key="k2", digest=digest)
    missing = {"slot": uuid4(), "service": visit.service, "patient": None, "hold_token": None}
    assert making.lock(**missing, key="k1", digest=digest) == visit
    with pytest.raises(SlotTaken):
        making.lock(**missing, key="k2", digest=digest)
    with pytest.raises(IdempotencyConflict):
        lock(free[1], key="k1", digest="other")


def test_a_form_is_the_same_when_all_that_it_holds_is():
    one, contents = uuid4(), {"word": "слово", "number": 1}
    assert digest_of(slot=one, **contents) == digest_of(**contents, slot=str(one))
    assert len({digest_of(slot=one), digest_of(slot=uuid4()), digest_of(patient=one), digest_of()}) == 4
    assert digest_of() == hashlib.sha256(b"{}").hexdigest()


def test_without_a_key_nothing_was_made_before(free):
    booked(free[0])
    assert (made_before(None, ""), made_before("", ""), made_before("k1", "")) == (None, None, None)


def over(slot, **given):
    given = {"starts_at": slot.starts_at, "reason": "срочно"} | given
    service = slot.doctor.services.get()
    return making.over(patient=make.patient(), service=service, doctor=slot.doctor, room=slot.doctor.room, **given)


def test_a_busy_time_is_booked_over_with_a_reason_and_not_in_the_past(free):
    time = over(free[0])
    assert (time.starts_at, time.given, time.patient_busy, time.run) == (free[0].starts_at, True, False, ())
    for reason in ("", "  "):
        with pytest.raises(OverbookReasonNeeded):
            over(free[0], reason=reason)
    with time_machine.travel(free[0].starts_at, tick=False):
        assert over(free[0]).now == timezone.now()
        with pytest.raises(SlotInPast):
            over(free[0], starts_at=timezone.now() - timedelta(microseconds=1))


def test_over_a_busy_time_too_the_doctor_has_to_give_the_service(free):
    case = {"doctor": free[0].doctor, "room": free[0].doctor.room, "starts_at": free[0].starts_at, "reason": "срочно"}
    make.doctor(other := make.service())
    assert not making.over(patient=make.patient(), service=other, **case).given
    visit = booked(free[0])
    assert making.over(patient=visit.patient, service=visit.service, **case).patient_busy
    Doctor.objects.filter(pk=free[0].doctor_id).update(active=False)
    assert not making.over(patient=make.patient(), service=visit.service, **case).given


def moved(visit, slot, *, reason="", token=None):
    move = moving.lock(appointment=visit.pk, to_slot=slot.pk, hold_token=token)
    if isinstance(move, Appointment):
        return move
    return moving.write(move, representation=move.visit.representation, by=make.TEST, reason=reason)


def test_a_move_to_where_the_visit_is_changes_nothing(free):
    visit = booked(free[0])
    assert moved(visit, free[0]) == visit
    assert list(visit.events.values_list("kind", flat=True)) == ["booked"]
    assert not Message.objects.filter(template="moved").exists()


def test_a_moved_visit_is_where_it_was_moved_to_and_has_to_be_told_anew(free):
    visit, colleague = booked(free[0]), make.doctor(free[0].doctor.services.get(), last_name="Громов")
    target = make.slots_of(make.shift(colleague, days=3))[0]
    for mark in (visits.confirm, visits.mark_informed):
        mark(appointment=visit.pk, by=make.TEST)
    moved(visit, target, reason="врач заболел")
    now = Appointment.objects.get()
    assert (now.doctor, now.room, now.starts_at, now.ends_at) == (
        colleague,
        colleague.room,
        target.starts_at,
        target.ends_at,
    )
    assert (now.confirmed_at, now.confirmed_by, now.informed_at, now.informed_by) == (None, "", None, "")
    assert list(now.slots.all()) == [target]
    event = now.events.latest("id")
    assert (event.kind, event.reason, event.from_status, event.to_status) == (
        "moved",
        "врач заболел",
        "booked",
        "booked",
    )
    assert event.details == {
        "from": visit.starts_at.isoformat(),
        "from_doctor": str(free[0].doctor_id),
        "to": target.starts_at.isoformat(),
    }


@pytest.mark.parametrize("token", [True, False])
def test_a_held_time_is_open_to_its_holder_alone(free, token):
    visit = booked(free[0])
    held = slots.hold(start=free[1].pk, service=visit.service, reason=HoldReason.DESK, by=make.TEST)
    if token:
        assert moved(visit, free[1], token=held).starts_at == free[1].starts_at
        free[1].refresh_from_db()
        assert (free[1].appointment, free[1].hold_token) == (visit, None)
        return
    with pytest.raises(SlotTaken):
        moved(visit, free[1])


@pytest.mark.parametrize(
    ("status", "begins"),
    [(status, timedelta(hours=1)) for status in AppointmentStatus if status != AppointmentStatus.BOOKED]
    + [(AppointmentStatus.BOOKED, timedelta(0)), (AppointmentStatus.BOOKED, -timedelta(minutes=5))],
)
def test_only_a_booked_visit_that_has_not_begun_is_moved(free, status, begins):
    visit, now = booked(free[0]), timezone.now()
    ended = {"cancelled_at": now, "cancelled_by": "test"} if status == AppointmentStatus.CANCELLED else {}
    Appointment.objects.update(
        status=status, starts_at=now + begins, ends_at=now + begins + timedelta(minutes=30), **ended
    )
    with pytest.raises(StepNotAllowed):
        moving.lock(appointment=visit.pk, to_slot=free[1].pk)


def test_a_move_asks_whether_the_doctor_there_gives_it_and_the_patient_is_free(free):
    visit, other = booked(free[0]), make.slots_of(make.shift(make.doctor(), days=3, slots=2))
    to = moving.lock(appointment=visit.pk, to_slot=other[0].pk).to
    assert (to.doctor, to.given, to.patient_busy) == (other[0].doctor, False, False)
    booked(other[1], of=visit.patient)
    colleague = make.slots_of(make.shift(make.doctor(visit.service), days=3, slots=2))
    to = moving.lock(appointment=visit.pk, to_slot=colleague[1].pk).to
    assert (to.given, to.patient_busy) == (True, True)
    assert not moving.lock(appointment=visit.pk, to_slot=free[1].pk).to.patient_busy, "it is the same visit"


def test_a_visit_is_written_with_its_price_its_channel_and_its_link(free):
    visit = booked(free[0], key="k1")
    now = Appointment.objects.get()
    assert (now.price, now.channel, now.status, now.visit_kind) == (visit.service.price, "registry", "booked", "first")
    assert (now.created_by, now.idempotency_key, now.overbooked) == (make.TEST.ref, "k1", False)
    assert now.link_hash == links.hash_of(links.token_for(visit.pk))
    event = now.events.get()
    assert (event.kind, event.from_status, event.at, event.details) == (
        "booked",
        "",
        now.created_at,
        {"channel": Channel.REGISTRY},
    )


def test_messages_are_put_once_for_whoever_acts_and_while_they_are_of_use(free):
    child = make.child(phone="")
    visit = booked(free[0], of=child, representative=make.parent_of(child, phone="+79215554433"))
    for _twice in range(2):
        messages.booked(visit)
        messages.cancelled(visit, at=visit.created_at)
        messages.moved(visit, at=visit.created_at)
    messages.moved(visit, at=visit.created_at + timedelta(seconds=1))
    sent = Message.objects.order_by("template")
    assert [message.template for message in sent] == ["booked", "cancelled", "moved", "moved"]
    assert {(message.address, message.about, message.patient) for message in sent} == {
        ("+79215554433", visit.pk, child.pk)
    }
    until = {message.template: message.useful_until for message in sent}
    assert until == {"booked": visit.starts_at, "moved": visit.starts_at, "cancelled": visit.ends_at}


def test_nobody_is_told_without_a_number(free):
    visit = booked(free[0], of=make.patient(phone=""))
    messages.cancelled(visit, at=visit.created_at)
    assert list(Message.objects.order_by("template").values_list("template", "address", "state")) == [
        ("booked", "", MessageState.DROPPED),
        ("cancelled", "", MessageState.FAILED),
    ]
