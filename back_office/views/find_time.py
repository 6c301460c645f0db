"""The desk finds times for the wishes of a patient, and hands the wishes over when none suits (R12, R15)."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import scope
from back_office.forms.wishes import WishesForm
from back_office.presenters.find_time import FindTimePage
from back_office.presenters.wishes import free_times
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.idempotency.once import A_DAY
from patients.data import PersonData
from patients.models import Patient
from scheduling.queries.availability import NEAREST

TEMPLATE = "back_office/desk/find_time.html"


@require_safe
@staff_view(Permission.BOOK, scope=scope.patient_in_query)
def find_time(request: StaffRequest, patient: Patient | None) -> Answer:
    """Shows the three nearest times for the wishes in words."""
    form = _wishes_form(request.GET)
    if patient is None:
        return Page(TEMPLATE, FindTimePage(patient, form), shows=())
    if not form.is_valid():
        return Page(TEMPLATE, FindTimePage(patient, form), shows=[patient.pk])
    found = free_times(form.wishes(), patient=patient, limit=NEAREST)
    content = FindTimePage(patient, form, asked=True, found=found, sent=list(_pairs(request.GET)))
    return Page(TEMPLATE, content, shows=[patient.pk])


@require_POST
@staff_view(Permission.BOOK, scope=scope.patient_in_query, once=A_DAY)
def hand_over(request: StaffRequest, patient: Patient | None) -> Answer:
    """Makes a waitlist request of the wishes typed for the search, in one step (R12)."""
    if patient is None:
        raise Http404
    form = _wishes_form(request.POST)
    if not patient.phone:
        messages.error(request, _("The contact centre will have to call: write the patient's phone into the record."))
        return redirect("office:patient_edit", patient.pk)
    if not form.is_valid():
        return Page(TEMPLATE, FindTimePage(patient, form), shows=[patient.pk], status=422)
    booking.hand_over(
        person=_person(patient), patient=patient, wishes=form.wishes(), channel=request.channel, by=request.by
    )
    messages.success(request, _("Handed over to the contact centre. They will call when a time is free."))
    return redirect("office:patient", patient.pk)


def _person(patient: Patient) -> PersonData:
    columns = {name: getattr(patient, name) for name in PersonData.__slots__}
    return PersonData(**columns | {"phone": patient.phone.as_e164})


def _wishes_form(sent: QueryDict) -> WishesForm:
    form = WishesForm(sent if "specialty" in sent else None)
    form.fields["note"].required = False
    return form


def _pairs(sent: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in sent.lists():
        if name in WishesForm.base_fields:
            yield from ((name, str(value)) for value in values)
