"""A booking ends with the same steps after the details, after the code and from a page of other times."""

from django.http import HttpResponse
from django.shortcuts import redirect

import booking
from booking.site import TypedCode
from booking_site.consent import consent_text
from booking_site.flow import Checked, Flow
from foundation.accounts.actors import Actor
from scheduling import links
from scheduling.models import Appointment


def go_on(flow: Flow, *, by: Actor) -> HttpResponse:
    """Books when everything is typed and the phone is proved; else leads to what is still missing."""
    if (checked := flow.checked) is None:
        return redirect("site:details")
    if not flow.has_proved(checked.person.phone):
        return redirect("site:code")
    return book(flow, checked, code=None, by=by)


def book(flow: Flow, checked: Checked, *, code: TypedCode | None, by: Actor) -> HttpResponse:
    """Books what was typed for the chosen time; without a `code` the phone has been proved before.

    Raises what `booking.on_site` raises.
    """
    try:
        appointment = booking.on_site(
            slot=flow.slot_id,
            service=flow.service_id,
            person=checked.person,
            representative=checked.representative,
            code=code,
            by=by,
            consent_text=consent_text(),
            key=flow.key,
            hold=flow.hold,
            unless_booked=flow.unless_booked,
            handed=flow.handed.request if flow.handed else None,
            remind=flow.remind,
        )
    finally:
        if code and code.right:
            flow.prove(checked.person.phone)
    flow.finish(appointment)
    return to_visit(appointment)


def to_visit(appointment: Appointment) -> HttpResponse:
    return redirect("site:visit", token=links.token_of(appointment))
