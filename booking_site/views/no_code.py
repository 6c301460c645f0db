"""The contact centre phones whoever gets no code, with everything typed and the time kept."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

import booking
from booking_site import scope
from booking_site.consent import consent_text
from booking_site.flow import Flow
from booking_site.presenters.no_code import HandedPage, NobodyCallsPage
from booking_site.refusals import cannot_book
from booking_site.site_view import PRIVATE, Answer, Page, SiteRequest, site_view
from foundation.errors import DomainError
from waitlist.errors import NobodyCalls


def _refused(request: SiteRequest, flow: Flow, *, error: DomainError) -> Answer:
    if isinstance(error, NobodyCalls):
        return Page("booking_site/nobody_calls.html", NobodyCallsPage.of(flow), status=409)
    return cannot_book(request, flow, error=error)


@require_POST
@site_view(scope=scope.chosen_time, refused=_refused, headers=PRIVATE)
def call_me(request: SiteRequest, flow: Flow) -> Answer:
    """Hands the chosen time and what was typed over to the contact centre; pressed again, it leads to the same page."""
    if (checked := flow.checked) is None:
        return redirect("site:details")
    if not flow.handed:
        handed = booking.hand_over_time(
            slot=flow.slot_id,
            service=flow.service,
            hold=flow.hold,
            person=checked.person,
            representative=checked.representative,
            consent_text=consent_text(),
            remind=flow.remind,
            by=request.by,
        )
        flow.note_handed_over(handed.pk, handed.held_until)
    return redirect("site:we_call")


@require_safe
@site_view(scope=scope.chosen_time, headers=PRIVATE)
def we_call(request: SiteRequest, flow: Flow) -> Answer:
    if (handed := flow.handed) is None or (checked := flow.checked) is None:
        return redirect("site:details")
    content = HandedPage.of(flow, handed, phone=checked.person.phone)
    return Page("booking_site/we_call.html", content)
