"""Books visits for patients on the waitlist, only after they have said yes on the phone (R25)."""

from uuid import UUID

from booking import new_visit
from booking.new_visit import NewVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.choices import Channel
from patients.models import Representation
from scheduling.models import Appointment, Service
from waitlist.actions import calls, entries
from waitlist.choices import OfferState
from waitlist.errors import EntryClosed


@verb(Kind.MAKE)
def from_offer(
    *,
    offer: UUID,
    by: Actor,
    representative: Representation | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
) -> Appointment:
    """Books the offered time and closes the call, the offer and the entry with it.

    The same form again returns the same visit. Raises OfferGone, NotYourCall, EntryClosed and what `by_phone` raises.
    """
    call = calls.lock_accepted(offer=offer, by=by)
    if isinstance(call, Appointment):
        return call
    entry = entries.with_patient(call.entry_id)
    visit = new_visit.book_with_entry(
        NewVisit(
            slot=call.slot_id,
            service=call.service,
            patient=entry.patient,
            channel=Channel.PHONE,
            by=by,
            representative=representative or entry.representation,
            hold=call.pk,
            offered=True,
            entry=entry.pk,
            key=key,
            unless_booked=unless_booked,
            remind=remind,
        )
    )
    calls.finish_booked(entry=entry.pk, offer=call, state=OfferState.ACCEPTED, appointment=visit, by=by)
    return visit


@verb(Kind.MAKE)
def from_entry(
    *,
    entry: UUID,
    slot: UUID,
    service: Service,
    by: Actor,
    representative: Representation | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
) -> Appointment:
    """Books a time other than the offered one, or without an offer; an open offer ends.

    The same form again returns the same visit. Raises NotYourCall, EntryClosed and what `by_phone` raises.
    """
    row = entries.with_patient(entry)
    if row.appointment and key and row.appointment.idempotency_key == key:
        return row.appointment
    offer = calls.open_offer(entry=entry, by=by)
    visit = new_visit.book_with_entry(
        NewVisit(
            slot=slot,
            service=service,
            patient=row.patient,
            channel=Channel.PHONE,
            by=by,
            representative=representative or row.representation,
            hold=offer.pk if offer else None,
            offered=offer is not None,
            entry=entry,
            key=key,
            unless_booked=unless_booked,
            remind=remind,
        )
    )
    try:
        calls.finish_booked(entry=entry, offer=offer, state=OfferState.DECLINED, appointment=visit, by=by)
    except EntryClosed:
        if entries.with_patient(entry).appointment_id != visit.pk:  # it is, when the same form came at the same moment
            raise
    return visit
