"""The waitlist shows everybody who waits, and one entry with its history (R20–R25). The desk only reads it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope, undoing
from back_office.forms.calls import PauseForm, RemoveForm, UrgencyForm
from back_office.forms.ids import as_uuid, uuid_or_404
from back_office.forms.search import asked_on, keep_asked
from back_office.forms.times import ChosenTime, pressed
from back_office.forms.waitlist import WaitlistFilterForm, WhyForm
from back_office.forms.wishes import wishes_of
from back_office.presenters.waitlist import ChangePage, EntryForms, EntryPage, WaitlistPage, rows_of
from back_office.presenters.why import WhyPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.changes import ChangedMeanwhile
from foundation.errors import DomainError
from scheduling.queries.find_people import find
from waitlist.errors import NeverFits
from waitlist.models import WaitlistEntry
from waitlist.queries import entries as waiting

PER_PAGE = 30


def entry_page(
    request: StaffRequest,
    row: WaitlistEntry,
    *,
    error: DomainError | None = None,
    forms: EntryForms | None = None,
    status: int = 200,
) -> Page:
    works = request.user.may(Permission.WORK_WAITLIST) and row.is_open
    content = EntryPage.of(
        row,
        works=works,
        by=request.by,
        on_phone="on_phone" in request.GET,
        forms=forms or EntryForms(),
        error=error,
        sent=request.POST,
    )
    return Page("back_office/waitlist/entry.html", content, shows=[row.patient_id], status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.SEE_WAITLIST)
def waitlist(request: StaffRequest) -> Answer:
    """Keeps by POST who is looked for, so that the address holds the filters alone."""
    if request.method == "POST":
        keep_asked(request)
        return redirect(_first_page(request))
    asked, form = asked_on(request.path, request), WaitlistFilterForm(request.GET)
    meant, found = find(asked), form.narrowed(waiting.all_entries())
    if asked:
        found = found.filter(patient__in=[each.patient.pk for each in meant.people])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    content = WaitlistPage(
        rows=rows_of(page), page_obj=page, form=form, asked=asked, meant=meant, parked=waiting.parked_times()
    )
    return Page("back_office/waitlist/waitlist.html", content, shows=[row.patient_id for row in page])


def _first_page(request: StaffRequest) -> str:
    """Returns the address of the list with its filters, from the beginning."""
    filters = request.GET.copy()
    filters.pop("page", None)
    return f"{request.path}?{filters.urlencode()}" if filters else request.path


@require_safe
@staff_view(Permission.WORK_WAITLIST)
def join(request: StaffRequest) -> Answer:
    """Leads from a patient's page to the free times, which come first (R12); the list is one step from there."""
    patient = scope.patient(request, uuid_or_404(request.GET.get("patient")))
    return redirect("office:caller_wishes", patient.pk)


@require_safe
@staff_view(Permission.SEE_WAITLIST, scope=scope.entry)
def entry(request: StaffRequest, row: WaitlistEntry) -> Answer:
    return entry_page(request, row)


@require_safe
@staff_view(Permission.SEE_WAITLIST, scope=scope.entry)
def why(request: StaffRequest, row: WaitlistEntry) -> Answer:
    """Answers for each time of a day why this person is or is not phoned about it (R23)."""
    form = WhyForm({"day": request.GET.get("day", "")})
    page = WhyPage.of(row, form, today=timezone.localdate(), slot=as_uuid(request.GET.get("slot")))
    return Page("back_office/waitlist/why.html", page, shows=page.patients, status=422 if form.errors else 200)


def _removed_again(request: StaffRequest, row: WaitlistEntry, *, error: DomainError) -> Page:
    return entry_page(request, row, error=error, forms=EntryForms(remove=RemoveForm(request.POST)))


