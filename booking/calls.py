"""Operators call patients about freed times (R21–R25).

The patient's yes is `from_offer` or `from_entry`.
"""

from datetime import datetime
from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from waitlist.actions import calls
from waitlist.choices import CallOutcome
from waitlist.models import CallAttempt, SlotOffer


@verb(Kind.BESIDE)
def claim_next_call(*, by: Actor) -> SlotOffer | None:
    """Claims the next call that is due for this operator («Следующий»); returns None when there is none."""
    return calls.claim_next(by=by)


@verb(Kind.BESIDE)
def claim_call(*, offer: UUID, by: Actor) -> SlotOffer:
    """Claims this call out of turn. Raises OfferGone, NotYourCall, FinishFirst."""
    return calls.claim(offer=offer, by=by)


@verb(Kind.BESIDE)
def keep_call(*, offer: UUID, by: Actor) -> bool:
    """Prolongs the claim while the call page is open; returns False when the claim is lost."""
    return calls.keep_alive(offer=offer, by=by)


@verb(Kind.BESIDE)
def give_call_back(*, offer: UUID, by: Actor) -> None:
    """Gives the call back to the queue when the operator did not dial. Raises OfferGone, NotYourCall."""
    calls.give_back(offer=offer, by=by)


@verb(Kind.BESIDE)
def finish_call(
    *, offer: UUID, outcome: CallOutcome, by: Actor, note: str = "", call_back_at: datetime | None = None
) -> CallAttempt:
    """Records how the call ended and does what follows from it.

    It is accepted whatever became of the claim. Raises OfferGone, OutcomeNeeded, CallBackTimeNeeded, NobodyPhonesThen.
    """
    return calls.finish(offer=offer, outcome=outcome, by=by, note=note, call_back_at=call_back_at)
