from dataclasses import dataclass

from booking_site.forms.request import RequestForm
from scheduling.models import Specialty


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The page asks for the wishes that the contact centre will call about."""

    form: RequestForm
    specialty: Specialty

    @classmethod
    def of(cls, form: RequestForm) -> "RequestPage":
        return cls(form, form.specialty)
