import secrets

from django.http import HttpRequest

from foundation.accounts.actors import Actor, site_visitor
from scheduling.models import Appointment
from waitlist.models import TimeQuestion, WaitlistRequest

KEY = "visitor"
MARK_BYTES = 16


def visitor_of(request: HttpRequest) -> Actor:
    """Returns who fills in the form, known by a token of the browser's session, never by a phone or a name."""
    if KEY not in request.session:
        request.session[KEY] = secrets.token_urlsafe(MARK_BYTES)
    return site_visitor(session=request.session[KEY], ip=_address(request))


def known_visitor(request: HttpRequest) -> str:
    """Returns the visitor of this browser as `visitor_of` refers to them, or nobody; looking makes no session."""
    return site_visitor(session=request.session.get(KEY, "")).ref


def link_holder(request: HttpRequest, appointment: Appointment) -> Actor:
    """Returns who opened the patient's own link to this appointment."""
    return site_visitor(session=f"link:{appointment.pk.hex[:12]}", ip=_address(request))


def question_holder(request: HttpRequest, question: TimeQuestion) -> Actor:
    """Returns who opened the link of a question whether a freed time would suit."""
    return site_visitor(session=f"link:{question.pk.hex[:12]}", ip=_address(request))


def request_holder(request: HttpRequest, left: WaitlistRequest) -> Actor:
    """Returns who opened the link of a request that was left on the site."""
    return site_visitor(session=f"link:{left.pk.hex[:12]}", ip=_address(request))


def _address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")
