"""The desk makes one record of two that are one person, and can take it back (R9, K04)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from back_office import scope
from back_office.forms.merge import MergeForm, chosen_anew
from back_office.presenters.merge import MergePage
from back_office.scope import TwoRecords
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_which
from foundation.accounts.choices import Permission
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from patients.errors import RecordsChanged
from patients.models import PatientMerge

TEMPLATE = "back_office/desk/patient_merge.html"


def _look_again(request: StaffRequest, two: TwoRecords, *, error: DomainError) -> Answer:
    """Shows both records as they are now, with what stood in the way."""
    changed = error.columns if isinstance(error, RecordsChanged) else ()
    form = chosen_anew(request.POST, changed, kept=two.kept, merged=two.other)
    page = MergePage.of(two.kept, two.other, form, sentence=sentence_of(error))
    return Page(TEMPLATE, page, shows=[two.kept.pk, two.other.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_RECORDS, scope=scope.two_records, refused=_look_again)
def merge(request: StaffRequest, two: TwoRecords) -> Answer:
    """Shows both records side by side, and makes them one."""
    if two.other.merged_into_id == two.kept.pk:
        return redirect("office:patient", two.kept.pk)
    shows = [two.kept.pk, two.other.pk]
    form = MergeForm(request.POST or None, kept=two.kept, merged=two.other)
    if request.method != "POST":
        return Page(TEMPLATE, MergePage.of(two.kept, two.other, form), shows=shows)
    form.check_seen()
    if not form.is_valid():
        return Page(TEMPLATE, MergePage.of(two.kept, two.other, form), shows=shows, status=422)
    merged = booking.merge_patients(kept=two.kept, merged=two.other, chosen=form.chosen, seen=form.seen, by=request.by)
    messages.success(request, _("The records are one now. For 30 days they can be parted again, on this card."))
    tell_which(request, merged.broken)
    return redirect("office:patient", two.kept.pk)


@require_POST
@staff_view(Permission.KEEP_RECORDS, scope=scope.merge)
def undo(request: StaffRequest, merge: PatientMerge) -> Answer:
    parted = booking.undo_merge(merge=merge.pk, by=request.by)
    messages.success(request, _("These are two records again."))
    tell_which(request, parted.broken)
    return redirect("office:patient", merge.kept_id)
