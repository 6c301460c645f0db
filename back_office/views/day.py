"""The registrar's home: the day of every doctor."""

import hashlib
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from back_office import grid
from back_office.actor import actor_of
from back_office.forms.day import DayForm
from clinic.accounts.access import requires
from clinic.accounts.actors import Actor
from clinic.accounts.choices import Permission
from clinic.audit import trail
from scheduling.queries.day import doctor_days

SHOWN = "shown_on_day"


@require_safe
@requires(Permission.SEE_DAY)
def day(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx the grid alone; 204 when nothing changed since version `v`."""
    by = actor_of(request)
    form = DayForm(request.GET)
    chosen, today = form.day, timezone.localdate()
    drawn = grid.build(_columns(form), now=timezone.now(), owner=by.ref)
    again = {name: request.GET[name] for name in ("specialty", "doctor", "move", "patient") if request.GET.get(name)}
    context = {
        "grid": drawn,
        "day": chosen,
        "today": today,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "again": again,
        "moving": form.chosen("move"),
        "for_patient": form.chosen("patient"),
    }
    body = render_to_string("back_office/desk/_grid.html", context, request)
    version = hashlib.blake2s(body.encode(), digest_size=8).hexdigest()
    if request.htmx and request.GET.get("v") == version:
        return HttpResponse(status=204)
    _record_shown(request, by, chosen, drawn.patients)
    context |= {"body": body, "version": version, "form": _filters(form, chosen)}
    return render(request, f"back_office/desk/{'_day' if request.htmx else 'day'}.html", context)


def _columns(form: DayForm) -> list:
    specialty, doctor = form.chosen("specialty"), form.chosen("doctor")
    return doctor_days(form.day, specialty=specialty and specialty.pk, doctors=[doctor.pk] if doctor else None)


def _filters(form: DayForm, chosen: date) -> DayForm:
    kept = {name: form.chosen(name) for name in ("specialty", "doctor", "move", "patient")}
    return DayForm(initial={"date": chosen} | kept)


def _record_shown(request: HttpRequest, by: Actor, chosen: date, patients: list[UUID]) -> None:
    """Every opening of the page; of the refreshes every five seconds only those who were not there before."""
    before = request.session.get(SHOWN, {}).get(str(chosen), [])
    new = [patient for patient in patients if str(patient) not in before]
    trail.record_shown(by=by, patients=set(new if request.htmx else patients), where="office:day")
    if new:
        request.session[SHOWN] = {str(chosen): [*before, *map(str, new)]}
