"""The head reads who has done what, and takes it away in a file (T115)."""

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

import booking
from back_office import scope
from back_office.audit.file import file_lines
from back_office.forms.audit import AuditForm
from back_office.forms.ids import as_row_id
from back_office.presenters.audit import AuditPage, everybody, roles_of
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.audit.queries import events
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.models import Patient

LIST = "back_office/audit/list.html"


@require_safe
@staff_view(Permission.SEE_AUDIT, scope=scope.patient_in_query)
def rows(request: StaffRequest, patient: Patient | None) -> Answer:
    staff = everybody()
    form = AuditForm(request.GET, staff=staff)
    content = AuditPage.of(form, patient, staff=staff, before=as_row_id(request.GET.get("before")))
    return Page(LIST, content, shows=content.shows)


def _export_again(request: StaffRequest, patient: Patient | None, *, error: DomainError) -> Page:
    staff = everybody()
    content = AuditPage.of(AuditForm(request.POST, staff=staff), patient, staff=staff, error=sentence_of(error))
    return Page(LIST, content, shows=content.shows)


@require_POST
@staff_view(Permission.SEE_AUDIT, scope=scope.patient_in_query, refused=_export_again)
def export(request: StaffRequest, patient: Patient | None) -> Answer:
    staff, before = everybody(), events.next_id()
    form = AuditForm(request.POST, staff=staff)
    if not form.is_valid():
        content = AuditPage.of(form, patient, staff=staff)
        return Page(LIST, content, shows=content.shows, status=422)
    sought = form.sought(patient)
    booking.export_audit(sought=sought, before=before, by=request.by)
    return StreamingHttpResponse(
        file_lines(sought, before=before, roles=roles_of(staff)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="journal-{timezone.localdate():%Y-%m-%d}.csv"'},
    )
