"""Who waits for a time: requests handed over, entries of the waitlist (R12, R20)."""

from uuid import UUID

from booking import gate
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from patients.choices import Channel
from patients.data import PersonData, RepresentativeData
from patients.models import Patient, Representation
from waitlist.actions import calls, entries, requests
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData


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
) -> WaitlistRequest:
    """The site and the desk leave the wishes to the contact centre."""
    return requests.hand_over(
        person=person,
        wishes=wishes,
        channel=channel,
        by=by,
        patient=patient,
        representative=representative,
        consent_text=consent_text,
    )


@verb(Kind.BESIDE)
def enter_request(*, request: UUID, by: Actor) -> WaitlistEntry:
    """One click: the record, who acts, the consent and the entry."""
    return requests.enter(request=request, by=by)


@verb(Kind.END)
def close_request(*, request: UUID, by: Actor) -> None:
    """The wish is gone."""
    gate.ask()
    requests.close(request=request, by=by)


@verb(Kind.BESIDE)
def join_waitlist(
    *,
    patient: Patient,
    wishes: WishData,
    by: Actor,
    representation: Representation | None = None,
    none_suits: bool = False,
) -> WaitlistEntry:
    """Raises SlotsAreFree while something fits and the patient has not refused it, AlreadyWaiting."""
    return entries.join(patient=patient, wishes=wishes, by=by, representation=representation, none_suits=none_suits)


@verb(Kind.BESIDE)
def change_wishes(*, entry: UUID, wishes: WishData, by: Actor) -> WaitlistEntry:
    """The place in the order of arrival stays. Raises EntryClosed."""
    return entries.change(entry=entry, wishes=wishes, by=by)


@verb(Kind.BESIDE)
def wait_again(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """The patient who could not be reached called back. Raises EntryClosed."""
    return entries.wait_again(entry=entry, by=by)


@verb(Kind.END)
def remove_entry(*, entry: UUID, reason: str, by: Actor) -> None:
    """Takes a patient off the list at their word. Raises EntryClosed, NotYourCall."""
    gate.ask()
    calls.remove_entry(entry=entry, reason=reason, by=by)
