"""Visitors who get no code are phoned by the contact centre: everything typed is kept, the time too (T111)."""

from datetime import time, timedelta

import pytest
import time_machine
from django.conf import settings as clinic
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import booking
from foundation.accounts.choices import Role
from foundation.clock import day_of, wall_time
from notifications.errors import TooManyCodes
from notifications.models import Message
from patients.models import Patient
from scheduling.choices import HoldReason
from scheduling.models import Appointment, Slot, SlotRelease
from tests import factories as make
from tests import phoning
from tests.booking_site.conftest import ADULT, CHILD, PHONE, sent_code
from waitlist.models import WaitlistRequest
from worklist import duty
from worklist.models import OnDuty, Task

DETAILS, CODE = reverse("site:details"), reverse("site:code")
CALL_ME, WE_CALL = reverse("site:call_me"), reverse("site:we_call")


@pytest.fixture
def operator(db):
    """Somebody of the contact centre has a page of the office open."""
    there = make.actor(Role.OPERATOR)
    duty.note(there)
    return there


@pytest.fixture
def typed(client, take, slots):
    take(slots[0])
    client.post(DETAILS, ADULT)


def held(slot):
    now = Slot.objects.get(pk=slot.pk)
    return now.hold_reason, now.hold_token


def test_one_press_hands_over_what_was_typed_and_the_time(client, slots, operator, typed):
    before = timezone.now()
    assert client.post(CALL_ME).url == WE_CALL
    row, task = WaitlistRequest.objects.get(), Task.objects.get()
    assert (row.full_name, row.phone.as_e164, row.slot_id, row.channel) == ("Орлова Мария", PHONE, slots[0].pk, "site")
    assert held(slots[0]) == (HoldReason.HANDED_OVER, row.pk)
    assert before + timedelta(minutes=30) <= row.held_until <= timezone.now() + timedelta(minutes=30)
    assert (task.kind, task.subject, task.phone.as_e164) == ("no_code", row.pk, PHONE)
    page = client.get(WE_CALL)
    assert (page.status_code, page.context["slot"].pk, page.context["phone"]) == (200, slots[0].pk, "+7 921 000-11-22")


def test_pressed_twice_it_is_one_request(client, slots, operator, typed):
    for _twice in range(2):
        assert client.post(CALL_ME).url == WE_CALL
    assert (WaitlistRequest.objects.count(), Task.objects.count()) == (1, 1)


def test_the_operator_books_it_with_one_press(client, slots, operator, typed):
    client.post(CALL_ME)
    row = WaitlistRequest.objects.get()
    booking.claim_task(task=phoning.task_of(row.pk), by=operator)
    visit = booking.from_request(request=row.pk, by=operator)
    assert booking.from_request(request=row.pk, by=operator) == visit
    assert (visit.channel, visit.starts_at, visit.patient.last_name) == ("phone", slots[0].starts_at, "Орлова")
    row.refresh_from_db()
    assert (row.state, row.appointment, Task.objects.get().outcome) == ("booked", visit, "booked")
    assert (Appointment.objects.count(), SlotRelease.objects.count()) == (1, 0)


@pytest.mark.parametrize("ticked", [{}, {"remind": "on"}], ids=["not ticked", "ticked"])
def test_what_was_agreed_to_beside_the_time_is_that_of_the_visit(client, take, slots, operator, ticked):
    take(slots[0])
    client.post(DETAILS, ADULT | ticked)
    client.post(CALL_ME)
    booking.from_request(request=WaitlistRequest.objects.get().pk, by=operator)
    assert Appointment.objects.get().wants_reminders is bool(ticked)


def test_a_child_comes_with_who_was_typed(client, take, slots, operator):
    take(slots[0])
    client.post(DETAILS, CHILD)
    client.post(CALL_ME)
    visit = booking.from_request(request=WaitlistRequest.objects.get().pk, by=operator)
    assert (visit.patient.first_name, visit.representation.first_name) == ("Лев", "Мария")


def test_the_code_may_come_after_all(client, slots, operator, typed):
    client.post(CALL_ME)
    assert client.get(CODE).context["handed"]
    client.post(CODE, {"code": sent_code()})
    visit, request = Appointment.objects.get(), WaitlistRequest.objects.get()
    assert (visit.channel, request.appointment) == ("site", visit)
    assert (request.state, Task.objects.get().state) == ("booked", "done")


def test_whoever_takes_another_time_is_not_phoned_about_the_first(client, take, slots, operator, typed):
    client.post(CALL_ME)
    take(slots[1])
    assert (WaitlistRequest.objects.get().state, Task.objects.get().state) == ("closed", "dropped")
    assert (held(slots[0]), held(slots[1])[0]) == (("", None), HoldReason.SITE_FORM)
    client.post(DETAILS, ADULT)
    client.post(CODE, {"code": sent_code()})
    assert Appointment.objects.get().starts_at == slots[1].starts_at


def test_a_time_that_cannot_be_had_leaves_the_call_as_it_is(client, take, slots, operator, typed):
    client.post(CALL_ME)
    make.appointment(slots[1])
    assert take(slots[1]).status_code == 409
    assert (WaitlistRequest.objects.get().state, held(slots[0])[0]) == ("handed_over", HoldReason.HANDED_OVER)


