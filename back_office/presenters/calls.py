"""These presenters hold what the page of a call shows (R21–R25)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.http import QueryDict
from django.utils import timezone

from back_office.forms.calls import OutcomeForm
from back_office.presenters.applicants import ShownApplicant, applicants_of
from back_office.presenters.book_again import BookAgain
from back_office.presenters.call_backs import ShownCallBack, shown_call_backs
from back_office.presenters.declined import ShownReason, shown_reasons
from back_office.presenters.wishes import FreeTime, doctor_names, in_words, times_of_call, urgency_of
from foundation import wording
from foundation.database import clock
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.models import Patient, Representation
from waitlist.choices import CallOutcome
from waitlist.models import CallAttempt, SlotOffer, WaitlistEntry
from waitlist.queries import entries as waiting
from waitlist.queries import why
from waitlist.queries.why import Skip
from worklist.errors import CallTaken

ATTEMPTS = 10
KEYS = {
    CallOutcome.NO_ANSWER: "4",
    CallOutcome.BUSY: "5",
    CallOutcome.UNREACHABLE: "6",
    CallOutcome.VOICEMAIL: "7",
    CallOutcome.DECLINED_SLOT: "8",
    CallOutcome.DECLINED_ALL: "9",
    CallOutcome.THIRD_PARTY: "=",
    CallOutcome.DROPPED: "0",
    CallOutcome.WRONG_NUMBER: "-",
    CallOutcome.BLOCKED: "3",
    CallOutcome.WRITE_ONLY: "1",
    CallOutcome.CALL_ONLY: "2",
}


@dataclass(frozen=True, slots=True)
class CallPage:
    """The page is the script of one call; it asks who acts for a child where the entry names nobody."""

    offer: SlotOffer
    entry: WaitlistEntry
    patient: Patient
    representation: Representation | None
    """Who acts for the patient today, as the entry says: whom to phone."""
    urgent: str
    words: list[str]
    time: str
    acting: Sequence[Representation]
    """Those who may act for a minor where the entry names nobody."""
    applicants: list[ShownApplicant]
    """Those who may come at the offered time."""
    asks_who: bool
    """True when the patient is a minor on that day and the entry names nobody."""
    attempts: list[CallAttempt]
    others: list[tuple[FreeTime, str]]
    """Each is a form of its own with a key of its own: a second press books once."""
    key: str
    form: OutcomeForm
    call_backs: list[ShownCallBack]
    reasons: list[ShownReason]
    endings: list[tuple[CallOutcome, str]]
    """The outcomes with the keys of the keyboard that choose them."""
    ask_removal: bool
    error: str
    again: BookAgain | None
    alive: "AlivePart"
    before: list[Skip]
    """Those who stand before the patient, and why they are not phoned about this time."""

    @classmethod
    def of(
        cls,
        offer: SlotOffer,
        *,
        form: OutcomeForm | None,
        note: str,
        ask_removal: bool,
        error: DomainError | None,
        sent: QueryDict,
        taken: CallTaken | None,
    ) -> "CallPage":
        entry, patient, today = offer.entry, offer.patient, timezone.localdate()
        applicants, day = applicants_of(entry, patient), offer.local_start.date()
        others = times_of_call(offer, applicants=applicants)
        return cls(
            offer=offer,
            entry=entry,
            patient=patient,
            representation=applicants.named,
            urgent=urgency_of(entry),
            words=in_words(entry, doctor_names([entry])),
            time=wording.spoken_time(offer.local_start),
            acting=applicants.others,
            applicants=applicants.on(day),
            asks_who=applicants.asks_who(day),
            attempts=list(waiting.attempts(entry.pk)[:ATTEMPTS]),
            others=[(time, str(uuid4())) for time in others],
            key=str(uuid4()),
            form=form or OutcomeForm(initial={"call_back_day": today, "note": note}),
            call_backs=shown_call_backs(),
            reasons=shown_reasons(offer),
            endings=list(KEYS.items()),
            ask_removal=ask_removal,
            error=sentence_of(error),
            again=BookAgain.of(error, sent),
            alive=AlivePart.of(offer, lost=taken is not None, taken=taken),
            before=why.before(entry, slot=offer.slot),
        )

    @property
    def patients(self) -> list[UUID]:
        """Returns those whom the page names."""
        return [self.patient.pk, *(skip.entry.patient_id for skip in self.before)]


@dataclass(frozen=True, slots=True)
class AlivePart:
    """The line says how long the offered time is held, or that it is not: first come wins."""

    offer: SlotOffer
    lost: bool
    held: bool
    seen: str
    """A text that changes with the line."""
    taken: str
    """Who has taken the call, and why; empty when nobody has."""

    @classmethod
    def of(cls, offer: SlotOffer, *, lost: bool = False, taken: CallTaken | None = None) -> "AlivePart":
        held = offer.is_held(clock.now())
        seen = str(int(offer.expires_at.timestamp())) if held else "free"
        return cls(offer, lost, held, "lost" if lost else seen, str(taken or ""))
