"""D40, D41: what leaves about a visit is true of it at that moment, however long the provider was away."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

import booking
from notifications import texts
from notifications.actions import outbox, sending
from notifications.choices import MessageState
from notifications.models import Message
from patients.models import Patient
from scheduling.choices import CancelReason
from scheduling.models import Doctor, Location
from tests import factories as make
from tests.phone import Phone

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def slots():
    return make.slots_of(make.shift(make.doctor(), slots=4))


def states() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("created_at").values_list("template", "state"))


def move(visit, slot):
    return booking.move(appointment=visit.pk, to_slot=slot.pk, by=make.TEST)


def cancel(visit):
    return booking.cancel(appointment=visit.pk, reason=CancelReason.PATIENT, by=make.TEST)


@pytest.mark.parametrize(("late", "sent"), [(-MOMENT, 1), (timedelta(0), 0), (timedelta(hours=2), 0)])
def test_d40_no_confirmation_leaves_after_the_visit_has_begun(phone, slots, late, sent):
    visit = make.appointment(slots[0])
    with time_machine.travel(visit.starts_at + late, tick=False):
        assert sending.send_due() == sent


def test_d41_booked_moved_twice_and_cancelled_is_one_message(phone, slots):
    """The patient is told although no message was: they know of the visit from the page, the desk or the phone."""
    visit = make.appointment(slots[0])
    move(visit, slots[1])
    move(visit, slots[2])
    cancel(visit)
    sending.send_due()
    assert [text.split(":")[0] for text in Phone.texts] == ["Запись отменена"]
    assert states() == [
        ("booked", MessageState.DROPPED),
        ("moved", MessageState.DROPPED),
        ("moved", MessageState.DROPPED),
        ("cancelled", MessageState.SENT),
    ]


def test_d41_booked_and_moved_twice_is_the_last_time_alone(phone, slots):
    visit = make.appointment(slots[0])
    move(visit, slots[1])
    visit = move(visit, slots[2])
    sending.send_due()
    assert len(Phone.texts) == 1
    assert f"{visit.local_start:%H:%M}" in Phone.texts[0]


def test_a_message_about_a_visit_entered_in_error_does_not_leave(phone, slots):
    visit = make.appointment(slots[0])
    booking.enter_in_error(appointment=visit.pk, by=make.TEST, note="не тот пациент")
    assert sending.send_due() == 0


def test_a_message_to_who_has_come_already_does_not_leave(phone, slots):
    visit = make.appointment(slots[0])
    with time_machine.travel(visit.starts_at - timedelta(minutes=20), tick=False):
        booking.check_in(appointment=visit.pk, by=make.TEST)
        assert sending.send_due() == 0


@pytest.mark.parametrize("changed", ["name", "address", "number"])
def test_a_fact_that_has_changed_meanwhile_is_told_as_it_is(phone, slots, changed):
    """Reference data is corrected without a verb; the judge puts another message, which the same run sends."""
    make.appointment(slots[0])
    if changed == "name":
        Doctor.objects.update(last_name="Чернова")
    elif changed == "address":
        Location.objects.update(address="Санкт-Петербург, ул. Солнечная, д. 1")
    else:
        Patient.objects.update(phone="+79215550000")
    assert sending.send_due() == 1
    assert ("Чернова" in Phone.texts[0], "Солнечная" in Phone.texts[0], Phone.sent[0].address == "+79215550000") == (
        changed == "name",
        changed == "address",
        changed == "number",
    )
    assert states() == [("booked", MessageState.DROPPED), ("booked", MessageState.SENT)]


def test_without_the_judge_the_old_name_leaves(phone, slots, settings):
    """The negative control."""
    settings.MESSAGE_JUDGES = {}
    make.appointment(slots[0])
    Doctor.objects.update(last_name="Чернова")
    sending.send_due()
    assert "Чернова" not in Phone.texts[0]


@pytest.mark.parametrize(("attempts", "sent"), [(3, 1), (0, 0)])
def test_who_has_been_spoken_to_is_not_asked_to_call(phone, attempts, sent):
    entry = make.entry(make.specialty())
    ask_to_call(entry)
    type(entry).objects.update(attempts=attempts)
    assert sending.send_due() == sent


def ask_to_call(entry):
    outbox.put(
        texts.CallUs(),
        address="+79210001122",
        about=entry.pk,
        patient=entry.patient_id,
        useful_until=timezone.now() + timedelta(days=1),
        dedupe_key="k",
    )
