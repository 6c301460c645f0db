"""Every constraint of `scheduling`, violated behind the actions' back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from patients.choices import Channel
from scheduling.choices import AppointmentStatus, ReleaseReason, Urgency, VisitKind
from scheduling.models import (
    Absence,
    Appointment,
    AppointmentEvent,
    Doctor,
    EmergencyCase,
    Room,
    Service,
    Shift,
    ShiftRule,
    Slot,
    SlotRelease,
)
from tests import factories as make
from tests.constraints import Cases, rewrite, same_number, settle, violates

pytestmark = pytest.mark.django_db

TWENTY_MINUTES = timedelta(minutes=20)


def appointment(**columns):
    """Makes a booked visit with these columns written into it."""
    return rewrite(make.appointment(), **columns)


def step(name):
    """Writes a step's time without its person."""
    return lambda: appointment(**{f"{name}_at": timezone.now()})


def two_at_once(column):
    """Makes two visits at one time that share nothing, until they share this."""
    first, second = make.appointment(), make.appointment()
    rewrite(second, **{column: getattr(first, column)})


def follow_up(of, **columns):
    visit = make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0], of=of.patient)
    rewrite(visit, visit_kind=VisitKind.FOLLOW_UP, **{"follow_up_of": of} | columns)


def visits_of_one_doctor():
    slots = make.slots_of(make.shift(make.doctor()))
    same_number(make.appointment(slots[0]), make.appointment(slots[1]))


def visits_of_one_patient():
    first = make.appointment()
    same_number(first, make.appointment(make.slots_of(make.shift(make.doctor(), days=3))[0], of=first.patient))


def shifts_of_one_doctor():
    doctor = make.doctor()
    same_number(make.shift(doctor), make.shift(doctor, days=2))


def free_slot(**columns):
    return rewrite(make.slots_of(make.shift(make.doctor()))[0], **columns)


def booked_slot(**columns):
    return rewrite(make.appointment().slots.get(), **columns)


def held():
    return {"hold_token": uuid4(), "hold_owner": "x", "hold_reason": "desk", "held_until": timezone.now()}


def slot_of_another_doctors_visit():
    """Makes a slot at another time than the visit's own, so that only the doctor is wrong."""
    rewrite(make.slots_of(make.shift(make.doctor()))[2], appointment=make.appointment())


def rule(**columns):
    doctor = make.doctor()
    columns = {"weekday": 1, "starts": "09:00", "ends": "12:00", "valid_from": timezone.localdate()} | columns
    ShiftRule.objects.create(doctor=doctor, room=doctor.room, **columns)


def emergency(**columns):
    called = {"ambulance_called_at": timezone.now(), "ambulance_called_by": "Вера Тестова"}
    return EmergencyCase.objects.create(opened_by="staff:1", **called | columns)


def shift_beside(column):
    """Makes two shifts at one time in different rooms, until they share this."""
    first, second = make.shift(make.doctor()), make.shift(make.doctor())
    rewrite(second, **{column: getattr(first, column)})


