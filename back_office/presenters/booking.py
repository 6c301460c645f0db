"""These presenters hold what the booking panel of the desk shows."""

from dataclasses import dataclass
from uuid import UUID

from back_office.forms.panel import Panel
from back_office.presenters.book_again import BookAgain
from back_office.presenters.found import FoundPatient
from foundation.accounts.actors import Actor
from foundation.clock import WallTime
from foundation.database import clock
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.wording import spoken_time
from patients.demandable import Demandable
from patients.errors import DocumentsMissing
from patients.models import Patient
from scheduling.choices import HoldReason
from scheduling.errors import SlotTaken
from scheduling.queries.availability import alternatives
from scheduling.queries.read_models import FreeSlot, ShownSlot


@dataclass(frozen=True, slots=True)
class HoldPart:
    """The line says how long the time is kept."""

    slot: ShownSlot
    held: UUID | None
    hold_error: str


@dataclass(frozen=True, slots=True)
class FreePage:
    """A visitor without a proved phone keeps a time, which the staff may free."""

    slot: ShownSlot
    starts: str
    error: str
    token: UUID | None
    """None when no such visitor keeps it any more."""
    until: WallTime | None

    @classmethod
    def of(cls, slot: ShownSlot, error: DomainError | None = None) -> "FreePage":
        live = slot.hold_reason == HoldReason.SITE_FORM and slot.held_until and slot.held_until > clock.now()
        token, until = (slot.hold_token, slot.local_held_until) if live else (None, None)
        return cls(slot=slot, starts=spoken_time(slot.local_start), error=sentence_of(error), token=token, until=until)


@dataclass(frozen=True, slots=True)
class ChoosePatientPage:
    slot: ShownSlot
    starts: str
    held: UUID | None
    asked: str
    read_as: str
    guessed: bool
    found: list[FoundPatient]
    service: UUID | None


@dataclass(frozen=True, slots=True)
class BookPage:
    slot: ShownSlot
    starts: str
    held: UUID | None
    patient: Patient
    panel: Panel
    error: str
    missing: tuple[Demandable, ...]
    """Papers that have to be ticked."""
    alternatives: list[FreeSlot]
    again: BookAgain | None

    @classmethod
    def of(cls, panel: Panel, by: Actor, error: DomainError | None) -> "BookPage":
        return cls(
            slot=panel.slot,
            starts=spoken_time(panel.slot.local_start),
            held=own_hold(panel.slot, by),
            patient=panel.patient,
            panel=panel,
            error=sentence_of(error),
            missing=missing_papers(error),
            alternatives=_others(error, panel) if isinstance(error, SlotTaken) else [],
            again=BookAgain.of(error, panel.sent),
        )


def missing_papers(error: DomainError | None) -> tuple[Demandable, ...]:
    return tuple(map(Demandable, error.missing)) if isinstance(error, DocumentsMissing) else ()


def _others(error: SlotTaken, panel: Panel) -> list[FreeSlot]:
    """Looks around for other times where the database refused without doing so."""
    here = panel.slot.pk
    return error.alternatives or [each for each in alternatives(panel.slot, panel.service) if each.pk != here]


def own_hold(slot: ShownSlot, by: Actor) -> UUID | None:
    """Returns the token of this person's own hold of the slot, while it stands."""
    mine = slot.hold_owner == by.ref and slot.hold_reason == HoldReason.DESK
    return slot.hold_token if mine and slot.held_until and slot.held_until > clock.now() else None
