from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

import booking
from back_office import scope, undoing
from back_office.answers import status_of
from back_office.forms.overbook import OverPanel
from back_office.presenters.overbook import OverbookPage
from back_office.scope import Busy
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_of_unusual_numbers
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from scheduling.models import Appointment
from scheduling.queries.read_models import ShownSlot


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.OVERBOOK, scope=scope.busy)
def overbook(request: StaffRequest, busy: Busy) -> Answer:
    """Books over a busy time for a reason that is written down; the rest is asked as for a free one."""
    slot, patient, services = busy.chosen
    if patient is None:
        return _page(slot, None)
    judged = request.method == "POST" and "refresh" not in request.POST
    panel = OverPanel(request, slot, patient, services, sent=request.POST or None, judged=judged)
    if not judged or not panel.is_valid():
        return _page(slot, panel, status=422 if judged else 200)
    try:
        made = _over(busy, panel, request.by)
    except DomainError as error:
        return _page(slot, panel, error=error, status=status_of(error))
    tell_of_unusual_numbers(request, panel.papers)
    undoing.offer_booked(request, made)
    return redirect("office:appointment", made.pk)


def _over(busy: Busy, panel: OverPanel, by: Actor) -> Appointment:
    return booking.overbook(
        patient=panel.patient,
        service=panel.service,
        doctor=busy.whole.doctor,
        room=busy.whole.shift.room,
        starts_at=busy.whole.starts_at,
        reason=panel.reason,
        channel=panel.channel,
        seen=panel.seen(),
        representative=panel.representative,
        power=panel.shown_power,
        for_other=panel.for_other,
        follow_up_of=panel.earlier,
        key=panel.key,
        unless_booked=panel.unless_booked,
        remind=panel.remind,
        by=by,
    )


def _page(slot: ShownSlot, panel: OverPanel | None, *, error: DomainError | None = None, status: int = 200) -> Page:
    content, shows = OverbookPage.of(slot, panel, error), [panel.patient.pk] if panel else []
    return Page("back_office/desk/overbook.html", content, shows=shows, status=status)
