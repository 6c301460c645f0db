"""The desk finds times for the wishes of a patient, and hands the wishes over when none suits (R12, R15)."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import scope
from back_office.answers import status_of
from back_office.forms.number import NumberForm, number_form, number_kept
from back_office.forms.wishes import WishesForm
from back_office.presenters.find_time import FindTimePage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from patients.data import PersonData
from patients.models import Patient
from patients.queries.reached import reached

TEMPLATE = "back_office/desk/find_time.html"


@require_safe
@staff_view(Permission.BOOK, scope=scope.patient_in_query)
def find_time(request: StaffRequest, patient: Patient | None) -> Answer:
    """Shows the three nearest times for the wishes in words."""
    form = _wishes_form(request.GET)
    if patient is None:
        return Page(TEMPLATE, FindTimePage(patient, form), shows=())
    return Page(TEMPLATE, FindTimePage.of(patient, form, request.GET), shows=[patient.pk])


def _again(
    request: StaffRequest,
    patient: Patient | None,
    *,
    number: NumberForm | None = None,
    error: DomainError | None = None,
) -> Page:
    """Shows what was typed once more: nothing of it is lost (R12)."""
    if patient is None:
        raise Http404
    typed = number or number_kept(reached(patient).number, request.POST)
    content = FindTimePage.of(patient, _wishes_form(request.POST), request.POST, number=typed, error=error)
    return Page(TEMPLATE, content, shows=[patient.pk], status=status_of(error) if error else 422)


@require_POST
@staff_view(Permission.BOOK, scope=scope.patient_in_query, refused=_again, once=A_DAY)
def hand_over(request: StaffRequest, patient: Patient | None) -> Answer:
    """Makes a waitlist request of the wishes typed for the search, in one step (R12)."""
    if patient is None:
        raise Http404
    form, known = _wishes_form(request.POST), reached(patient)
    number = number_form(known.number, request.POST)
    if not form.is_valid() or (number and not number.is_valid()):
        return _again(request, patient, number=number)
    phone = number.cleaned_data["phone"] if number else known.number
    person = _person(patient, phone)
    booking.hand_over(person=person, patient=patient, wishes=form.wishes(), channel=request.channel, by=request.by)
    messages.success(request, _("Handed over to the contact centre. They will call when a time is free."))
    return redirect("office:patient", patient.pk)


def _person(patient: Patient, phone: str) -> PersonData:
    columns = {name: getattr(patient, name) for name in PersonData.__slots__}
    return PersonData(**columns | {"phone": phone})


def _wishes_form(sent: QueryDict) -> WishesForm:
    form = WishesForm(sent if "specialty" in sent else None)
    form.fields["note"].required = False
    return form
