"""Emergencies, holds and freed times, and messages on their way."""

from datetime import timedelta
from itertools import cycle

from django.db.models import QuerySet
from django.test import override_settings
from django.utils import timezone

import booking
from foundation.changes import Changes
from foundation.clock import day_bounds
from notifications.choices import MessageState, MessageTemplate, ReceiptState
from notifications.models import Message
from patients.choices import Channel
from patients.data import PersonData
from patients.models import Patient
from scheduling.actions import slots
from scheduling.choices import AbsenceKind, AppointmentStatus, HoldReason, Urgency
from scheduling.data import AbsenceData
from scheduling.models import Appointment, Slot
from scheduling.models.absence import Whose
from tests.upgrade.life.clinic import FRIDAY, SATURDAY, THURSDAY, TUESDAY, WEDNESDAY, Clinic, first_service
from tests.upgrade.life.site import ADULT, book_on_site
from tests.upgrade.life.visits import identity
from tests.upgrade.life.waiting import at_work
from waitlist import matching


def emergencies_come(clinic: Clinic) -> None:
    by = clinic.by["registrar"]
    with clinic.at(TUESDAY, "12:40"):
        closed = booking.open_emergency(by=by)
        told = {"person": "Ландышева Инга", "description": "Отёк лица после укуса", "ambulance_reference": "318"}
        told |= {"outcome": "Передана бригаде"}
        booking.describe_emergency(case=closed.pk, by=by, changes=Changes(told), closes=True)
        urgent = booking.open_emergency(by=by, urgency=Urgency.URGENT, description="Острая крапивница")
        booking.describe_emergency(case=urgent.pk, by=by, changes=Changes({"doctor": clinic.doctors["zorin"]}))
    with clinic.at(WEDNESDAY, "11:06"):
        booking.open_emergency(by=clinic.by["doctor"])
    with clinic.at(WEDNESDAY, "11:07"):
        pressed = booking.open_emergency(by=by)
        booking.open_emergency(by=by)  # pressed twice
        booking.take_emergency(case=pressed.pk, by=clinic.by["doctor"])
        booking.link_emergency(case=pressed.pk, patient=Patient.objects.order_by("pk")[0], by=by)
        booking.link_emergency(case=pressed.pk, patient=None, by=by)
        booking.mark_emergency_mistaken(case=pressed.pk, reason="Нажали случайно", by=by)
        booking.reopen_emergency(case=pressed.pk, by=by)
        booking.mark_emergency_mistaken(case=pressed.pk, reason="Учебная тревога", by=by)


def times_become_free(clinic: Clinic) -> None:
    """Frees times: too late to call about, taken again before anybody could, let go by their holder."""
    with clinic.at(TUESDAY, "20:30"):
        early = Appointment.objects.get(
            doctor__slug="belova", status=AppointmentStatus.BOOKED, starts_at=clinic.moment(WEDNESDAY, "09:00")
        )
        clinic.cancel(early)
        taken = _of_full_doctor(clinic)
        first = taken.slots.first()
        clinic.cancel(taken)
    with clinic.at(TUESDAY, "20:31"):
        slots.release_lapsed()
        clinic.book(first)
        matching.match_freed()
        times = clinic.free("belova", THURSDAY, SATURDAY)
        _hold(clinic, times[-1], HoldReason.CALL, "operator-2")
        _hold(clinic, times[-2], HoldReason.CALL, "operator-2")
        _taken_at_desk_and_on_site(clinic)
    with clinic.at(TUESDAY, "21:00"):
        slots.release_lapsed()
        matching.match_freed()


def _taken_at_desk_and_on_site(clinic: Clinic) -> None:
    """Times of a doctor for whom nobody waits: one is booked at the desk, one on the site, one is closed."""
    visits = list(
        Appointment.objects.filter(doctor__slug="kim", status=AppointmentStatus.BOOKED).order_by("-starts_at")
    )
    freed = [visit.slots.first() for visit in visits[:3]]
    for visit in visits[:3]:
        clinic.cancel(visit)
    with clinic.at(TUESDAY, "20:50"):
        slots.release_lapsed()
        matching.match_freed()
        clinic.book(freed[0], channel=Channel.REGISTRY, seen=[identity()])
        book_on_site(freed[2], ADULT | {"last_name": "Васильева"}, "+79000009917")
        booking.block(slots=[freed[1].pk], reason="Обход", by=clinic.by["schedule"])