def test_the_booking_and_the_end_of_the_call_are_one_step(client, slots, operator, typed, monkeypatch):
    client.post(CALL_ME)
    code = sent_code()

    def broken(*_request, **_by):
        raise DatabaseError

    monkeypatch.setattr("booking.waiting_visitors.close", broken)
    with pytest.raises(DatabaseError):
        client.post(CODE, {"code": code})
    assert (Appointment.objects.count(), WaitlistRequest.objects.get().state) == (0, "handed_over")


def test_what_was_typed_is_not_taken_from_the_contact_centre_by_going_back(client, slots, operator, typed):
    client.post(CALL_ME)
    client.post(DETAILS, ADULT)
    assert held(slots[0])[0] == HoldReason.HANDED_OVER


def test_a_closed_request_lets_the_time_go(client, slots, operator, typed):
    client.post(CALL_ME)
    booking.close_request(request=WaitlistRequest.objects.get().pk, by=operator)
    assert (held(slots[0]), Task.objects.get().state, SlotRelease.objects.count()) == (("", None), "dropped", 0)


def test_a_time_that_is_kept_no_longer_is_booked_while_it_is_free(client, slots, operator, typed):
    client.post(CALL_ME)
    row = WaitlistRequest.objects.get()
    booking.drop_hold(token=row.pk, by=make.TEST)
    assert booking.from_request(request=row.pk, by=operator).starts_at == slots[0].starts_at


def test_with_nobody_there_the_page_says_so(client, slots, typed):
    page = client.post(CALL_ME)
    assert (page.status_code, WaitlistRequest.objects.count(), held(slots[0])[0]) == (409, 0, HoldReason.SITE_FORM)
    words = page.content.decode()
    assert clinic.CLINIC["phone"] in words
    assert reverse("site:request", args=[slots[0].doctor.specialties.get().slug]) in words
    assert client.get(CODE).status_code == 200


def test_somebody_who_left_is_not_there(client, slots, operator, typed):
    OnDuty.objects.update(seen_at=timezone.now() - duty.GONE_AFTER)
    assert client.post(CALL_ME).status_code == 409


def test_the_desk_does_not_phone_visitors(client, typed):
    duty.note(make.actor(Role.REGISTRAR))
    assert client.post(CALL_ME).status_code == 409


@pytest.mark.parametrize(("before_closing", "told"), [(4, 409), (6, 302)])
def test_no_call_is_promised_shortly_before_closing(client, take, slots, settings, before_closing, told):
    """Outside the hours too; a time is kept until they end at the latest."""
    settings.CALL_HOURS = [("09:00", "20:00")] * 2
    closes = wall_time(day_of(timezone.now()), time(20))
    with time_machine.travel(closes - timedelta(minutes=before_closing), tick=False):
        duty.note(make.actor(Role.OPERATOR))
        shift = make.slots_of(make.shift(make.doctor()))
        take(shift[0])
        client.post(DETAILS, ADULT)
        assert client.post(CALL_ME).status_code == told
        if told == 302:
            assert WaitlistRequest.objects.get().held_until == closes


@pytest.mark.parametrize("at", [time(23, 40), time(23, 57)])
def test_midnight_is_no_closing_where_somebody_phones_round_the_clock(client, take, settings, at):
    settings.CALL_HOURS = [("00:00", "24:00")] * 2
    now = wall_time(day_of(timezone.now()), at)
    with time_machine.travel(now, tick=False):
        duty.note(make.actor(Role.OPERATOR))
        take(make.slots_of(make.shift(make.doctor()))[0])
        client.post(DETAILS, ADULT)
        assert client.post(CALL_ME).url == WE_CALL
        assert WaitlistRequest.objects.get().held_until == now + timedelta(minutes=30)


def test_where_no_code_can_be_sent_the_call_is_offered_at_once(client, take, slots, operator, monkeypatch):
    def refuse(**_asked):
        raise TooManyCodes

    monkeypatch.setattr("notifications.actions.phone_codes.send", refuse)
    take(slots[0])
    page = client.post(DETAILS, ADULT)
    assert (page.status_code, CALL_ME in page.content.decode()) == (422, True)
    assert client.post(CALL_ME).url == WE_CALL


def test_a_message_that_does_not_leave_is_told(client, slots, typed):
    assert not client.get(CODE).context["sent"].lost
    Message.objects.update(state="failed")
    assert client.get(CODE).context["sent"].lost


def test_nothing_is_handed_over_before_it_is_typed(client, take, slots, operator):
    take(slots[0])
    assert client.post(CALL_ME).url == DETAILS
    assert client.get(WE_CALL).url == DETAILS


def test_a_time_taken_meanwhile(client, slots, operator, typed):
    Slot.objects.filter(pk=slots[0].pk).update(held_until=timezone.now())
    Client().post(reverse("site:take"), {"slot": slots[0].pk, "service": slots[0].doctor.services.get().pk})
    page = client.post(CALL_ME)
    assert (page.status_code, [slot.pk for slot in page.context["times"]]) == (409, [slot.pk for slot in slots[1:4]])
    assert not WaitlistRequest.objects.exists()
    assert not Patient.objects.exists()
