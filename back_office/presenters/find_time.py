from dataclasses import dataclass, field

from django.http import QueryDict

from back_office.forms.number import NumberForm, number_form
from back_office.forms.wishes import WishesForm
from back_office.presenters.applicants import Applicants
from back_office.presenters.never import NeverPart
from back_office.presenters.wishes import FreeTime, free_times
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.models import Patient
from patients.queries.reached import reached
from scheduling.queries.availability import NEAREST

SEARCHED = WishesForm.base_fields.keys() - {"notice", "urgent_reason"}
"""What is searched by; the notice is asked for the waitlist alone."""


@dataclass(frozen=True, slots=True)
class FindTimePage:
    """The page shows the wishes of a patient and, once they are asked for, the nearest times in words."""

    patient: Patient | None
    form: WishesForm
    asked: bool = False
    found: list[FreeTime] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    """What was asked for, to be handed over as it is."""
    number: NumberForm | None = None
    """The contact centre has no number to call yet."""
    error: str = ""
    never: NeverPart | None = None
    """Nothing can ever fit: there is nothing to wait for."""

    @classmethod
    def of(
        cls,
        patient: Patient,
        form: WishesForm,
        sent: QueryDict,
        *,
        number: NumberForm | None = None,
        error: DomainError | None = None,
    ) -> "FindTimePage":
        """Looks for times once the wishes are complete."""
        if not form.is_valid():
            return cls(patient, form, number=number, error=sentence_of(error))
        found = free_times(form.wishes(), applicants=Applicants(patient), limit=NEAREST)
        return cls(
            patient,
            form,
            asked=True,
            found=found,
            sent=[(name, str(each)) for name, every in sent.lists() if name in SEARCHED for each in every],
            number=number or number_form(reached(patient).number),
            error=sentence_of(error),
            never=None if found else NeverPart.of(form.wishes(), patient, sent),
        )
