"""The waitlist: requests, entries, offers and calls, in every state and with every outcome."""

from datetime import time
from uuid import UUID

from django.conf import settings
from django.test import override_settings

import booking
from foundation.accounts.actors import site_visitor
from patients.choices import Channel
from patients.data import PersonData
from patients.models import Patient
from scheduling.actions import slots
from scheduling.choices import AppointmentStatus, HoldReason
from scheduling.models import Appointment, Specialty
from tests import phoning
from tests.upgrade.life.clinic import FRIDAY, MONDAY, SATURDAY, SUNDAY, TUESDAY, WEDNESDAY, Clinic, first_service
from waitlist import asking, at_once, matching
from waitlist.actions import calls, offers
from waitlist.choices import FAILS, NOT_REACHED, CallOutcome, DeclineReason, EntryState, TimeReply, UnmetReason
from waitlist.models import SlotOffer, Sweep, TimeQuestion, WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData
from worklist import duty, queries
from worklist.choices import Priority, TaskKind

ENDS: tuple[tuple[CallOutcome, DeclineReason | None], ...] = (
    *((CallOutcome.DECLINED_SLOT, reason) for reason in DeclineReason),
    (CallOutcome.DECLINED_SLOT, None),
    (CallOutcome.DECLINED_ALL, None),
    *((outcome, None) for outcome in (*FAILS, *NOT_REACHED, CallOutcome.WRITE_ONLY)),
)
"""How calls about times end, one after another."""
WAITING = 44


def queue_up(clinic: Clinic) -> None:
    """Makes entries: most want the doctor who is full; some have wishes that nothing fits."""
    with clinic.at(MONDAY, "10:00"):
        for number in range(WAITING):
            priority = Priority.URGENT if number == 1 else Priority.NORMAL
            reason = "Направил врач" if priority == Priority.URGENT else ""
            wished = {"priority": priority, "urgent_reason": reason}
            _join(clinic, "zorin", note="Может приехать в течение часа.", **wished)
        _join(clinic, "artemev", date_until=clinic.day(SUNDAY), weekdays=(2, 4))
        _join(
            clinic,
            "sokolov",
            time_from=time(9),
            time_until=time(12),
            date_from=clinic.day(SATURDAY),
            date_until=clinic.day(SATURDAY),
        )
        _join_for_child(clinic)
        _wait_for_held_sunday(clinic)
        _published_for(clinic)
        _leave_without(clinic)


def _join(clinic: Clinic, slug: str, patient: Patient | None = None, representation=None, **wished) -> WaitlistEntry:
    doctor = clinic.doctors[slug]
    columns = {"doctor_ids": (doctor.pk,), "date_from": clinic.day(TUESDAY)} | wished
    return booking.join_waitlist(
        patient=patient or next(clinic.adults),
        wishes=WishData(specialty=doctor.specialties.order_by("order")[0], **columns),
        representation=representation,
        by=clinic.by["operator"],
        none_suits=True,
    )


def _join_for_child(clinic: Clinic) -> None:
    child, acting = list(clinic.people.representations.items())[-1]
    service = first_service(clinic.doctors["zhuravleva"])
    _join(clinic, "zhuravleva", child, acting, doctor_ids=(), service=service, time_from=time(15))


def _leave_without(clinic: Clinic) -> None:
    """Nothing suits callers who do not want to wait either, each for another reason."""
    wishes = WishData(specialty=Specialty.objects.get(slug="laser"), date_from=clinic.day(WEDNESDAY), note="Спросит.")
    by = clinic.by["operator"]
    for who, reason in zip(Patient.objects.order_by("pk"), UnmetReason, strict=False):
        booking.record_unmet(patient=who, wishes=wishes, reason=reason, channel=Channel.PHONE, by=by)


def _published_for(clinic: Clinic) -> None:
    """A day is published, and whoever waits for it is proposed a call."""
    day = clinic.day(SATURDAY)
    booking.publish(doctor=clinic.doctors["sokolov"], first_day=day, last_day=day, by=clinic.by["schedule"])
    at_work(clinic)


def _wait_for_held_sunday(clinic: Clinic) -> None:
    """Makes an entry whose one time is held; when the hold lapses, only the reconciliation finds it."""
    [sunday] = clinic.free("belova", SUNDAY, SUNDAY)
    service = first_service(sunday.doctor)
    slots.hold(start=sunday.pk, service=service, reason=HoldReason.DESK, by=clinic.by["registrar"])
    _join(clinic, "belova", date_from=clinic.day(SUNDAY), date_until=clinic.day(SUNDAY))


def call_on_monday(clinic: Clinic) -> None:
    """Times become free, and an operator phones whoever is first in line, again and again: each call ends otherwise."""
    with clinic.at(MONDAY, "10:20"):
        at_once.reconcile()
        _free_times(clinic, 11)
    with clinic.at(MONDAY, "10:22"):
        booking.from_offer(offer=_next_call(clinic), by=clinic.by["operator"])
    with clinic.at(MONDAY, "10:24"):
        _book_elsewhere(clinic, _next_call(clinic))
    with clinic.at(MONDAY, "10:26"):
        phoning.give_back(offer=_next_call(clinic), by=clinic.by["operator"])
    for number, (outcome, reason) in enumerate(ENDS):
        with clinic.at(MONDAY, f"{11 + number // 4}:{number % 4 * 15:02}"):
            _end(clinic, _next_call(clinic), outcome, reason=reason)
    with clinic.at(MONDAY, "16:55"):
        offer = _next_call(clinic)
        _end(clinic, offer, CallOutcome.CALL_ONLY)
        _end(clinic, offer, CallOutcome.DECLINED_SLOT)
    with clinic.at(MONDAY, "17:00"):
        gone = WaitlistEntry.objects.filter(state=EntryState.WAITING).latest("pk")
        calls.remove_entry(entry=gone.pk, reason="Вылечился сам", by=clinic.by["operator"])


