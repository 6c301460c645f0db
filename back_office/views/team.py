"""The head sees who is on which call and how much waits, and takes a call that nobody makes any more."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import booking
from back_office import renewing
from back_office.alarm import tells_of_emergencies
from back_office.forms.refused import refused
from back_office.forms.team import TakeCallForm
from back_office.presenters.team import TakePage, TeamPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError


@require_safe
@staff_view(Permission.LEAD_TEAM)
def team(request: StaffRequest) -> Answer:
    return renewing.whole(request, TeamPage.of(), "back_office/team/team.html", page="team")


@tells_of_emergencies
@require_safe
@staff_view(Permission.LEAD_TEAM)
def part(request: StaffRequest) -> Answer:
    """Sends the lists to a page that is open, and nothing when they would look the same."""
    return renewing.part(request, TeamPage.of(), "back_office/team/_team.html", page="team", where="office:team")


def _again(request: StaffRequest, claim_id: UUID, *, error: DomainError) -> Page:
    return _page(claim_id, refused(TakeCallForm(request.POST or None), error))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.LEAD_TEAM, refused=_again)
def take(request: StaffRequest, claim_id: UUID) -> Answer:
    form = TakeCallForm(request.POST or None)
    if not form.is_valid():
        return _page(claim_id, form, status=422 if form.is_bound else 200)
    booking.take_call_over(claim=claim_id, reason=form.cleaned_data["reason"], by=request.by)
    messages.success(request, _("The call is taken: what it was about is in the queue again."))
    return redirect("office:team")


def _page(claim_id: UUID, form: TakeCallForm, *, status: int = 200) -> Page:
    content = TakePage.of(claim_id, form)
    return Page("back_office/team/take.html", content, shows=content.patients, status=status)
