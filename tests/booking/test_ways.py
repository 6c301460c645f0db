"""Whoever asks to be phoned only gets no message but what they have asked for; a person tells them (R13)."""

import pytest

import booking
from notifications.models import Message
from patients.choices import Channel, ContactWay
from scheduling.actions import messages
from scheduling.choices import CancelReason
from tests import factories as make
from worklist.choices import TaskKind, TaskState
from worklist.models import Task

pytestmark = pytest.mark.django_db


def booked(way):
    (slot, *_others) = make.slots_of(make.shift(make.doctor(), days=3))
    return make.appointment(slot, of=make.patient(contact_way=way))


def written():
    return list(Message.objects.exclude(address="").order_by("pk").values_list("template", flat=True))


def to_phone():
    booking.renew_untold()
    return Task.objects.filter(kind=TaskKind.UNTOLD, state=TaskState.OPEN).count()


@pytest.mark.parametrize("way", [ContactWay.CALLS, ContactWay.WRITING, ""])
def test_a_visit_that_the_desk_books_is_told_of_as_the_patient_asks(way):
    booked(way)
    assert (written(), to_phone()) == (([], 1) if way == ContactWay.CALLS else (["booked"], 0))


@pytest.mark.parametrize(("channel", "is_written"), [(Channel.SITE, True), (Channel.PHONE, False)])
def test_what_they_do_on_the_site_is_answered_in_writing(channel, is_written):
    visit = booked(ContactWay.CALLS)
    visit.channel = channel
    messages.moved(visit, at=visit.starts_at)
    assert written() == (["moved"] if is_written else [])


@pytest.mark.parametrize(
    ("reason", "phoned"), [(CancelReason.PATIENT, 0), (CancelReason.CLINIC, 1)], ids=["they", "the clinic"]
)
def test_they_are_phoned_about_what_the_clinic_cancels_and_not_about_what_they_have_said(reason, phoned):
    visit = booked(ContactWay.CALLS)
    booking.cancel(appointment=visit.pk, reason=reason, by=make.TEST)
    assert (written(), to_phone()) == ([], phoned)


def test_what_is_sent_by_hand_goes_to_them():
    visit = booked(ContactWay.CALLS)
    booking.send_again(appointment=visit.pk, by=make.TEST)
    assert (written(), to_phone()) == (["booked"], 0)