def _next_call(clinic: Clinic) -> UUID:
    """Lets an operator begin the next call about a free time, whatever else is to be done."""
    at_work(clinic)
    due = queries.due(kinds=[TaskKind.FREED_TIME]).values_list("pk", flat=True)
    return phoning.offer_of(booking.claim_task(task=due[0], by=clinic.by["operator"])).pk


def at_work(clinic: Clinic) -> None:
    """Somebody is on duty, and the sweeps of this minute run."""
    duty.note(clinic.by["operator"])
    duty.note(clinic.by["operator-2"])
    slots.release_lapsed()
    offers.return_lapsed()
    matching.match_freed()


def _free_times(clinic: Clinic, count: int) -> None:
    """Cancels so many visits of the full doctor."""
    full = Appointment.objects.filter(doctor__slug="zorin", starts_at__gte=clinic.moment(FRIDAY, "00:00"))
    for visit in full.filter(status=AppointmentStatus.BOOKED, overbooked=False).order_by("starts_at")[:count]:
        clinic.cancel(visit)


def _end(clinic: Clinic, offer: UUID, outcome: CallOutcome, **more: object) -> None:
    calls.finish(offer=offer, outcome=outcome, by=clinic.by["operator"], note="Неудобно утром.", **more)


def _book_elsewhere(clinic: Clinic, offer: UUID) -> None:
    slot = clinic.free("belova", SATURDAY, SATURDAY)[0]
    entry = SlotOffer.objects.get(pk=offer).entry_id
    booking.from_entry(entry=entry, slot=slot.pk, service=first_service(slot.doctor), by=clinic.by["operator"])


def ask_by_message(clinic: Clinic) -> None:
    """Two freed times are asked about by message; one person says yes, the others no, each for another reason."""
    with override_settings(MESSAGE_FIRST=True):
        with clinic.at(TUESDAY, "13:20"):
            _free_times(clinic, 2)
        with clinic.at(TUESDAY, "13:22"):
            at_work(clinic)
        with clinic.at(TUESDAY, "13:28"):
            asking.ask_about_freed()
    answers = [(TimeReply.YES, None), (TimeReply.NO, None), *((TimeReply.NO, reason) for reason in DeclineReason)]
    with clinic.at(TUESDAY, "13:30"):
        for question, (reply, reason) in zip(TimeQuestion.objects.order_by("pk"), answers, strict=False):
            booking.answer_freed_time(
                question=question.pk, reply=reply, reason=reason, by=site_visitor(session="answers")
            )


def hand_over(clinic: Clinic) -> None:
    """Hands requests over from the desk; then an operator enters one of each kind and closes one."""
    person = next(clinic.adults)
    data = {name: getattr(person, name) for name in ("last_name", "first_name", "patronymic", "birth_date")}
    wishes = WishData(
        specialty=Specialty.objects.get(slug="laser"),
        date_from=clinic.day(WEDNESDAY),
        priority=Priority.URGENT,
        urgent_reason="Направил врач",
    )
    with clinic.at(TUESDAY, "11:00"):
        booking.hand_over(
            person=PersonData(phone=person.phone.as_e164, **data),
            patient=person,
            wishes=wishes,
            channel=Channel.REGISTRY,
            by=clinic.by["registrar"],
        )
        handed = WaitlistRequest.objects.order_by("created_at")
        of_adult, of_child, unwanted = handed[0], handed[1], handed[2]
        booking.enter_request(request=of_adult.pk, by=clinic.by["operator"])
        booking.enter_request(request=of_child.pk, by=clinic.by["operator"])
        booking.close_request(request=unwanted.pk, by=clinic.by["operator"])


def call_now(clinic: Clinic) -> None:
    """Leaves calls of the dump's moment: due, put off twice over, in a call, in a call whose browser died."""
    with clinic.at(WEDNESDAY, "10:50"):
        _free_times(clinic, 8)
    with clinic.at(WEDNESDAY, "10:52"):
        _end(clinic, _next_call(clinic), CallOutcome.CALL_BACK, call_back_at=clinic.moment(WEDNESDAY, "15:00"))
    with clinic.at(WEDNESDAY, "10:54"):
        offer = _next_call(clinic)
        WaitlistEntry.objects.filter(offers=offer).update(attempts=settings.CALL_ATTEMPTS - 1)
        _end(clinic, offer, CallOutcome.NO_ANSWER)  # a message asks them to call
    with clinic.at(WEDNESDAY, "11:00"):
        at_work(clinic)
        booking.claim_next_task(by=clinic.by["operator-2"])
        at_once.reconcile()
        last = WaitlistEntry.objects.order_by("pk").last()
        Sweep.objects.filter(name=at_once.RECONCILE).update(position=last.pk)
    with clinic.at(WEDNESDAY, "11:08"):
        _next_call(clinic)
