"""The last steps of a booking, the same from the details, the code and a page of alternatives."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

import booking
from booking.site import TypedCode
from booking_site.consent import consent_text
from booking_site.flow import Checked, Flow
from booking_site.refusals import cannot_book
from booking_site.visitor import visitor_of
from foundation.errors import DomainError
from notifications.errors import CodeProblem
from scheduling import links
from scheduling.models import Appointment


def go_on(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Books when everything is typed and the phone is proved; else leads to what is still missing."""
    if (checked := flow.checked) is None:
        return redirect("site:details")
    if not flow.has_proved(checked.person.phone):
        return redirect("site:code")
    return book(request, flow, checked, code=None)


def book(request: HttpRequest, flow: Flow, checked: Checked, *, code: TypedCode | None) -> HttpResponse:
    """Without a `code` the phone has been proved before. Raises CodeProblem."""
    try:
        appointment = booking.on_site(
            slot=flow.slot_id,
            service=flow.service_id,
            person=checked.person,
            representative=checked.representative,
            code=code,
            by=visitor_of(request),
            consent_text=consent_text(),
            key=flow.key,
            hold=flow.hold,
        )
    except CodeProblem:
        raise
    except DomainError as error:
        return cannot_book(request, error, slot_id=flow.slot_id, service=flow.service)
    finally:
        if code and code.right:
            flow.prove(checked.person.phone)
    flow.finish(appointment)
    return to_visit(appointment)


def to_visit(appointment: Appointment) -> HttpResponse:
    return redirect("site:visit", token=links.token_of(appointment))
