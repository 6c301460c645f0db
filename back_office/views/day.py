"""The registrar starts on the day of every doctor."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from back_office import scope
from back_office.alarm import tells_of_emergencies
from back_office.forms.day import DayForm
from back_office.presenters.day import DayPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from patients.models import Patient

SHOWN = "shown_on_day"


@tells_of_emergencies
@require_safe
@staff_view(Permission.SEE_DAY, scope=scope.patient_in_query)
def day(request: StaffRequest, patient: Patient | None) -> Answer:
    """Shows the page, or to htmx the grid alone; 204 when nothing changed since version `v`."""
    content = DayPage.of(DayForm(request.GET), request.GET, request.by, patient=patient, whole=not request.htmx)
    if request.htmx and request.GET.get("v") == content.version:
        return HttpResponse(status=204)
    template = "back_office/desk/_day.html" if request.htmx else "back_office/desk/day.html"
    chosen = [content.patient.pk] if content.patient else []
    return Page(template, content, shows=_newly_shown(request, content.day, chosen + content.grid.patients))


def _newly_shown(request: StaffRequest, day: date, patients: list[UUID]) -> list[UUID]:
    """Returns everybody for a page that is opened, for a refresh only those who were not there before."""
    before = request.session.get(SHOWN, {}).get(str(day), [])
    new = [patient for patient in patients if str(patient) not in before]
    if new:
        request.session[SHOWN] = {str(day): [*before, *map(str, new)]}
    return new if request.htmx else patients
