"""Reference data is listed, added and put right by whoever administers; all of it is in the audit."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import booking
from back_office import scope
from back_office.forms.refused import refused
from back_office.presenters.reference import KINDS, OrganizationPage, ReferenceList, ReferencePage, list_url
from back_office.scope import ReferenceRow
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_how_many
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY

FORM = "back_office/reference/form.html"
ORGANIZATION = "back_office/reference/organization.html"


@require_safe
@staff_view(Permission.ADMINISTER)
def rows(request: StaffRequest, kind: str) -> Answer:
    return Page("back_office/reference/list.html", ReferenceList.of(KINDS[kind]), shows=())


def _add_again(request: StaffRequest, kind: str, *, error: DomainError) -> Page:
    its = KINDS[kind]
    return Page(FORM, ReferencePage.of(its, refused(its.new_form(request.POST), error)), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, refused=_add_again, once=A_DAY)
def add(request: StaffRequest, kind: str) -> Answer:
    its = KINDS[kind]
    form = its.new_form(request.POST or None)
    if not form.is_valid():
        return Page(FORM, ReferencePage.of(its, form), shows=(), status=422 if form.is_bound else 200)
    made = booking.add_reference(model=its.model, values=form.values(), by=request.by)
    messages.success(request, _("Added: %(name)s.") % {"name": made})
    return redirect(list_url(its))


def _edited_by_two(request: StaffRequest, found: ReferenceRow, *, error: DomainError) -> Answer:
    its, name = KINDS[found.kind], str(found.row)
    form = its.form_of(found.row, request.POST)
    form.refuse(error)
    return Page(FORM, ReferencePage.of(its, form, name=name), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, scope=scope.reference_row, refused=_edited_by_two)
def edit(request: StaffRequest, found: ReferenceRow) -> Answer:
    its, name = KINDS[found.kind], str(found.row)
    form = its.form_of(found.row, request.POST or None)
    if not form.is_valid():
        page = ReferencePage.of(its, form, name=name)
        return Page(FORM, page, shows=(), status=422 if form.is_bound else 200)
    broken = booking.change_reference(row=found.row, changes=form.changes(form.values()), by=request.by)
    messages.success(request, _("Saved: %(name)s.") % {"name": name})
    tell_how_many(request, broken)
    return redirect(list_url(its))


def _organization_by_two(request: StaffRequest, *, error: DomainError) -> Answer:
    content = OrganizationPage.of(request.POST)
    content.form.refuse(error)
    return Page(ORGANIZATION, content, shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.ADMINISTER, refused=_organization_by_two)
def organization(request: StaffRequest) -> Answer:
    """Says who the clinic is: what stands on every page and in messages (R2)."""
    content = OrganizationPage.of(request.POST or None)
    form = content.form
    if not form.is_valid():
        return Page(ORGANIZATION, content, shows=(), status=422 if form.is_bound else 200)
    booking.change_organization(changes=form.changes(form.values()), by=request.by)
    messages.success(request, _("Saved: %(name)s.") % {"name": form.cleaned_data["name"]})
    return redirect("office:setup")
