"""The desk looks for a patient first and then makes a record (R9)."""

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope
from back_office.answers import status_of
from back_office.forms.ids import as_uuid
from back_office.forms.patients import PersonForm, person_of
from back_office.forms.refused import refused
from back_office.forms.search import as_person, asked_on, keep_asked
from back_office.going import Going
from back_office.presenters.doubles import DoublesPart
from back_office.presenters.found import found_with_visits
from back_office.presenters.patients import CardPage, PatientsPage, PersonPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_which
from foundation.accounts.choices import Permission
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from patients.errors import SamePersonExists
from patients.models import Patient
from scheduling.queries.find_people import find

FORM = "back_office/desk/patient_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.SEE_PATIENTS)
def patients(request: StaffRequest) -> Answer:
    """Keeps by POST what was typed and comes back by GET, so that no address holds it."""
    again = Going.of(request.GET)
    if request.method == "POST":
        keep_asked(request)
        return redirect(request.path + again.query)
    asked = asked_on(request.path, request)
    meant = find(asked)
    found = found_with_visits(meant.people)
    content = PatientsPage(asked, meant.read_as, meant.guessed, found, again)
    return Page("back_office/desk/patients.html", content, shows=[person.pk for person in found])


def _new_again(request: StaffRequest, *, error: DomainError) -> Page:
    form = refused(PersonForm(request.POST), error)
    return Page(FORM, PersonPage(form, Going.of(request.GET)), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, refused=_new_again, once=A_DAY)
def new(request: StaffRequest) -> Answer:
    """Makes a new record; the text typed into the search is already in its fields."""
    again = Going.of(request.GET)
    if request.method != "POST":
        return Page(FORM, PersonPage(PersonForm(initial=as_person(_asked_before(request))), again), shows=())
    form = PersonForm(request.POST, ask_namesake="namesake" in request.POST)
    if not form.is_valid():
        return Page(FORM, PersonPage(form, again), shows=(), status=422)
    try:
        made = booking.add_patient(person=form.person(), by=request.by, allow_namesake=form.is_namesake)
    except SamePersonExists as error:
        form = PersonForm(request.POST, ask_namesake=True)
        known = DoublesPart.of(error.patients, again.onward).doubles
        content = PersonPage(form, again, doubles=known, sentence=sentence_of(error))
        return Page(FORM, content, shows=[double.pk for double in known], status=status_of(error))
    messages.success(request, _("The record has been made."))
    return redirect(again.onward(made.pk))


@require_POST
@staff_view(Permission.KEEP_RECORDS)
def doubles(request: StaffRequest) -> Answer:
    """Shows who is meant perhaps, while a new record is typed."""
    part = DoublesPart.of(PersonForm(request.POST).may_be(), Going.of(request.GET).onward)
    return Page("back_office/desk/_doubles.html", part, shows=[double.pk for double in part.doubles])


def _asked_before(request: HttpRequest) -> str:
    """Returns what was looked for before the record was needed: for the time being booked, or in the register."""
    slot = as_uuid(request.GET.get("slot"))
    at_panel = asked_on(reverse("office:book", args=[slot]), request) if slot else ""
    return at_panel or asked_on(reverse("office:patients"), request)


@require_safe
@staff_view(Permission.SEE_PATIENTS, scope=scope.patient)
def card(request: StaffRequest, patient: Patient) -> Answer:
    content = CardPage.of(patient)
    return Page("back_office/desk/patient.html", content, shows=content.shows)


def _edited_by_two(request: StaffRequest, patient: Patient, *, error: DomainError) -> Answer:
    form = person_of(patient, request.POST)
    form.refuse(error)
    return Page(FORM, PersonPage(form, patient=patient), shows=[patient.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, scope=scope.patient, refused=_edited_by_two)
def edit(request: StaffRequest, patient: Patient) -> Answer:
    form = person_of(patient, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return Page(FORM, PersonPage(form, patient=patient), shows=[patient.pk], status=status)
    broken = booking.correct_patient(patient=patient, changes=form.changes(form.person().columns()), by=request.by)
    messages.success(request, _("The record has been put right."))
    tell_which(request, broken)
    return redirect("office:patient", patient.pk)
