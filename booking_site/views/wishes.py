from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

import booking
from booking_site import scope
from booking_site.answers import answer_to
from booking_site.consent import consent_text
from booking_site.flow import Flow
from booking_site.forms.choice import doctor_from_text
from booking_site.forms.request import RequestForm
from booking_site.presenters.request import RequestPage
from booking_site.queries import catalogue
from booking_site.site_view import PRIVATE, Answer, Page, SiteRequest, site_view
from foundation.errors import DomainError
from foundation.guard import by_hand
from foundation.idempotency.once import A_DAY
from patients.choices import Channel
from scheduling.models import Specialty
from waitlist import request_links


def _again(request: SiteRequest, specialty: Specialty, *, error: DomainError) -> Page:
    """Shows what was typed with the reason why it was not taken."""
    form = RequestForm(request.POST, specialty=specialty)
    form.add_error(None, str(error))
    return Page("booking_site/request.html", RequestPage.of(form), status=answer_to(error).status)


@require_http_methods(["GET", "HEAD", "POST"])
@site_view(scope=scope.specialty, refused=_again, headers=PRIVATE, once=A_DAY)
def leave(request: SiteRequest, specialty: Specialty) -> Answer:
    """Hands the wishes over to the contact centre (R12, R20); what was chosen or typed before is filled in."""
    if request.method != "POST":
        form = RequestForm(specialty=specialty, initial=request.typed_again or _known(request))
        return Page("booking_site/request.html", RequestPage.of(form))
    form = RequestForm(request.POST, specialty=specialty)
    if not form.is_valid():
        return Page("booking_site/request.html", RequestPage.of(form), status=422)
    by_hand.check(request.POST)
    person = form.person()
    proved = Flow(request.session).has_proved(person.phone)
    left = booking.hand_over(
        person=person,
        wishes=form.wishes(),
        representative=form.representative(),
        channel=Channel.SITE,
        by=request.by,
        consent_text=consent_text(),
        proved=proved,
    )
    return redirect("site:request_state", token=request_links.token_for(left.pk, proved=proved))


def _known(request: SiteRequest) -> dict[str, object]:
    doctor = catalogue.doctors().filter(slug=doctor_from_text(request.GET.get("doctor"))).first()
    asked = request.GET.get("service")
    service = next((one for one in catalogue.services() if str(one.pk) == asked), None)
    return {**Flow(request.session).typed, "doctor": doctor, "service": service, "consent": False}
