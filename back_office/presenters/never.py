from dataclasses import dataclass

from django.http import QueryDict

from patients.models import Patient
from waitlist import never
from waitlist.wishes import WishData

KEPT = ("patient", "who", "date_from", "date_until", "weekdays", "time_from", "time_until", "notice")
"""What is asked for in another specialty too; its services and doctors are others."""


@dataclass(frozen=True, slots=True)
class NeverPart:
    """The notice says that no wait can bring what is wished, and which specialties can be searched instead."""

    sentence: str
    ways: list[tuple[str, str]]
    """Names of specialties, each with the query that searches it for the same days and hours."""

    @classmethod
    def of(cls, wishes: WishData, patient: Patient, asked: QueryDict) -> "NeverPart | None":
        error = never.why(wishes, birth_date=patient.birth_date)
        return cls(str(error), [(way.name, _instead(asked, str(way.pk))) for way in error.ways]) if error else None


def _instead(asked: QueryDict, specialty: str) -> str:
    query = QueryDict(mutable=True)
    query["specialty"] = specialty
    for name in KEPT:
        if name in asked:
            query.setlist(name, asked.getlist(name))
    return query.urlencode()
