"""Use cases of the waitlist: requests handed over by the site and the desk, and entries (R12, R20)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from booking import gate, waiting_visitors
from booking.reaching import give_number
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.changes import Changes
from foundation.database import clock
from foundation.guard import strangers
from patients.choices import Channel
from patients.contact import number_of
from patients.data import PersonData, RepresentativeData
from patients.models import Patient, Representation
from patients.queries.reached import reached
from scheduling.actions.appointments.locked import locked
from waitlist.actions import calls, entries, pauses, requests, unmet
from waitlist.choices import UnmetReason
from waitlist.errors import AlreadyWaiting, EntryClosed
from waitlist.models import UnmetWish, WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData, of


@verb(Kind.BESIDE)
def hand_over(
    *,
    person: PersonData,
    wishes: WishData,
    channel: Channel,
    by: Actor,
    patient: Patient | None = None,
    representative: RepresentativeData | None = None,
    consent_text: str = "",
    proved: bool = False,
) -> WaitlistRequest:
    """Hands a patient's wishes from the site or the desk over to the contact centre.

    `proved` tells that a visitor of the site has typed the code that this number was sent.
    The number of `person` is recorded with a `patient` of the register whom nobody could phone. Raises NeverFits, and
    LimitReached for one from the site where strangers have left many.
    """
    if channel == Channel.SITE and by.is_visitor:
        strangers.count_request(browser=by.ref, phone=person.phone, address=by.ip)
    if patient and not (known := reached(patient)).number:
        give_number(patient=patient, representation=known.representation, phone=person.phone, by=by)
    return requests.hand_over(
        person=person,
        wishes=wishes,
        channel=channel,
        by=by,
        patient=patient,
        representative=representative,
        consent_text=consent_text,
        proved=proved,
    )


@verb(Kind.BESIDE)
def enter_request(*, request: UUID, by: Actor) -> WaitlistEntry:
    """Turns a request into a waitlist entry in one click, with the patient record. It records no consent.

    Raises RequestHandled, NeverFits.
    """
    entry = requests.enter(request=request, by=by)
    requests.settle(request, outcome="entered", by=by)
    return entry


@verb(Kind.END)
def close_request(*, request: UUID, by: Actor) -> None:
    """Closes a request whose wish is gone."""
    gate.check()
    waiting_visitors.close(request, by=by)


@verb(Kind.BESIDE, keeps=(AlreadyWaiting,))
def join_waitlist(
    *,
    patient: Patient,
    wishes: WishData,
    by: Actor,
    representation: Representation | None = None,
    none_suits: bool = False,
    declined: Collection[UUID] = (),
    phone: str = "",
) -> WaitlistEntry:
    """Puts a patient on the waitlist. Raises AlreadyWaiting, NeverFits, SlotsAreFree while something fits.

    `none_suits` is the patient's word that they want none of the free times, of which those that were read out are
    `declined`; then SlotsAreFree is not raised. `phone` is recorded where neither the patient nor who acts for them has
    a number, even for one who waits already.
    """
    if phone and not number_of(patient, representation):
        give_number(patient=patient, representation=representation, phone=phone, by=by)
    return entries.join(
        patient=patient,
        wishes=wishes,
        by=by,
        representation=representation,
        none_suits=none_suits,
        declined=declined,
    )


@verb(Kind.BESIDE)
def record_unmet(
    *, patient: Patient | None, wishes: WishData, reason: UnmetReason, channel: Channel, by: Actor
) -> UnmetWish:
    """Writes down that nothing suited somebody who does not want to wait: a demand that was not met."""
    return unmet.record(patient=patient, wishes=wishes, reason=reason, channel=channel, by=by)


@verb(Kind.BESIDE)
def change_wishes(*, entry: UUID, changes: Changes, by: Actor) -> WaitlistEntry:
    """Changes the wishes of an entry, which keeps its place in the order of arrival. Raises EntryClosed, NeverFits."""
    return entries.change(entry=entry, changes=changes, by=by)


@verb(Kind.BESIDE)
def set_urgency(*, entry: UUID, reason: str, by: Actor) -> WaitlistEntry:
    """Makes an entry urgent for a reason, or an ordinary one again when there is none. Raises EntryClosed."""
    return entries.set_urgency(entry=entry, reason=reason, by=by)


@verb(Kind.BESIDE)
def pause_entry(*, entry: UUID, until: date, reason: str, by: Actor) -> WaitlistEntry:
    """Has nobody phone a person about free times before that day, as they ask. Raises EntryClosed."""
    return pauses.pause(entry=entry, until=until, reason=reason, by=by)


@verb(Kind.BESIDE)
def end_pause(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Lets a person who was left in peace be phoned from now on. Raises EntryClosed."""
    return pauses.end(entry=entry, by=by)


@verb(Kind.BESIDE)
def wait_again(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Puts a patient who could not be reached and called back on the list again. Raises EntryClosed."""
    return entries.wait_again(entry=entry, by=by)


@verb(Kind.BESIDE)
def wait_for_earlier(*, appointment: UUID, by: Actor) -> WaitlistEntry | WaitlistRequest:
    """Leaves a patient on the list whose wish this visit has ended: for a time earlier than it.

    Only the contact centre puts people on the list (R20): at its own press the entry waits on at its place, at that of
    others a request with the same wishes arises. A repetition changes nothing. Raises EntryClosed where no visit ahead
    has ended a wish, AlreadyWaiting.
    """
    visit = locked(appointment)
    if waits := entries.waiting_for_earlier(visit):
        return waits
    ended = entries.ended_by(visit)
    if ended is None or not visit.can_be_changed(clock.now()):
        raise EntryClosed
    if by.may(Permission.WORK_WAITLIST):
        return entries.wait_for_earlier(entry=ended.pk, by=by)
    of_record = {name: getattr(ended.patient, name) for name in ("last_name", "first_name", "patronymic", "birth_date")}
    return requests.hand_over(
        person=PersonData(**of_record, phone=reached(ended.patient).number),
        wishes=of(ended),
        channel=Channel.REGISTRY,
        by=by,
        patient=ended.patient,
    )


@verb(Kind.END)
def remove_entry(*, entry: UUID, reason: str, by: Actor) -> None:
    """Takes a patient off the waitlist at their word. Raises EntryClosed, NotYourCall."""
    gate.check()
    calls.remove_entry(entry=entry, reason=reason, by=by)
