"""A page says why a chosen time cannot be booked, while everything typed stays in the session."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from booking_site.answers import ANOTHER_TIME, BY_PHONE, answer_to
from booking_site.flow import Flow
from booking_site.presenters.refusal import Refusal
from booking_site.site_view import Page, SiteRequest
from foundation.errors import DomainError
from scheduling.errors import ServiceNotOffered, SlotTaken
from scheduling.models import Slot
from scheduling.queries.availability import alternatives
from scheduling.queries.read_models import AnyService, FreeSlot


class ChosenTime(Protocol):
    """A form or the session names the time that a visitor wants."""

    @property
    def slot_id(self) -> UUID: ...

    @property
    def service(self) -> AnyService: ...


def cannot_book(request: SiteRequest, chosen: ChosenTime, *, error: DomainError) -> Page:
    """Shows the nearest other times, or the phone number when another time would not help."""
    service = chosen.service
    withdrawn = isinstance(error, ServiceNotOffered) and not (service.active and service.on_site)
    answer = BY_PHONE if withdrawn else answer_to(error)
    content = Refusal(
        error=str(error),
        # Back to what was typed, where that can be mended; a service that is gone cannot.
        typed=bool(Flow(request.session).typed) and not withdrawn,
        service=service,
        times=_other_times(error, chosen) if answer.page == ANOTHER_TIME.page else (),
    )
    return Page(answer.page, content, status=answer.status)


def _other_times(error: DomainError, chosen: ChosenTime) -> Sequence[FreeSlot]:
    if isinstance(error, SlotTaken) and error.alternatives:
        return error.alternatives
    slot = Slot.objects.filter(pk=chosen.slot_id).first()
    return alternatives(slot, chosen.service) if slot else []
