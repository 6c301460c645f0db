"""The registry entries on a patient's card: what was shown, to whom and when (R8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from patients.choices import DocumentKind, SeenAs
from patients.demandable import Demandable
from patients.models import RegistryEntry


@dataclass(frozen=True, slots=True)
class EntryLine:
    at: datetime
    channel: str
    applicant: str
    representative: str
    papers: list[str]
    """«Паспорт гражданина РФ •• 56 (оригинал)»."""
    by_name: str

    @classmethod
    def of(cls, entry: RegistryEntry) -> "EntryLine":
        return cls(
            at=entry.at,
            channel=entry.get_channel_display().lower(),
            applicant=_applicant(entry),
            representative=entry.representation.full_name if entry.representation else "",
            papers=[_paper(shown) for shown in entry.documents_seen],
            by_name=entry.by_name,
        )


def _applicant(entry: RegistryEntry) -> str:
    """Returns «взрослый за другого взрослого: Орлов Пётр Ильич, сын; доверенность»."""
    said = ", ".join(filter(None, (entry.applicant_name, entry.applicant_acts_as)))
    shown = "; ".join(filter(None, (said, str(entry.get_applicant_paper_display() or ""))))
    return f"{entry.get_applicant_display()}: {shown}" if shown else str(entry.get_applicant_display())


def _paper(shown: Mapping[str, str]) -> str:
    kind = DocumentKind(shown["kind"]).label if shown["kind"] else Demandable(shown["document"]).label
    number = f"{kind} •• {shown['ends']}" if shown.get("ends") else str(kind)
    seen_as = SeenAs(shown["seen_as"]).label.lower()
    return _("%(document)s (%(seen_as)s)") % {"document": number, "seen_as": seen_as}
