"""The waitlist: everybody who waits, and one entry with its history (R20–R25). The desk only reads it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.calls import RemoveForm
from back_office.forms.times import ChosenTime
from back_office.forms.wishes import WishesForm, initial_of
from back_office.ids import uuid_or_404
from back_office.wish_words import doctor_names, free_times, in_words
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.errors import DomainError
from patients.models import Patient
from scheduling.models import Specialty
from scheduling.queries.availability import NEAREST
from waitlist import queries
from waitlist.actions import calls, entries
from waitlist.choices import OPEN, OPEN_OFFER, EntryState, Priority
from waitlist.errors import WaitlistError
from waitlist.models import WaitlistEntry

PER_PAGE = 30


@require_safe
@requires(Permission.SEE_WAITLIST)
def waitlist(request: HttpRequest) -> HttpResponse:
    page = Paginator(_filtered(request), PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    names = doctor_names(rows)
    for row in rows:
        row.words, row.urgent = in_words(row, names), row.priority == Priority.URGENT
    trail.record_shown(by=actor_of(request), patients=[row.patient_id for row in rows], where="office:waitlist")
    context = {
        "rows": rows,
        "page_obj": page,
        "specialties": [(str(row.pk), row.name) for row in Specialty.objects.all()],
        "states": [(state.value, state.label) for state in OPEN],
        "chosen": request.GET,
    }
    return render(request, "back_office/waitlist/waitlist.html", context)


def _filtered(request: HttpRequest) -> QuerySet[WaitlistEntry]:
    found = queries.open_entries()
    if specialty := request.GET.get("specialty"):
        found = found.filter(specialty=uuid_or_404(specialty))
    if (state := request.GET.get("state")) in EntryState.values:
        found = found.filter(state=state)
    return found


@require_safe
@requires(Permission.WORK_WAITLIST)
def join(request: HttpRequest) -> HttpResponse:
    """From a patient's page: the free times come first (R12), the list is one step from there."""
    patient = get_object_or_404(Patient, pk=uuid_or_404(request.GET.get("patient")))
    return redirect("office:caller_wishes", patient.pk)


@require_safe
@requires(Permission.SEE_WAITLIST)
def entry(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    return _page(request, entry_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_WAITLIST)
def change(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """New wishes keep the place in the order of arrival."""
    row = _entry(entry_id)
    form = WishesForm(request.POST or None, initial=initial_of(row))
    if form.is_valid():
        try:
            entries.change(entry=entry_id, wishes=form.wishes(priority=Priority(row.priority)), by=actor_of(request))
        except WaitlistError as error:
            return _page(request, entry_id, error=str(error), status=status_of(error))
        messages.success(request, _("The wishes are changed. The place on the list is the same."))
        return redirect("office:entry", entry_id)
    trail.record_shown(by=actor_of(request), patients=[row.patient_id], where="office:entry_change")
    status = 422 if form.is_bound else 200
    return render(request, "back_office/waitlist/change.html", {"entry": row, "form": form}, status=status)


@require_POST
@requires(Permission.WORK_WAITLIST)
def wait_again(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    _entry(entry_id)
    try:
        entries.wait_again(entry=entry_id, by=actor_of(request))
    except WaitlistError as error:
        return _page(request, entry_id, error=str(error), status=status_of(error))
    messages.success(request, _("The patient waits again."))
    return redirect("office:entry", entry_id)


@require_POST
@requires(Permission.WORK_WAITLIST)
def remove(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    _entry(entry_id)
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return _page(request, entry_id, remove_form=form, status=422)
    try:
        calls.remove_entry(entry=entry_id, reason=form.cleaned_data["reason"], by=actor_of(request))
    except WaitlistError as error:
        return _page(request, entry_id, error=str(error), status=status_of(error))
    messages.success(request, _("The patient is off the waitlist."))
    return redirect("office:entry", entry_id)


@require_POST
@requires(Permission.WORK_WAITLIST)
def book(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """A time agreed without an offer: the patient called, or «подобрать время» found one (R25)."""
    _entry(entry_id)
    time, key = ChosenTime.of(request.POST), request.POST.get("key", "")[:64] or None
    try:
        appointment = calls.book_other_time(
            entry=entry_id, slot=time.slot, service=time.service, by=actor_of(request), idempotency_key=key
        )
    except DomainError as error:
        return _page(request, entry_id, error=str(error), status=status_of(error))
    return redirect("office:appointment", appointment.pk)


def _entry(entry_id: UUID) -> WaitlistEntry:
    related = ("patient", "specialty", "service", "representation", "appointment")
    return get_object_or_404(WaitlistEntry.objects.select_related(*related), pk=entry_id)


def _page(
    request: HttpRequest,
    entry_id: UUID,
    *,
    error: str = "",
    remove_form: RemoveForm | None = None,
    status: int = 200,
) -> HttpResponse:
    row = _entry(entry_id)
    works = request.user.may(Permission.WORK_WAITLIST) and row.is_open
    trail.record_shown(by=actor_of(request), patients=[row.patient_id], where="office:entry")
    times = free_times(row, patient=row.patient, limit=NEAREST * 2) if works else []
    context: dict[str, Any] = {
        "entry": row,
        "patient": row.patient,
        "words": in_words(row, doctor_names([row])),
        "attempts": list(queries.attempts(entry_id)),
        "offer": row.offers.filter(state__in=OPEN_OFFER).select_related("doctor", "service").first(),
        "works": works,
        "times": [(time, str(uuid4())) for time in times],
        "remove_form": remove_form or RemoveForm(),
        "error": error,
    }
    return render(request, "back_office/waitlist/entry.html", context, status=status)
