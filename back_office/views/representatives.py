"""The desk records who acts for a patient, puts it right and ends it (R4, R5, K18)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from back_office import scope
from back_office.forms.ids import as_uuid
from back_office.forms.patients import EndForm, PowerForm, RepresentativeForm
from back_office.forms.refused import refused
from back_office.forms.representative_edit import RepresentativeEdit
from back_office.presenters.patients import EndPage, RepresentativePage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_which
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from patients.choices import Relation
from patients.models import Patient, Representation
from patients.queries import families, people

FORM = "back_office/desk/representative.html"
END = "back_office/desk/representative_end.html"


def _new_again(request: StaffRequest, patient: Patient, *, error: DomainError) -> Page:
    form, power = _new_forms(request, patient)
    return Page(FORM, RepresentativePage(patient, refused(form, error), power), shows=[patient.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, scope=scope.patient, refused=_new_again, once=A_DAY)
def new(request: StaffRequest, patient: Patient) -> Answer:
    """Records who acts for this child; the power of attorney is asked only of an attorney (R5)."""
    form, power = _new_forms(request, patient)
    if not form.is_valid() or (power.is_bound and not power.is_valid()):
        status = 422 if request.method == "POST" else 200
        return Page(FORM, RepresentativePage(patient, form, power), shows=[patient.pk], status=status)
    shown = power.power() if power.is_bound else None
    recorded = booking.represent(patient=patient, who=form.representative(), power=shown, by=request.by)
    messages.success(request, _("The representative has been recorded."))
    tell_which(request, recorded.broken)
    return redirect("office:patient", patient.pk)


def _new_forms(request: StaffRequest, patient: Patient) -> tuple[RepresentativeForm, PowerForm]:
    """Returns the form of the person, and that of the power of attorney, which is judged of an attorney alone."""
    sent = request.POST or None
    attorney = request.POST.get("rep-relation") == Relation.ATTORNEY
    power = PowerForm(sent if attorney else None, prefix="power", acting=people.representatives(patient))
    return RepresentativeForm(sent, prefix="rep"), power


def _edited_by_two(request: StaffRequest, acting: Representation, *, error: DomainError) -> Answer:
    edit = RepresentativeEdit(request.POST, acting)
    edit.refuse(error)
    return Page(FORM, RepresentativePage(acting.patient, edit.form, edit.power, acting), shows=[acting.patient_id])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, scope=scope.representation, refused=_edited_by_two)
def edit(request: StaffRequest, acting: Representation) -> Answer:
    """Puts right how somebody who acts for a patient is called, who they are to them, and their power of attorney."""
    typed = RepresentativeEdit(request.POST or None, acting)
    if request.method != "POST" or not typed.is_valid():
        page = RepresentativePage(acting.patient, typed.form, typed.power, acting)
        return Page(FORM, page, shows=[acting.patient_id], status=422 if request.method == "POST" else 200)
    broken = booking.correct_representative(
        representation=acting, changes=typed.changes(), power=typed.power_changes(), by=request.by
    )
    messages.success(request, _("The representative has been put right."))
    tell_which(request, broken)
    return redirect("office:patient", acting.patient_id)


@require_POST
@staff_view(Permission.KEEP_RECORDS, scope=scope.representation)
def link(request: StaffRequest, acting: Representation) -> Answer:
    """Joins a representative with their own record, which the card has proposed; without one they are parted."""
    chosen = request.POST.get("person", "")
    person = _proposed(acting, as_uuid(chosen)) if chosen else None
    booking.link_representative(representation=acting, person=person, by=request.by)
    said = _("A name or a number that is corrected in one place is right in the other now.") if person else _("Parted.")
    messages.success(request, said)
    return redirect("office:patient", acting.patient_id)


def _proposed(acting: Representation, chosen: UUID | None) -> Patient:
    """Returns the chosen record if it may be theirs, or is already."""
    may_be = [*families.own_records([acting]).get(acting.pk, []), *filter(None, [acting.person])]
    for person in may_be:
        if person.pk == chosen:
            return person
    raise Http404


def _end_again(request: StaffRequest, acting: Representation, *, error: DomainError) -> Page:
    form = refused(EndForm(request.POST, acts_from=acting.valid_from), error)
    return Page(END, EndPage.of(acting, form), shows=[acting.patient_id])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, scope=scope.representation, refused=_end_again)
def end(request: StaffRequest, acting: Representation) -> Answer:
    """«Больше не представляет»: who acted until then stays known, and the visits ahead are judged anew."""
    form = EndForm(request.POST or None, initial={"since": timezone.localdate()}, acts_from=acting.valid_from)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return Page(END, EndPage.of(acting, form), shows=[acting.patient_id], status=status)
    reason = form.cleaned_data["reason"]
    broken = booking.end_representation(representation=acting, last_day=form.last_day, reason=reason, by=request.by)
    messages.success(request, _("%(name)s no longer acts for the patient.") % {"name": acting.full_name})
    tell_which(request, broken)
    return redirect("office:patient", acting.patient_id)
