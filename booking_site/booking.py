"""The last steps of a booking, the same from the details, the code and a page of alternatives."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from booking_site.consent import consent_text
from booking_site.flow import Flow
from booking_site.forms.details import DetailsForm
from booking_site.views.refusals import cannot_book
from booking_site.visitor import visitor_of
from patients.errors import PatientError
from scheduling import links
from scheduling.actions import self_booking
from scheduling.errors import BookingError


def go_on(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Books when everything is typed and the phone is proved; else leads to what is still missing."""
    slot = flow.slot
    form = flow.details(slot) if slot and flow.typed else None
    if form is None or not form.is_valid():
        return redirect("site:details")
    if not flow.has_proved(form.person().phone):
        return redirect("site:code")
    return book(request, flow, form)


def book(request: HttpRequest, flow: Flow, form: DetailsForm) -> HttpResponse:
    service = flow.service
    try:
        appointment = self_booking.book(
            slot=flow.slot_id,
            service=service,
            person=form.person(),
            representative=form.representative(),
            by=visitor_of(request),
            consent_text=consent_text(),
            idempotency_key=flow.key,
            hold_token=flow.hold,
        )
    except (BookingError, PatientError) as error:
        return cannot_book(request, error, slot_id=flow.slot_id, service=service)
    flow.finish(appointment)
    return to_visit(appointment.pk)


def to_visit(appointment_id: UUID) -> HttpResponse:
    return redirect("site:visit", token=links.token_for(appointment_id))
