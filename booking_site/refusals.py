"""Pages that say why something cannot be done and what to do next. Everything typed stays in the session."""

from collections.abc import Callable, Sequence
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from booking_site.answers import ANOTHER_TIME, BY_PHONE, answer_to
from booking_site.flow import Flow
from foundation.errors import DomainError
from patients.choices import Channel
from scheduling.eligibility import check_channel
from scheduling.errors import FollowUpNotOnSite, ServiceNotOffered, SlotTaken
from scheduling.models import Slot
from scheduling.queries.availability import alternatives
from scheduling.queries.read_models import AnyService, FreeSlot


def first_visits_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """R18: whatever asks for a follow-up here is refused by the domain's own rule, with the phone number."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        kind = request.POST.get("visit_kind") or request.GET.get("kind") or "first"
        try:
            check_channel(Channel.SITE, kind)
        except FollowUpNotOnSite as error:
            answer = answer_to(error)
            return render(request, answer.page, {"error": error}, status=answer.status)
        return view(request, *args, **kwargs)

    return checked


def cannot_book(request: HttpRequest, error: DomainError, *, slot_id: object, service: AnyService) -> HttpResponse:
    """The nearest other times, or the sentence with the phone when another time would not help."""
    withdrawn = isinstance(error, ServiceNotOffered) and not (service.active and service.on_site)
    answer = BY_PHONE if withdrawn else answer_to(error)
    # Back to what was typed, where that can be mended; a service that is gone cannot.
    typed = bool(Flow(request.session).typed) and not withdrawn
    context = {"error": error, "service": service, "typed": typed}
    if answer.page == ANOTHER_TIME.page:
        context["times"] = _other_times(error, slot_id, service)
    return render(request, answer.page, context, status=answer.status)


def _other_times(error: DomainError, slot_id: object, service: AnyService) -> Sequence[FreeSlot]:
    slot = Slot.objects.filter(pk=slot_id).first()
    named = error.alternatives if isinstance(error, SlotTaken) else []
    return named or (alternatives(slot, service) if slot else [])
