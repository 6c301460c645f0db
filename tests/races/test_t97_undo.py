"""T97: an undo at the moment at which the grace ends, beside a booking of the freed time and the sweeps."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

import booking
from notifications.actions import sending
from notifications.models import Message
from scheduling.actions import slots
from scheduling.choices import CancelReason
from scheduling.errors import SlotTaken, UndoOver
from scheduling.models import Appointment, AppointmentEvent, Slot, SlotRelease
from tests import factories as make
from tests.races.harness import run_at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


@pytest.fixture(autouse=True)
def grace(settings):
    settings.UNDO_SECONDS = 10


def cancelled(slot, by) -> Appointment:
    visit = make.appointment(slot, of=make.patient(phone="+79215554433"))
    Message.objects.all().delete()
    booking.cancel(appointment=visit.pk, reason=CancelReason.CLINIC, by=by)
    return visit


def ends_in(visit: Appointment, span: timedelta) -> None:
    """Puts the end of the visit's grace so far ahead, everywhere where it is written."""
    until = timezone.now() + span
    Slot.objects.filter(hold_reason="undo").update(held_until=until)
    Message.objects.filter(about=visit.pk).update(due_at=until)
    (step,) = AppointmentEvent.objects.filter(appointment=visit, kind="cancelled")
    AppointmentEvent.objects.bulk_create(
        [
            AppointmentEvent(
                appointment=visit,
                at=step.at,
                kind="cancelled",
                to_status="cancelled",
                actor=step.actor,
                details={"back": step.details["back"] | {"until": until.isoformat()}},
            )
        ]
    )


def undo(visit: Appointment, by):
    return booking.undo(appointment=visit.pk, step="cancelled", by=by)


def book(slot: Slot):
    return booking.by_phone(
        slot=slot.pk, service=slot.doctor.services.get(), patient=make.patient(), by=make.actor("operator")
    )


@pytest.mark.parametrize("milliseconds", [0, 10, 30])
def test_t97_the_visit_comes_back_or_its_effects_leave(milliseconds):
    by = make.actor()
    for slot in make.slots_of(make.shift(make.doctor(), slots=ROUNDS)):
        visit = cancelled(slot, by)
        ends_in(visit, timedelta(milliseconds=milliseconds))
        SlotRelease.objects.all().delete()
        sweeps = [slots.release_lapsed, sending.send_due] * 2
        run_at_once([partial(undo, visit, by), partial(book, slot), *sweeps])
        visit.refresh_from_db()
        slot.refresh_from_db()
        told = Message.objects.filter(about=visit.pk, state="sent").count()
        if visit.status == "booked":
            assert (slot.appointment_id, told, SlotRelease.objects.count()) == (visit.pk, 0, 0)
        else:
            slots.release_lapsed()
            sending.send_due()
            assert slot.appointment_id != visit.pk
            assert Message.objects.filter(about=visit.pk, state="sent").count() == 1


def test_within_the_grace_the_undo_wins_for_certain():
    by = make.actor()
    for slot in make.slots_of(make.shift(make.doctor(), slots=ROUNDS)):
        visit = cancelled(slot, by)
        result = run_at_once([partial(undo, visit, by), *[partial(book, slot)] * 3, slots.release_lapsed] * 2)
        slot.refresh_from_db()
        assert (slot.appointment_id, result.refused_with()) == (visit.pk, {SlotTaken})


def test_control_without_the_hold_somebody_else_gets_the_time():
    by = make.actor()
    slot = make.slots_of(make.shift(make.doctor(), slots=1))[0]
    visit = cancelled(slot, by)
    Slot.objects.filter(pk=slot.pk).update(**slots.NO_HOLD)
    book(slot)
    with pytest.raises(UndoOver):
        undo(visit, by)
