"""The work queue besides freed times: missed calls, visitors without a code, waits that end, a call taken over."""

from django.urls import reverse

import booking
from foundation.accounts.actors import site_visitor, system
from foundation.database import clock
from notifications.choices import MessageState
from notifications.models import Message
from scheduling import tasks as scheduling_tasks
from scheduling.models import Appointment
from telephony.choices import Event
from telephony.data import Told
from tests.upgrade.life.clinic import MONDAY, SATURDAY, TUESDAY, WEDNESDAY, Clinic, first_service
from tests.upgrade.life.site import ADULT, ask_for_code
from tests.upgrade.life.waiting import at_work
from waitlist.actions import expiring
from waitlist.models import WaitlistRequest
from worklist.models import Claim

EXCHANGE = system("exchange")


def exchange_tells(clinic: Clinic) -> None:
    """Two calls come in: one is answered and recorded, one is missed and is to be called back."""
    with clinic.at(WEDNESDAY, "10:55"):
        at = clinic.moment(WEDNESDAY, "10:54")
        for call, number, events in (
            ("1732863240.1", "+79000009931", (Event.RINGING, Event.ANSWERED, Event.ENDED, Event.RECORDED)),
            ("1732863240.2", "+79000009932", (Event.RINGING, Event.MISSED)),
        ):
            for event in events:
                link = "https://exchange.example.org/318" if event == Event.RECORDED else ""
                recorded = {"recording_id": "318", "recording_link": link} if link else {}
                told = Told(event=event, call=call, at=at, number=number, extension="101", **recorded)
                booking.report_call(told=told, by=EXCHANGE)


def nobody_gets_a_code(clinic: Clinic) -> None:
    """Two visitors wait for a call instead of a code: one is booked, one waits; a third proves the phone first."""
    times = clinic.free("belova", SATURDAY, SATURDAY)
    with clinic.at(WEDNESDAY, "10:57"):
        for slot, phone in zip(times[2:4], ("+79000009933", "+79000009934"), strict=True):
            browser = ask_for_code(slot, ADULT, phone)
            assert browser.post(reverse("site:call_me")).url == reverse("site:we_call")
        first = WaitlistRequest.objects.filter(slot=times[2]).get()
        booking.from_request(request=first.pk, by=clinic.by["operator"])
        booking.send_code(phone="+79000009935", by=site_visitor(session="ring"), by_call=True)
    with clinic.at(WEDNESDAY, "11:08"):
        stranger = site_visitor(session="proved")
        slot = times[4]
        booking.hold_on_site(slot=slot.pk, service=first_service(slot.doctor), by=stranger, proved=True)


def waits_end(clinic: Clinic) -> None:
    with clinic.at(WEDNESDAY, "10:59"):
        expiring.ask()


def call_is_taken_over(clinic: Clinic) -> None:
    """The head ends a call of somebody who has gone."""
    with clinic.at(TUESDAY, "12:00"):
        at_work(clinic)
        booking.claim_next_task(by=clinic.by["operator-2"])
        claim = Claim.objects.get(by=clinic.by["operator-2"].ref)
        booking.take_call_over(claim=claim.pk, reason="Ушла на обед", by=clinic.by["head"])


def patients_are_reminded(clinic: Clinic) -> None:
    visit = Appointment.objects.filter(status="booked", starts_at__date=clinic.day(WEDNESDAY)).last()
    with clinic.at(MONDAY, "11:00"):
        booking.set_reminders(appointment=visit.pk, on=True, by=clinic.by["registrar"])
        told = {"state": MessageState.SENT, "attempts": 1, "sent_at": clock.now(), "sealed": ""}
        Message.objects.filter(about=visit.pk).update(**told)
    with clinic.at(TUESDAY, "18:01"):
        scheduling_tasks.put_reminders()
