"""An incoming call: who is on the line, for whom, what suits, three times to read out (R2, R12, R15)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.booking import OTHER_ADULT, SELF
from back_office.forms.calls import CallerForm, ShortPersonForm, phone_of
from back_office.forms.patients import RepresentativeForm
from back_office.forms.wishes import WishesForm
from back_office.ids import uuid_or_404
from back_office.wish_words import FreeTime, free_times
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from foundation.errors import DomainError
from foundation.text import phones
from patients.ages import OWN_PASSPORT, is_minor
from patients.errors import SamePersonExists
from patients.models import Patient, Representation
from patients.queries import people, search
from scheduling.models import Service
from scheduling.queries import facts
from scheduling.queries.availability import NEAREST
from waitlist.errors import AlreadyWaiting, SlotsAreFree

CALLER = "caller"
"""Kept in the session: a number or a name never stands in an address."""
FARTHEST = 60


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_WAITLIST)
def caller(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        form = CallerForm(request.POST)
        if form.is_valid():
            request.session[CALLER] = form.cleaned_data["caller"]
            return redirect("office:caller")
        return render(request, "back_office/calls/caller.html", {"form": form}, status=422)
    if "clear" in request.GET:
        request.session.pop(CALLER, None)
    asked = request.session.get(CALLER, "")
    people = _people(asked)
    trail.record_shown(by=actor_of(request), patients=[person.pk for person in people], where="office:caller")
    form = CallerForm(initial={"caller": asked})
    # With people on the screen the digits choose one of them instead of being typed.
    form.fields["caller"].widget.attrs["autofocus"] = not asked
    context = {"form": form, "asked": asked, "people": people, "phone": phones.shown(phone_of(asked))}
    return render(request, "back_office/calls/caller.html", context)


def _people(asked: str) -> list[Patient]:
    """Everybody this number may call about, or everybody of this name, with who acts for them."""
    phone = phone_of(asked)
    found = people.callers(phone) if phone else search.patients(asked)
    acting = Representation.objects.filter(valid_until=None).order_by("relation", "last_name")
    prefetch_related_objects(found, Prefetch("representations", acting, to_attr="acting"))
    for person in found:
        person.by_this_number = [row for row in person.acting if phone and row.phone == phone]
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.WORK_WAITLIST)
def new_patient(request: HttpRequest) -> HttpResponse:
    """«Другой»: a short record, after the search has found nobody."""
    if request.method != "POST":
        form = ShortPersonForm(initial={"phone": phone_of(request.session.get(CALLER, ""))})
        return render(request, "back_office/calls/new_patient.html", {"form": form})
    form = ShortPersonForm(request.POST, ask_namesake="namesake" in request.POST)
    if not form.is_valid():
        return render(request, "back_office/calls/new_patient.html", {"form": form}, status=422)
    namesake = form.cleaned_data.get("namesake", False)
    try:
        patient = booking.add_patient(person=form.person(), by=actor_of(request), allow_namesake=namesake)
    except SamePersonExists as error:
        trail.record_shown(by=actor_of(request), patients=[error.patient.pk], where="office:caller_new")
        form = ShortPersonForm(request.POST, ask_namesake=True)
        context = {"form": form, "same": error.patient, "error": str(error)}
        return render(request, "back_office/calls/new_patient.html", context, status=status_of(error))
    return redirect("office:caller_wishes", patient.pk)


@require_safe
@requires(Permission.WORK_WAITLIST)
def wishes(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return _page(request, *_with_acting(patient_id))


@require_POST
@requires(Permission.WORK_WAITLIST)
def represent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who acts for the child, by word of mouth: by phone nothing is shown (R16)."""
    patient, acting = _with_acting(patient_id)
    form = RepresentativeForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, acting, represent_form=form, status=422)
    representation = booking.represent(patient=patient, who=form.representative(), by=actor_of(request))
    query = request.GET.copy()
    query["who"] = str(representation.pk)
    return redirect(f"{reverse('office:caller_wishes', args=[patient.pk])}?{query.urlencode()}")


