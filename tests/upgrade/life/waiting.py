"""The waitlist: requests, entries, offers and calls, in every state and with every outcome."""

from datetime import time

import booking
from patients.choices import Channel
from patients.data import PersonData
from patients.models import Patient
from scheduling.actions import slots
from scheduling.choices import AppointmentStatus, HoldReason
from scheduling.models import Appointment, Specialty
from tests import phoning
from tests.upgrade.life.clinic import FRIDAY, MONDAY, SATURDAY, SUNDAY, TUESDAY, WEDNESDAY, Clinic, first_service
from waitlist import at_once, matching
from waitlist.actions import calls, offers
from waitlist.choices import CallOutcome, OfferState
from waitlist.models import SlotOffer, Sweep, WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData
from worklist.choices import Priority

NOBODY = (
    (CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.UNREACHABLE),
    (CallOutcome.VOICEMAIL, CallOutcome.THIRD_PARTY, CallOutcome.DROPPED),
    (CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER, CallOutcome.NO_ANSWER),
    (CallOutcome.BUSY, CallOutcome.BUSY, CallOutcome.BUSY),
)
"""Three calls each, after which a message asks the patient to call."""
WAITING = 34


def queue_up(clinic: Clinic) -> None:
    """Makes entries: most want the doctor who is full; some have wishes that nothing fits."""
    with clinic.at(MONDAY, "10:00"):
        for number in range(WAITING):
            priority = Priority.URGENT if number == 1 else Priority.NORMAL
            reason = "Направил врач" if priority == Priority.URGENT else ""
            wished = {"priority": priority, "urgent_reason": reason}
            _join(clinic, "zorin", note="Может приехать в течение часа.", **wished)
        _join(clinic, "artemev", date_until=clinic.day(SUNDAY), weekdays=(2, 4))
        _join(clinic, "guseva", time_from=time(9), time_until=time(12), date_from=clinic.day(SATURDAY))
        _join_for_child(clinic)
        _wait_for_held_sunday(clinic)


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
    _join(clinic, "zhuravleva", child, acting, doctor_ids=(), service=service, time_from=time(17))


def _wait_for_held_sunday(clinic: Clinic) -> None:
    """Makes an entry whose one time is held; when the hold lapses, only the reconciliation finds it."""
    [sunday] = clinic.free("belova", SUNDAY, SUNDAY)
    service = first_service(sunday.doctor)
    slots.hold(start=sunday.pk, service=service, reason=HoldReason.DESK, by=clinic.by["registrar"])
    _join(clinic, "belova", date_from=clinic.day(SUNDAY), date_until=clinic.day(SUNDAY))


def call_on_monday(clinic: Clinic) -> None:
    """Times become free, are offered to the first in line, and the operator phones."""
    with clinic.at(MONDAY, "10:20"):
        at_once.reconcile()
        known = set(SlotOffer.objects.values_list("pk", flat=True))
        _free_times(clinic, 11)
    with clinic.at(MONDAY, "10:21"):
        slots.release_lapsed()  # nobody undoes a step any more
        matching.match_freed()
        offered = _offered_since(known)
    with clinic.at(MONDAY, "10:25"):
        booked, elsewhere, *asked = offered
        phoning.claim(offer=booked, by=clinic.by["operator"])
        booking.from_offer(offer=booked, by=clinic.by["operator"])
        _book_elsewhere(clinic, elsewhere)
        for outcome in (CallOutcome.DECLINED_SLOT, CallOutcome.DECLINED_ALL, CallOutcome.WRONG_NUMBER):
            _call(clinic, asked.pop(), outcome)
        phoning.claim(offer=asked[-1], by=clinic.by["operator"])
        phoning.give_back(offer=asked.pop(), by=clinic.by["operator"])
    for wall, turn in (("10:30", 0), ("12:45", 1), ("14:50", 2)):
        with clinic.at(MONDAY, wall):
            for offer, outcomes in zip(asked, NOBODY, strict=False):
                _call(clinic, offer, outcomes[turn])
            offers.return_lapsed()
    with clinic.at(MONDAY, "15:00"):
        gone = SlotOffer.objects.filter(state=OfferState.LAPSED).exclude(pk__in=asked).latest("ended_at")
        calls.remove_entry(entry=gone.entry_id, reason="Вылечился сам", by=clinic.by["operator"])
        unreachable = WaitlistEntry.objects.filter(offers__pk=asked[0]).get()
        booking.wait_again(entry=unreachable.pk, by=clinic.by["operator"])


def _free_times(clinic: Clinic, count: int) -> None:
    """Cancels so many visits of the full doctor."""
    full = Appointment.objects.filter(doctor__slug="zorin", starts_at__gte=clinic.moment(FRIDAY, "00:00"))
    for visit in full.filter(status=AppointmentStatus.BOOKED, overbooked=False).order_by("starts_at")[:count]:
        clinic.cancel(visit)


def _offered_since(known: set) -> list:
    """Returns the offers of the full doctor's times that are not known yet, in the order of the line."""
    made = SlotOffer.objects.exclude(pk__in=known).filter(doctor__slug="zorin")
    return list(made.order_by("pk").values_list("pk", flat=True))


def _call(clinic: Clinic, offer, outcome: CallOutcome, **more) -> None:
    phoning.claim(offer=offer, by=clinic.by["operator"])
    calls.finish(offer=offer, outcome=outcome, by=clinic.by["operator"], note="Неудобно утром.", **more)


def _book_elsewhere(clinic: Clinic, offer) -> None:
    phoning.claim(offer=offer, by=clinic.by["operator"])
    slot = clinic.free("belova", SATURDAY, SATURDAY)[0]
    entry = SlotOffer.objects.get(pk=offer).entry_id
    booking.from_entry(entry=entry, slot=slot.pk, service=first_service(slot.doctor), by=clinic.by["operator"])


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
        offers.return_lapsed()
        matching.match_freed()
        known = set(SlotOffer.objects.values_list("pk", flat=True))
        _free_times(clinic, 5)
    with clinic.at(WEDNESDAY, "10:51"):
        slots.release_lapsed()
        matching.match_freed()
        _to_call, put_off, nobody, left, called = _offered_since(known)
        _call(clinic, put_off, CallOutcome.CALL_BACK, call_back_at=clinic.moment(WEDNESDAY, "15:00"))
        _call(clinic, nobody, CallOutcome.NO_ANSWER)
    with clinic.at(WEDNESDAY, "11:00"):
        phoning.claim(offer=left, by=clinic.by["operator-2"])
        at_once.reconcile()
        last = WaitlistEntry.objects.order_by("pk").last()
        Sweep.objects.filter(name=at_once.RECONCILE).update(position=last.pk)
    with clinic.at(WEDNESDAY, "11:08"):
        phoning.claim(offer=called, by=clinic.by["operator"])
