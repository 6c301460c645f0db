from dataclasses import dataclass
from datetime import datetime

from booking_site.flow import Flow
from booking_site.forms.details import DetailsForm
from scheduling.queries.read_models import ShownService, ShownSlot


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """The page asks who comes, and shows the chosen time."""

    form: DetailsForm
    slot: ShownSlot
    service: ShownService
    held_until: datetime | None
    """None when the time is not kept any more."""
    way: str
    """The sealed way to this step."""
    no_code: bool
    """No code can be sent to the phone that was typed."""

    @classmethod
    def of(cls, flow: Flow, form: DetailsForm, *, no_code: bool = False) -> "DetailsPage":
        held_until = flow.held_until(form.slot)
        return cls(
            form=form,
            slot=form.slot,
            service=flow.service,
            held_until=held_until,
            way=flow.sealed,
            no_code=no_code,
        )
