"""Books visits for patients on the waitlist, only after they have said yes on the phone (R25)."""

from uuid import UUID

from booking import new_time, new_visit
from booking.new_visit import NewVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.choices import Channel
from patients.models import Representation
from scheduling.actions import visits
from scheduling.models import Appointment, Service
from waitlist.actions import calls, entries
from waitlist.choices import OfferState
from waitlist.errors import EntryClosed
from waitlist.models import SlotOffer


@verb(Kind.MAKE)
def from_offer(
    *,
    offer: UUID,
    by: Actor,
    representative: Representation | None = None,
    key: str | None = None,
    unless_booked: bool = False,
    remind: bool = False,
    note: str = "",
) -> Appointment:
    """Books the offered time and closes the call, the offer and the entry with it.

    Whoever has a later visit for it gives that up: it is moved, and its old time goes round (W11). The same form again
    returns the same visit. Raises OfferGone, EntryClosed and what `by_phone` raises.
    """
    later = _locked_for_offer(offer)  # before the offer, in the order of locks
    call = calls.lock_accepted(offer=offer, by=by)
    if isinstance(call, Appointment):
        return call
    entry = entries.with_patient(call.entry_id)
    new = NewVisit(
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
    visit = _swapped(new, later, representative) if later else new_visit.book_with_entry(new)
    calls.finish_booked(entry=entry.pk, offer=call, state=OfferState.ACCEPTED, appointment=visit, note=note, by=by)
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
    note: str = "",
) -> Appointment:
    """Books a time other than the offered one, or without an offer; an open offer ends.

    Whoever has a later visit for it gives that up: it is moved, and its old time goes round (W11). The same form again
    returns the same visit. Raises NotYourCall, EntryClosed and what `by_phone` raises.
    """
    later = new_time.lock_later(entries.with_patient(entry), slot=slot, service=service)
    row = entries.with_patient(entry)  # as it is after a form sent twice has waited for the first
    if row.appointment and _is_made(row.appointment, slot=slot, key=key):
        return row.appointment
    offer = calls.open_offer(entry=entry, by=by)
    new = NewVisit(
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
    visit = _swapped(new, later, representative) if later else new_visit.book_with_entry(new)
    try:
        calls.finish_booked(entry=entry, offer=offer, state=OfferState.DECLINED, appointment=visit, note=note, by=by)
    except EntryClosed:
        if entries.with_patient(entry).appointment_id != visit.pk:  # it is, when the same form came at the same moment
            raise
    return visit


def _locked_for_offer(offer: UUID) -> Appointment | None:
    """Locks the visit that the patient of an offer would give up for it."""
    unused = SlotOffer.objects.exclude(state=OfferState.ACCEPTED).select_related("entry__patient", "service")
    row = unused.filter(pk=offer).first()
    return new_time.lock_later(row.entry, slot=row.slot_id, service=row.service) if row else None


def _swapped(new: NewVisit, later: Appointment, representative: Representation | None) -> Appointment:
    """Moves the later visit to the time that was agreed instead of making a second one; nobody is asked about that."""
    moved = new_time.go(
        later.pk,
        to_slot=new.slot,
        service=new.service,
        by=new.by,
        channel=new.channel,
        representative=representative,
        hold=new.hold,
        offered=new.offered,
    )
    return visits.set_reminders(appointment=moved.pk, on=True, by=new.by) if new.remind else moved


def _is_made(visit: Appointment, *, slot: UUID, key: str | None) -> bool:
    """Tells whether this form has made the visit, or has moved it there."""
    return bool(key) and (visit.idempotency_key == key or visit.slots.filter(pk=slot).exists())
