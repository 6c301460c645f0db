"""Undoing a step brings back to the waitlist only whoever was booked from it by that very step (T97)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from scheduling.choices import CancelReason
from tests import factories as make
from waitlist.choices import EntryState
from waitlist.models import WaitlistEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def grace(settings):
    settings.UNDO_SECONDS = 10


@pytest.fixture
def operator():
    return make.actor("operator")


@pytest.fixture
def booked(operator):
    """Returns a visit that was booked from the waitlist."""
    service = make.service()
    slot = make.slots_of(make.shift(make.doctor(service), days=9))[0]
    entry = make.entry(service.specialty)
    return booking.from_entry(entry=entry.pk, slot=slot.pk, service=service, by=operator)


def state():
    return WaitlistEntry.objects.order_by("created_at").first().state


def test_who_was_booked_by_this_step_waits_again(booked, operator):
    assert state() == EntryState.BOOKED
    booking.undo(appointment=booked.pk, step="booked", by=operator)
    assert state() == EntryState.WAITING


def test_who_was_booked_again_and_not_after_all_does_not_wait(booked, operator):
    later = timezone.now() + timedelta(hours=1)
    with time_machine.travel(later):
        booking.cancel(appointment=booked.pk, reason=CancelReason.PATIENT, by=operator)
    with time_machine.travel(later + timedelta(hours=1)):
        booking.reinstate(appointment=booked.pk, by=operator)
        visit = booking.undo(appointment=booked.pk, step="booked_again", by=operator)
    assert (visit.status, state()) == ("cancelled", EntryState.BOOKED)


def test_who_waits_by_another_entry_meanwhile_waits_once(booked, operator):
    make.entry(booked.service.specialty, who=booked.patient)
    booking.undo(appointment=booked.pk, step="booked", by=operator)
    assert list(WaitlistEntry.objects.order_by("created_at").values_list("state", flat=True)) == ["booked", "waiting"]
