"""Visitors of the site whom no code reaches are phoned by the contact centre, with everything typed and the time kept.

By phone nobody has to prove the number: whoever is phoned answers it (R16).
"""

from datetime import timedelta
from uuid import UUID

from booking import new_visit, waiting_visitors
from booking.new_visit import NewVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.clock import day_of
from foundation.database import clock
from foundation.guard import strangers
from patients.choices import Channel
from patients.data import PersonData, RepresentativeData
from scheduling.actions import site_holds
from scheduling.errors import SlotTaken
from scheduling.models import Appointment, Service
from scheduling.queries.read_models import AnyService
from waitlist.actions import calls, requests
from waitlist.models import WaitlistRequest
from waitlist.wishes import WishData
from worklist.actions import tasks
from worklist.choices import Priority, TaskKind

AGAIN_AFTER = timedelta(minutes=3)
"""The visitor sits at their screen: whoever did not answer is phoned again soon."""


@verb(Kind.BESIDE)
def hand_over_time(
    *,
    slot: UUID,
    service: AnyService,
    hold: UUID,
    person: PersonData,
    by: Actor,
    consent_text: str,
    representative: RepresentativeData | None = None,
    remind: bool = False,
) -> WaitlistRequest:
    """Hands a visitor's chosen time over to the contact centre, which phones them; the time is kept until then.

    The same form again leads to the same request. Raises NobodyCalls, LimitReached and what `hold` raises.
    """
    strangers.count_request(browser=by.ref, phone=person.phone, address=by.ip)
    now, until = clock.now(), waiting_visitors.kept_until(slot)
    chosen = Service.objects.select_related("specialty").get(pk=service.pk)
    wishes = WishData(specialty=chosen.specialty, service=chosen, date_from=day_of(now))
    request = requests.hand_over(
        person=person,
        wishes=wishes,
        channel=Channel.SITE,
        by=by,
        representative=representative,
        consent_text=consent_text,
        slot=slot,
        held_until=until,
        remind=remind,
    )
    site_holds.hand_over(start=slot, service=service, by=by, token=hold, to=request.pk, until=until)
    tasks.open(
        kind=TaskKind.NO_CODE,
        subject=request.pk,
        patient=None,
        phone=person.phone,
        priority=Priority.URGENT,
        waiting_since=now,
        due_at=until,
        unless_open=True,
    )
    return request


@verb(Kind.BESIDE)
def visitor_not_reached(*, request: UUID, by: Actor) -> None:
    """Puts off a visitor who did not answer; the time stays kept until its end. Raises NotClaimed."""
    calls.put_off(task=requests.task_about(request), outcome="no_answer", not_before=clock.now() + AGAIN_AFTER, by=by)


@verb(Kind.MAKE)
def from_request(*, request: UUID, by: Actor) -> Appointment:
    """Books the time that a visitor had chosen, once they have said yes on the phone.

    The same press again returns the same visit. Raises what `by_phone` raises, RequestHandled, and SlotTaken for a
    request without a time.
    """
    row = requests.lock(request)
    if row.appointment:
        return row.appointment
    requests.check_open(row)
    if row.slot_id is None or row.service is None:
        raise SlotTaken
    patient, representation = requests.record_people(row, by=by)
    visit = new_visit.book_with_entry(
        NewVisit(
            slot=row.slot_id,
            service=row.service,
            patient=patient,
            channel=Channel.PHONE,
            by=by,
            representative=representation,
            hold=row.pk,
            remind=row.remind,
        )
    )
    requests.booked(row, visit=visit, by=by)
    requests.settle(request, outcome="booked", by=by)
    return visit
