"""The register at the desk: find first, then make a record (R9)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.patients import PersonForm, PowerForm, RepresentativeForm
from back_office.ids import as_uuid
from back_office.typed import as_person, asked_on, found_by, keep_asked
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from patients import queries
from patients.actions import papers, register
from patients.choices import Relation
from patients.errors import SamePersonExists
from patients.models import Patient
from scheduling.choices import UPCOMING
from scheduling.models import Appointment
from scheduling.queries.day import history_of
from waitlist.choices import OPEN, RequestState
from waitlist.models import WaitlistEntry, WaitlistRequest

LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.SEE_PATIENTS)
def patients(request: HttpRequest) -> HttpResponse:
    """POST keeps what was typed and comes back by GET, so that no address holds it."""
    again = _again(request)
    if request.method == "POST":
        keep_asked(request)
        return redirect(request.path + (f"?{urlencode(again)}" if again else ""))
    asked = asked_on(request.path, request)
    found, read_as = found_by(asked)
    next_visits = _next_visits(found)
    for person in found:
        person.next_visit = next_visits.get(person.pk)
    trail.record_shown(by=actor_of(request), patients=[person.pk for person in found], where="office:patients")
    context = {"asked": asked, "found": found, "read_as": read_as, "again": again}
    return render(request, "back_office/desk/patients.html", context)


def _next_visits(found: list[Patient]) -> dict[UUID, Appointment]:
    upcoming = Appointment.objects.filter(patient__in=found, status__in=UPCOMING, starts_at__gt=timezone.now())
    return {visit.patient_id: visit for visit in upcoming.select_related("doctor").order_by("-starts_at")}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_RECORDS)
def new(request: HttpRequest) -> HttpResponse:
    """A new record; the text typed into the search is already in its fields."""
    context: dict[str, Any] = {"again": _again(request)}
    if request.method != "POST":
        return _person_page(request, PersonForm(initial=as_person(_asked_before(request))), **context)
    form = PersonForm(request.POST, ask_namesake="namesake" in request.POST)
    if not form.is_valid():
        return _person_page(request, form, status=422, **context)
    by, namesake = actor_of(request), form.cleaned_data.get("namesake", False)
    try:
        made = register.add(person=form.person(), by=by, allow_namesake=namesake)
    except SamePersonExists as error:
        trail.record_shown(by=by, patients=[error.patient.pk], where="office:patient_new")
        form = PersonForm(request.POST, ask_namesake=True)
        return _person_page(request, form, status=status_of(error), same=error.patient, sentence=str(error), **context)
    messages.success(request, _("The record has been made."))
    return redirect(_onward(request, made.pk))


def _asked_before(request: HttpRequest) -> str:
    """What was looked for before the record was needed: for the time being booked, or in the register."""
    slot = as_uuid(request.GET.get("slot"))
    at_panel = asked_on(reverse("office:book", args=[slot]), request) if slot else ""
    return at_panel or asked_on(reverse("office:patients"), request)


@require_safe
@requires(Permission.SEE_PATIENTS)
def card(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_id)
    trail.record_shown(by=actor_of(request), patients=[patient.pk], where="office:patient")
    visits, now = list(history_of(patient.pk)[:LISTED]), timezone.now()
    upcoming = [visit for visit in visits if visit.is_upcoming and visit.ends_at > now]
    context = {
        "patient": patient,
        "representatives": queries.representatives(patient).prefetch_related(
            Prefetch("documents", queryset=_current_documents(), to_attr="current")
        ),
        "documents": queries.documents(patient),
        "entries": patient.registry_entries.select_related("representation").order_by("-at")[:20],
        "upcoming": upcoming[::-1],
        "past": [visit for visit in visits if visit not in upcoming],
        "waiting": WaitlistEntry.objects.filter(patient=patient, state__in=OPEN).select_related("specialty"),
        "requests": WaitlistRequest.objects.filter(patient=patient, state=RequestState.HANDED_OVER).select_related(
            "specialty"
        ),
    }
    return render(request, "back_office/desk/patient.html", context)


def _current_documents():
    return queries.IdentityDocument.objects.filter(replaced_at=None).defer("number")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_RECORDS)
def edit(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = get_object_or_404(Patient, pk=patient_id)
    by = actor_of(request)
    trail.record_shown(by=by, patients=[patient.pk], where="office:patient_edit")
    form = PersonForm(request.POST or None, initial=_columns_of(patient), registered_on=patient.registered_on)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _person_page(request, form, status=status, patient=patient)
    register.correct(patient=patient, person=form.person(), by=by)
    messages.success(request, _("The record has been put right."))
    return redirect("office:patient", patient.pk)


def _columns_of(patient: Patient) -> dict[str, object]:
    phone = patient.phone.as_national if patient.phone else ""
    columns = {name: getattr(patient, name) for name in PersonForm.base_fields if hasattr(patient, name)}
    return columns | {"phone": phone}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_RECORDS)
def representative(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who acts for this child. The power of attorney is asked only of an attorney (R5)."""
    patient = get_object_or_404(Patient, pk=patient_id)
    by = actor_of(request)
    trail.record_shown(by=by, patients=[patient.pk], where="office:representative_new")
    sent = request.POST or None
    form = RepresentativeForm(sent, prefix="rep")
    attorney = bool(sent) and sent.get("rep-relation") == Relation.ATTORNEY
    power = PowerForm(sent if attorney else None, prefix="power")
    if sent and form.is_valid() and (not attorney or power.is_valid()):
        shown = power.power() if attorney else None
        papers.represent(patient=patient, by=by, power=shown, **form.cleaned_data | {"relation": _relation(form)})
        messages.success(request, _("The representative has been recorded."))
        return redirect("office:patient", patient.pk)
    context = {"patient": patient, "form": form, "power": power}
    return render(request, "back_office/desk/representative.html", context, status=422 if sent else 200)


def _relation(form: RepresentativeForm) -> Relation:
    return Relation(form.cleaned_data["relation"])


def _again(request: HttpRequest) -> dict[str, str]:
    """Where the person was going: back to the time being booked or looked for."""
    return {name: request.GET[name][:40] for name in ("slot", "service", "over") if as_uuid(request.GET.get(name))}


def _onward(request: HttpRequest, patient_id: UUID) -> str:
    going = _again(request)
    if slot := as_uuid(going.get("slot")):
        service = as_uuid(going.get("service"))
        address = f"{reverse('office:book', args=[slot])}?patient={patient_id}"
        return f"{address}&service={service}" if service else address
    if over := as_uuid(going.get("over")):
        return f"{reverse('office:overbook', args=[over])}?patient={patient_id}"
    return reverse("office:patient", args=[patient_id])


def _person_page(request: HttpRequest, form: PersonForm, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "back_office/desk/patient_form.html", {"form": form} | context, status=status)
