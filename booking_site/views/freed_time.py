"""The page of a private link asks whether a freed time would suit; only a press of a button is an answer."""

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

import booking
from booking_site import scope
from booking_site.answers import answer_to
from booking_site.forms.freed_time import AnswerForm
from booking_site.presenters.freed_time import FreedTimePage
from booking_site.scope import AskedTime
from booking_site.site_view import LINK_WITH_FORM, Answer, Page, SiteRequest, site_view
from foundation.errors import DomainError

TEMPLATE = "booking_site/freed_time.html"


def _as_it_is(request: SiteRequest, asked: AskedTime, *, error: DomainError) -> Page:
    return Page(TEMPLATE, FreedTimePage.of(asked.question, asked.token), status=answer_to(error).status)


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.asked_time, refused=_as_it_is, headers=LINK_WITH_FORM)
def freed_time(request: SiteRequest, asked: AskedTime) -> Answer:
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if form.is_valid():
            booking.answer_freed_time(question=asked.question.pk, by=request.by, **form.said())
        return redirect("site:freed_time", token=asked.token)
    return Page(TEMPLATE, FreedTimePage.of(asked.question, asked.token))