def _changed_by_two(request: StaffRequest, row: WaitlistEntry, *, error: DomainError) -> Answer:
    if not isinstance(error, ChangedMeanwhile | NeverFits):
        return entry_page(request, row, error=error)
    form = wishes_of(row, request.POST)
    form.refuse(error)
    return Page("back_office/waitlist/change.html", ChangePage(row, form), shows=[row.patient_id])


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=_changed_by_two)
def change(request: StaffRequest, row: WaitlistEntry) -> Answer:
    """New wishes keep the place in the order of arrival."""
    form = wishes_of(row, request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return Page("back_office/waitlist/change.html", ChangePage(row, form), shows=[row.patient_id], status=status)
    columns = form.wishes().columns()
    booking.change_wishes(entry=row.pk, changes=form.changes(columns), by=request.by)
    messages.success(request, _("The wishes are changed. The place on the list is the same."))
    return redirect("office:entry", row.pk)


def _urgency_again(request: StaffRequest, row: WaitlistEntry, *, error: DomainError) -> Page:
    return entry_page(request, row, error=error, forms=EntryForms(urgency=UrgencyForm(request.POST)))


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=_urgency_again)
def urgency(request: StaffRequest, row: WaitlistEntry) -> Answer:
    """Makes an entry urgent with its reason, or by the other button an ordinary one; the wishes are not asked about."""
    form = UrgencyForm(request.POST)
    ends = "end" in request.POST
    if not ends and not form.is_valid():
        return entry_page(request, row, forms=EntryForms(urgency=form), status=422)
    booking.set_urgency(entry=row.pk, reason="" if ends else form.cleaned_data["reason"], by=request.by)
    messages.success(request, _("The entry is an ordinary one again.") if ends else _("The entry is urgent."))
    return redirect("office:entry", row.pk)


def _pause_again(request: StaffRequest, row: WaitlistEntry, *, error: DomainError) -> Page:
    return entry_page(request, row, error=error, forms=EntryForms(pause=PauseForm(request.POST)))


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=_pause_again)
def pause(request: StaffRequest, row: WaitlistEntry) -> Answer:
    """Leaves a person in peace for the days they ask for, or by the other button lets them be phoned again."""
    form = PauseForm(request.POST)
    if "end" in request.POST:
        booking.end_pause(entry=row.pk, by=request.by)
        messages.success(request, _("The patient may be phoned again."))
    elif form.is_valid():
        booking.pause_entry(entry=row.pk, **form.cleaned_data, by=request.by)
        messages.success(request, _("Nobody phones before that day. The place on the list is the same."))
    else:
        return entry_page(request, row, forms=EntryForms(pause=form), status=422)
    return redirect("office:entry", row.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=entry_page)
def wait_again(request: StaffRequest, row: WaitlistEntry) -> Answer:
    booking.wait_again(entry=row.pk, by=request.by)
    messages.success(request, _("The patient waits again."))
    return redirect("office:entry", row.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=entry_page)
def wait_on(request: StaffRequest, row: WaitlistEntry) -> Answer:
    booking.wait_on(entry=row.pk, by=request.by)
    messages.success(request, _("The patient waits on. The place on the list is the same."))
    return redirect("office:entry", row.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=entry_page)
def not_reached(request: StaffRequest, row: WaitlistEntry) -> Answer:
    booking.expiring_not_reached(entry=row.pk, by=request.by)
    messages.success(request, _("Nobody answered: the question comes up again later."))
    return redirect("office:calls")


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=_removed_again)
def remove(request: StaffRequest, row: WaitlistEntry) -> Answer:
    form = RemoveForm(request.POST)
    if not form.is_valid():
        return entry_page(request, row, forms=EntryForms(remove=form), status=422)
    booking.remove_entry(entry=row.pk, reason=form.cleaned_data["reason"], by=request.by)
    messages.success(request, _("The patient is off the waitlist."))
    return redirect("office:entry", row.pk)


@require_POST
@staff_view(Permission.WORK_WAITLIST, scope=scope.entry, refused=entry_page)
def book(request: StaffRequest, row: WaitlistEntry) -> Answer:
    """Books a time agreed without an offer: the patient called, or «подобрать время» found one (R25)."""
    time = ChosenTime.of(request.POST)
    appointment = booking.from_entry(
        entry=row.pk,
        slot=time.slot,
        service=time.service,
        representative=scope.chosen_acting(request, row.patient),
        by=request.by,
        **pressed(request.POST),
    )
    undoing.offer_booked(request, appointment)
    return redirect("office:appointment", appointment.pk)
