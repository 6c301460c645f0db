from dataclasses import dataclass

from booking_site.forms.request import RequestForm
from scheduling.models import Specialty


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The form of a request to the contact centre."""

    form: RequestForm
    specialty: Specialty

    @classmethod
    def of(cls, form: RequestForm) -> "RequestPage":
        return cls(form, form.specialty)