CASES: Cases = {
    "appointment_times_ordered": lambda: appointment(ends_at=F("starts_at")),
    "appointment_status_known": lambda: appointment(status="lost"),
    "appointment_doctor_once": lambda: two_at_once("doctor"),
    "appointment_room_once": lambda: two_at_once("room"),
    "appointment_patient_once": lambda: two_at_once("patient"),
    "appointment_created_by_someone": lambda: appointment(created_by=""),
    "appointment_confirmed_by_someone": step("confirmed"),
    "appointment_informed_by_someone": step("informed"),
    "appointment_arrived_by_someone": step("arrived"),
    "appointment_started_by_someone": step("started"),
    "appointment_finished_by_someone": step("finished"),
    "appointment_cancelled_by_someone": lambda: appointment(
        status=AppointmentStatus.CANCELLED, cancelled_at=timezone.now()
    ),
    "appointment_cancelled_when": lambda: appointment(cancelled_at=timezone.now(), cancelled_by="staff:1"),
    "appointment_follow_up_names_visit": lambda: appointment(visit_kind=VisitKind.FOLLOW_UP),
    "appointment_follows_earlier_visit": lambda: appointment(visit_kind=VisitKind.FOLLOW_UP, follow_up_of=F("id")),
    "appointment_follows_same_patient": lambda: appointment(
        visit_kind=VisitKind.FOLLOW_UP,
        follow_up_of=make.appointment(make.slots_of(make.shift(make.doctor(), starts="08:00"))[0]),
    ),
    "appointment_site_first_only": lambda: follow_up(make.appointment(), channel=Channel.SITE),
    "appointment_overbooked_with_reason": lambda: appointment(overbooked=True),
    "appointment_request_once": lambda: [appointment(idempotency_key="one") for _ in range(2)],
    "appointment_link_unique": lambda: [appointment(link_hash="one") for _ in range(2)],
    "appointment_with_doctor": visits_of_one_doctor,
    "appointment_with_patient": visits_of_one_patient,
    "appointment_event_by_someone": lambda: AppointmentEvent.objects.create(
        appointment=make.appointment(), at=timezone.now(), kind="booked", to_status="booked", actor=""
    ),
    "slot_times_ordered": lambda: free_slot(ends_at=F("starts_at")),
    "slot_booked_not_held": lambda: booked_slot(**held()),
    "slot_hold_complete": lambda: free_slot(hold_token=uuid4()),
    "slot_held_since_held": lambda: free_slot(held_since=timezone.now()),
    "slot_doctor_once": lambda: free_slot(ends_at=F("ends_at") + TWENTY_MINUTES),
    "slot_doctor_of_appointment": slot_of_another_doctors_visit,
    "slot_doctor_of_shift": lambda: free_slot(doctor=make.doctor()),
    "slot_release_handled_with_outcome": lambda: SlotRelease.objects.create(
        slot=make.slots_of(make.shift(make.doctor()))[0], reason=ReleaseReason.CANCELLED, handled_at=timezone.now()
    ),
    "shift_times_ordered": lambda: rewrite(make.shift(make.doctor()), ends_at=F("starts_at")),
    "shift_doctor_once": lambda: shift_beside("doctor"),
    "shift_room_once": lambda: shift_beside("room"),
    "shift_with_doctor": shifts_of_one_doctor,
    "shift_rule_times_ordered": lambda: rule(ends="09:00"),
    "shift_rule_weekday_known": lambda: rule(weekday=8),
    "shift_rule_slot_minutes_sensible": lambda: rule(slot_minutes=4),
    "shift_rule_term": lambda: rule(valid_until=timezone.localdate() - timedelta(days=1)),
    "absence_times_ordered": lambda: rewrite(make.away(make.doctor()), ends_at=F("starts_at")),
    "absence_not_endless": lambda: rewrite(make.away(), ends_at=F("starts_at") + timedelta(days=1099)),
    "absence_of_one_thing": lambda: rewrite(make.away(make.doctor()), room=make.room()),
    "absence_once": lambda: [
        Absence.objects.create(kind="closed", starts_at=make.moment(1), ends_at=make.moment(2)) for _ in range(2)
    ],
    "emergency_ambulance_called": lambda: emergency(ambulance_called_at=None, ambulance_called_by=""),
    "emergency_ambulance_called_by_someone": lambda: emergency(ambulance_called_by=""),
    "emergency_closed_by_someone": lambda: emergency(closed_at=timezone.now()),
    "emergency_taken_by_someone": lambda: emergency(taken_at=timezone.now()),
    "emergency_mistake_is_closed": lambda: emergency(mistake="учебная"),
    "emergency_event_by_someone": lambda: emergency().events.create(kind="opened", at=timezone.now(), actor=""),
    "room_name_unique": lambda: [Room.objects.create(location=make.location(), name="каб. 1") for _ in range(2)],
    "service_minutes_sensible": lambda: Service.objects.filter(pk=make.service().pk).update(minutes=4),
    "service_price_not_negative": lambda: Service.objects.filter(pk=make.service().pk).update(price=-1),
    "doctor_ages_ordered": lambda: Doctor.objects.filter(pk=make.doctor().pk).update(min_age=18, max_age=17),
}
APPEND_ONLY = ["scheduling_appointmentevent", "scheduling_emergencyevent"]


@pytest.mark.parametrize("name", CASES)
def test_the_database_refuses(name):
    with violates(name):
        CASES[name]()


def test_what_is_not_active_or_overbooked_may_overlap():
    """The exclusions are about active visits only, else a cancelled one would keep the time for ever."""
    first, second = make.appointment(), make.appointment()
    Slot.objects.update(appointment=None)
    rewrite(first, status=AppointmentStatus.CANCELLED, cancelled_at=timezone.now(), cancelled_by="staff:1")
    rewrite(second, doctor=first.doctor, room=first.room)
    third = make.appointment()
    Slot.objects.update(appointment=None)
    rewrite(third, overbooked=True, overbook_reason="срочно")
    rewrite(third, doctor=first.doctor, room=first.room, patient=second.patient)
    settle()
    assert Appointment.objects.filter(doctor=first.doctor).count() == 3


def test_an_urgent_consultation_needs_no_ambulance():
    emergency(urgency=Urgency.URGENT, ambulance_called_at=None, ambulance_called_by="")


def test_a_shift_may_begin_when_another_ends():
    doctor = make.doctor()
    make.shift(doctor, starts="09:00", slots=2)
    make.shift(doctor, starts="10:00", slots=2)
    assert Shift.objects.count() == 2
