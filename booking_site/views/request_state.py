"""Visitors read what has become of a request they left, by a link of their own, without an account."""

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

import booking
from booking_site import scope
from booking_site.presenters.request_state import CancelRequestPage, RequestStatePage
from booking_site.scope import LinkedRequest
from booking_site.site_view import LINK, LINK_WITH_FORM, Answer, Page, SiteRequest, site_view


@require_safe
@site_view(scope=scope.linked_request, headers=LINK)
def request_state(request: SiteRequest, linked: LinkedRequest) -> Answer:
    content = RequestStatePage.of(linked.row, linked.token, proved=linked.proved)
    return Page("booking_site/request_state.html", content)


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.linked_request, headers=LINK_WITH_FORM)
def cancel(request: SiteRequest, linked: LinkedRequest) -> Answer:
    """Asks once more, and takes the request back; what was done with it meanwhile is shown instead."""
    if linked.can_cancel and request.method != "POST":
        return Page("booking_site/request_cancel.html", CancelRequestPage(linked.token, linked.row))
    if linked.can_cancel:
        booking.close_request(request=linked.row.pk, by=request.by)
    return redirect("site:request_state", token=linked.token)