def hold_now(clinic: Clinic) -> None:
    """Holds times at the moment of the dump: by the desk, during a call; what was just freed is not matched yet."""
    with clinic.at(WEDNESDAY, "11:07"):
        clinic.cancel(_booked(clinic, "belova").last())
    with clinic.at(WEDNESDAY, "11:09"), override_settings(WAITLIST_HELD_PERCENT=100):  # so few slots are published
        at_work(clinic)
        times = clinic.free("belova", FRIDAY, SATURDAY)
        _hold(clinic, times[-1], HoldReason.DESK, "registrar")
        _hold(clinic, times[-2], HoldReason.CALL, "operator-2")
        clinic.cancel(_of_full_doctor(clinic))
        slots.retire_past()


def _of_full_doctor(clinic: Clinic) -> Appointment:
    return _booked(clinic, "zorin")[0]


def _booked(clinic: Clinic, slug: str) -> QuerySet[Appointment]:
    booked = Appointment.objects.filter(doctor__slug=slug, status=AppointmentStatus.BOOKED, overbooked=False)
    return booked.filter(starts_at__gte=clinic.moment(THURSDAY, "00:00")).order_by("starts_at")


def _hold(clinic: Clinic, slot: Slot, reason: HoldReason, login: str) -> None:
    slots.hold(start=slot.pk, service=first_service(slot.doctor), reason=reason, by=clinic.by[login])


def room_is_repaired(clinic: Clinic) -> None:
    """Strands the visits of a day in one room: the patients are to be phoned, one who waits about another time."""
    with clinic.at(WEDNESDAY, "11:09"):
        starts_at, ends_at = day_bounds(clinic.day(SATURDAY), clinic.day(SATURDAY))
        data = AbsenceData(
            whose=Whose(room=clinic.doctors["zorin"].room),
            kind=AbsenceKind.REPAIR,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        booking.add_absence(data=data, by=clinic.by["schedule"])
        matching.offer_slot(slot=clinic.free("zorin", FRIDAY, FRIDAY)[0].pk)


def records_are_merged(clinic: Clinic) -> None:
    """Makes one record of two, twice: the second time it is taken back."""
    with clinic.at(WEDNESDAY, "11:07"):
        kept, by = Patient.objects.order_by("pk")[0], clinic.by["registrar"]
        for undone in (False, True):
            person = PersonData(last_name="Двойнова", first_name="Инга", birth_date=kept.birth_date)
            merged = booking.add_patient(person=person, by=by, allow_namesake=True)
            done = booking.merge_patients(kept=kept, merged=merged, chosen=[], by=by)
            if undone:
                booking.undo_merge(merge=done.merge.pk, by=by)


def messages_on_their_way(clinic: Clinic) -> None:
    """Leaves one message of each template in each state, as a gateway that is away does; the others are sent."""
    with clinic.at(WEDNESDAY, "11:10"):
        now = timezone.now()
        sent = {"state": MessageState.SENT, "attempts": 1, "sent_at": now, "sealed": ""}
        states = (
            {"state": MessageState.SENDING, "attempts": 1, "leased_until": now + timedelta(minutes=2)},
            {"state": MessageState.QUEUED, "attempts": 1, "due_at": now + timedelta(minutes=5)},
            {"state": MessageState.FAILED, "attempts": 4, "last_error": "Провайдер не отвечает", "sealed": ""},
            sent,
            {"state": MessageState.DROPPED, "sealed": ""},
        )
        newest = [Message.objects.filter(template=template).order_by("-created_at") for template in MessageTemplate]
        chosen = {message.pk: columns for rows in newest for message, columns in zip(rows, states, strict=False)}
        Message.objects.exclude(pk__in=chosen).update(**sent)
        for key, columns in chosen.items():
            Message.objects.filter(pk=key).update(**{"sent_at": None} | columns)
        at_the_provider = Message.objects.filter(state=MessageState.SENT).order_by("created_at", "pk")
        for number, (message, receipt) in enumerate(zip(at_the_provider, cycle(ReceiptState), strict=False)):
            Message.objects.filter(pk=message.pk).update(provider_id=f"sms-{number}", receipt=receipt)
        booking.renew_untold()