@require_POST
@requires(Permission.WORK_WAITLIST)
def book(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The time that was agreed. What was asked stays in the address, so nothing typed is lost."""
    patient, acting = _with_acting(patient_id)
    who = _who(request, patient, acting)
    try:
        appointment = booking.by_phone(
            slot=uuid_or_404(request.POST.get("slot")),
            service=_service(uuid_or_404(request.POST.get("service"))),
            patient=patient,
            by=actor_of(request),
            representative=who.representation,
            for_other=who.chosen == OTHER_ADULT,
            key=request.POST.get("key", "")[:64] or None,
        )
    except DomainError as error:
        return _page(request, patient, acting, error=str(error), status=status_of(error))
    return redirect("office:appointment", appointment.pk)


@require_POST
@requires(Permission.WORK_WAITLIST)
def join(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """In one step: the wishes that were searched by become the entry (R12, R20)."""
    patient, acting = _with_acting(patient_id)
    form = WishesForm(_with_note(request))
    if not form.is_valid():
        return _page(request, patient, acting, status=422)
    try:
        entry = booking.join_waitlist(
            patient=patient,
            wishes=form.wishes(),
            by=actor_of(request),
            representation=_who(request, patient, acting).representation,
            none_suits="none_suits" in request.POST,
        )
    except SlotsAreFree as error:
        return _page(request, patient, acting, error=str(error), status=status_of(error))
    except AlreadyWaiting as error:
        messages.warning(request, str(error))
        return redirect("office:entry", error.entry.pk)
    messages.success(request, _("On the waitlist. We will call as soon as a suitable time becomes free."))
    return redirect("office:entry", entry.pk)


@dataclass(frozen=True, slots=True)
class Who:
    """Who is on the line: `chosen` is `self`, `other` or a representative's id."""

    chosen: str
    choices: list[tuple[str, str]]
    representation: Representation | None = None


def _who(request: HttpRequest, patient: Patient, representatives: list[Representation]) -> Who:
    acting = {str(row.pk): row for row in representatives}
    minor = is_minor(patient.birth_date, timezone.localdate())
    choices = [(pk, str(row)) for pk, row in acting.items()] if minor else []
    if patient.age >= OWN_PASSPORT:
        choices = [(SELF, _("the patient")), *choices]
    if not minor:
        choices.append((OTHER_ADULT, _("another adult, for the patient")))
    asked, known = request.GET.get("who", ""), [value for value, _label in choices]
    chosen = asked if asked in known else _likely(request, acting, known)
    return Who(chosen, choices, acting.get(chosen))


def _likely(request: HttpRequest, acting: dict[str, Representation], known: list[str]) -> str:
    """The representative whose number calls, else the first possible."""
    phone = phone_of(request.session.get(CALLER, ""))
    calling = (pk for pk, row in acting.items() if pk in known and phone and row.phone == phone)
    return next(calling, next(iter(known), ""))


def _page(
    request: HttpRequest,
    patient: Patient,
    acting: list[Representation],
    *,
    error: str = "",
    represent_form: RepresentativeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The wishes and the next times; the same page answers a form that was not accepted."""
    form = WishesForm(_with_note(request)) if "specialty" in request.GET else WishesForm()
    searched = form.is_bound and form.is_valid()
    skip = min(_number(request.GET.get("skip")), FARTHEST)
    found = free_times(form.wishes(), patient=patient, limit=skip + NEAREST + 1) if searched else []
    phone = phone_of(request.session.get(CALLER, ""))
    trail.record_shown(by=actor_of(request), patients=[patient.pk], where="office:caller_wishes")
    context = {
        "patient": patient,
        "minor": is_minor(patient.birth_date, timezone.localdate()),
        "who": _who(request, patient, acting),
        "form": form,
        "searched": searched,
        "times": _keyed(found[skip : skip + NEAREST]),
        "skip": skip,
        "more": skip + NEAREST if len(found) > skip + NEAREST else None,
        "query": request.GET.urlencode(),
        "note": request.POST.get("note", ""),
        "represent_form": represent_form or RepresentativeForm(initial={"phone": phone}),
        "error": error,
    }
    return render(request, "back_office/calls/wishes.html", context, status=status)


def _keyed(times: list[FreeTime]) -> list[tuple[FreeTime, str]]:
    """Each time is its own form with its own key: a second press books once."""
    return [(time, str(uuid4())) for time in times]


def _with_note(request: HttpRequest) -> QueryDict:
    """The note names people, so it comes by POST; everything else stands in the address."""
    data = request.GET.copy()
    data["note"] = request.POST.get("note", "")
    return data


def _number(text: Any) -> int:
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 5 else 0


def _with_acting(patient_id: UUID) -> tuple[Patient, list[Representation]]:
    """The patient with those who act for them."""
    if found := people.with_representatives(patient_id):
        return found
    raise Http404


def _service(pk: UUID) -> Service:
    try:
        return facts.service(pk)
    except Service.DoesNotExist as error:
        raise Http404 from error
