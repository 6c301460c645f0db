from dataclasses import dataclass

from back_office.forms.overbook import OverPanel
from back_office.presenters.book_again import BookAgain
from back_office.presenters.booking import missing_papers
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.wording import spoken_time
from patients.demandable import Demandable
from patients.models import Patient
from scheduling.queries.read_models import ShownSlot


@dataclass(frozen=True, slots=True)
class OverbookPage:
    slot: ShownSlot
    starts: str
    patient: Patient | None
    panel: OverPanel | None
    """None until the patient is chosen."""
    error: str
    missing: tuple[Demandable, ...]
    again: BookAgain | None

    @classmethod
    def of(cls, slot: ShownSlot, panel: OverPanel | None, error: DomainError | None) -> "OverbookPage":
        return cls(
            slot=slot,
            starts=spoken_time(slot.local_start),
            patient=panel.patient if panel else None,
            panel=panel,
            error=sentence_of(error),
            missing=missing_papers(error),
            again=BookAgain.of(error, panel.sent) if panel else None,
        )
