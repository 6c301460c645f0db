"""The registrar's home: the day of every doctor."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from back_office import grid
from back_office.actor import actor_of
from back_office.forms.day import DayForm
from foundation.accounts.access import requires
from foundation.accounts.actors import Actor
from foundation.accounts.choices import Permission
from foundation.audit import trail
from scheduling.queries.day import doctor_days

SHOWN = "shown_on_day"


@require_safe
@requires(Permission.SEE_DAY)
def day(request: HttpRequest) -> HttpResponse:
    """The page, or for htmx the grid alone; 204 when nothing changed since version `v`."""
    by = actor_of(request)
    form = DayForm(request.GET)
    chosen, today = form.day, timezone.localdate()
    moving, for_patient = form.chosen("move"), form.chosen("patient")
    drawn = grid.build(_columns(form), now=timezone.now(), owner=by.ref, moving=moving, for_patient=for_patient)
    version = drawn.version(chosen)
    if request.htmx and request.GET.get("v") == version:
        return HttpResponse(status=204)
    again = {name: request.GET[name] for name in ("specialty", "doctor", "move", "patient") if request.GET.get(name)}
    context = {
        "grid": drawn,
        "day": chosen,
        "today": today,
        "before": chosen - timedelta(days=1),
        "after": chosen + timedelta(days=1),
        "again": again,
        "moving": moving,
        "version": version,
        "office": reverse("office:home"),
    }
    _record_shown(request, by, chosen, drawn.patients)
    if request.htmx:
        return render(request, "back_office/desk/_day.html", context)
    return render(request, "back_office/desk/day.html", context | {"form": _filters(form, chosen)})


def _columns(form: DayForm) -> list:
    specialty, doctor = form.chosen("specialty"), form.chosen("doctor")
    narrowed = {"specialty": specialty and specialty.pk, "doctors": [doctor.pk] if doctor else None}
    return doctor_days(form.day, filled=grid.COLUMNS, **narrowed)


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
