from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.core.paginator import Page as PageOfRows
from django.http import QueryDict

from back_office.forms.calls import PauseForm, RemoveForm, UrgencyForm
from back_office.forms.waitlist import WaitlistFilterForm
from back_office.forms.wishes import WishesForm
from back_office.presenters import expiring
from back_office.presenters.applicants import Applicants, applicants_of
from back_office.presenters.book_again import BookAgain
from back_office.presenters.expiring import Question
from back_office.presenters.wishes import (
    FreeTime,
    doctor_names,
    free_times,
    free_times_after_call,
    in_words,
    urgency_of,
)
from foundation.accounts.actors import Actor
from foundation.database import clock
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.models import Patient, Representation
from scheduling.models import Appointment
from scheduling.queries.availability import NEAREST
from scheduling.queries.find_people import FoundPeople
from waitlist import wishes
from waitlist.choices import EntryState, OfferState
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from waitlist.queries import entries as waiting
from waitlist.queries.entries import Place


@dataclass(frozen=True, slots=True)
class EntryRow:
    """The line says who waits, for what and since when."""

    pk: UUID
    patient: str
    age: int
    urgent: str
    """Why it is urgent, by whom and since when; empty for whoever is not."""
    words: list[str]
    note: str
    arrived_at: datetime
    last_contact_at: datetime | None
    attempts: int
    state: EntryState
    place: Place | None
    """Their place in the line of the specialty; None for whoever waits no more."""
    visit: Appointment | None
    """The visit that has ended the wish."""
    closed_at: datetime | None
    close_reason: str


@dataclass(frozen=True, slots=True)
class WaitlistPage:
    rows: list[EntryRow]
    page_obj: PageOfRows[WaitlistEntry]
    form: WaitlistFilterForm
    asked: str
    """The name, phone or card that was looked for."""
    meant: FoundPeople
    parked: int
    """Free times for which the system could look for nobody."""


@dataclass(frozen=True, slots=True)
class EntryForms:
    """The forms on the page of an entry, empty or as they were sent."""

    remove: RemoveForm = field(default_factory=RemoveForm)
    urgency: UrgencyForm = field(default_factory=UrgencyForm)
    pause: PauseForm = field(default_factory=PauseForm)


@dataclass(frozen=True, slots=True)
class EntryPage:
    entry: WaitlistEntry
    place: Place | None
    patient: Patient
    representation: Representation | None
    """Who acts for the patient today, as the entry says."""
    urgent: str
    words: list[str]
    attempts: Sequence[CallAttempt]
    offer: SlotOffer | None
    question: Question | None
    """The wait ends: the patient is to be asked."""
    rests: bool
    """The patient is left in peace, after several noes in a row or by hand."""
    works: bool
    """Whether this person may work with it, and it is still open."""
    on_phone: bool
    """Whether the patient is on the phone: then no notice is needed."""
    times: list[tuple[FreeTime, str]]
    forms: EntryForms
    error: str
    again: BookAgain | None

    @classmethod
    def of(
        cls,
        entry: WaitlistEntry,
        *,
        works: bool,
        by: Actor,
        on_phone: bool,
        forms: EntryForms,
        error: DomainError | None,
        sent: QueryDict,
    ) -> "EntryPage":
        patient = entry.patient
        applicants = applicants_of(entry, patient)
        times = _times(entry, applicants, on_phone=on_phone) if works else []
        return cls(
            entry=entry,
            place=waiting.places([entry]).get(entry.pk),
            patient=patient,
            representation=applicants.named,
            urgent=urgency_of(entry),
            words=in_words(entry, doctor_names([entry])),
            attempts=list(waiting.attempts(entry.pk)),
            offer=entry.offers.filter(state=OfferState.OPEN)
            .select_related("doctor", "service", "slot__shift__room__location")
            .first(),
            question=expiring.question(entry, by, clock.now()) if works else None,
            rests=bool(entry.rests_until and entry.rests_until > clock.now()),
            works=works,
            on_phone=on_phone,
            times=[(time, str(uuid4())) for time in times],
            forms=forms,
            error=sentence_of(error),
            again=BookAgain.of(error, sent),
        )


def _times(entry: WaitlistEntry, applicants: Applicants, *, on_phone: bool) -> list[FreeTime]:
    if on_phone:
        return free_times(wishes.of(entry), applicants=applicants, limit=NEAREST * 2)
    return free_times_after_call(entry, applicants=applicants, limit=NEAREST * 2)


@dataclass(frozen=True, slots=True)
class ChangePage:
    entry: WaitlistEntry
    form: WishesForm


def rows_of(entries: Iterable[WaitlistEntry]) -> list[EntryRow]:
    """Makes the lines of the list; names of doctors and places in line cost a query each."""
    entries = list(entries)
    names, places = doctor_names(entries), waiting.places(entries)
    return [
        EntryRow(
            pk=entry.pk,
            patient=entry.patient.full_name,
            age=entry.patient.age,
            urgent=urgency_of(entry),
            words=in_words(entry, names),
            note=entry.note,
            arrived_at=entry.arrived_at,
            last_contact_at=entry.last_contact_at,
            attempts=entry.attempts,
            state=EntryState(entry.state),
            place=places.get(entry.pk),
            visit=entry.appointment,
            closed_at=entry.closed_at,
            close_reason=entry.close_reason,
        )
        for entry in entries
    ]
