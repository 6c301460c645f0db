"""These views show one appointment and take it through its steps."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import booking
from back_office import scope, undoing
from back_office.forms.booking import BackForm, CancelForm, MistakeForm
from back_office.forms.check_in import CheckIn
from back_office.forms.ids import as_uuid
from back_office.presenters.appointments import AppointmentPage, MovePage, TicketPage
from back_office.presenters.check_in import CheckInPage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from back_office.told import tell_of_unusual_numbers, tell_which
from back_office.way_back import refused_at, way_back
from foundation.accounts.choices import Permission
from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from patients.errors import PapersNotShown
from scheduling.choices import CancelReason
from scheduling.models import Appointment, Slot


def appointment_page(
    request: StaffRequest,
    visit: Appointment,
    *,
    error: DomainError | None = None,
    cancel_form: CancelForm | None = None,
    mistake_form: MistakeForm | None = None,
    back_form: BackForm | None = None,
    status: int = 200,
) -> Page:
    """Makes the page, or for htmx the part of it that stands beside the day grid."""
    name = "_appointment" if request.htmx else "appointment"
    content = AppointmentPage.of(
        visit, error=error, cancel_form=cancel_form, mistake_form=mistake_form, back_form=back_form
    )
    return Page(f"back_office/desk/{name}.html", content, shows=[visit.patient_id], status=status)


def move_page(request: StaffRequest, visit: Appointment, *, error: DomainError | None = None) -> Page:
    content = MovePage.of(visit, as_uuid(request.GET.get("to")), error)
    return Page("back_office/desk/move.html", content, shows=[visit.patient_id])


def _done(request: StaffRequest, visit: Appointment) -> Answer:
    """Shows the appointment as it is now, or the page that names itself; beside the grid it is drawn at once."""
    if request.htmx:
        return appointment_page(request, scope.appointment(request, visit.pk))
    return redirect(way_back(request) or reverse("office:appointment", args=[visit.pk]))


@require_safe
@staff_view(Permission.SEE_DAY, scope=scope.appointment)
def appointment(request: StaffRequest, visit: Appointment) -> Answer:
    return appointment_page(request, visit)


@require_safe
@staff_view(Permission.SEE_DAY, scope=scope.appointment)
def ticket(request: StaffRequest, visit: Appointment) -> Answer:
    content = TicketPage.of(visit, roll="roll" in request.GET)
    return Page("back_office/desk/ticket.html", content, shows=[visit.patient_id])


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def informed(request: StaffRequest, visit: Appointment) -> Answer:
    booking.mark_informed(appointment=visit.pk, by=request.by)
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page, once=A_DAY)
def send_again(request: StaffRequest, visit: Appointment) -> Answer:
    """«Отправить снова»: to the number of now, with a new link."""
    booking.send_again(appointment=visit.pk, by=request.by)
    messages.success(request, _("The message is sent again. The link in the message before is dead."))
    return redirect("office:appointment", visit.pk)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def representative(request: StaffRequest, visit: Appointment) -> Answer:
    """Somebody who acts for the child comes with it, so that the visit may also go to an earlier day (D11)."""
    who = scope.acting_now(request.POST.get("who"))
    broken = booking.name_representative(appointment=visit.pk, representation=who, by=request.by)
    tell_which(request, broken)
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def confirm(request: StaffRequest, visit: Appointment) -> Answer:
    booking.confirm(appointment=visit.pk, by=request.by)
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def remind(request: StaffRequest, visit: Appointment) -> Answer:
    """The patient says whether they want to be reminded of the visit."""
    booking.set_reminders(appointment=visit.pk, on=request.POST.get("remind") == "on", by=request.by)
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def wait_for_earlier(request: StaffRequest, visit: Appointment) -> Answer:
    """«Оставить в листе на более раннее»: on the list at the contact centre's press, handed over to it at others'."""
    booking.wait_for_earlier(appointment=visit.pk, by=request.by)
    if request.by.may(Permission.WORK_WAITLIST):
        messages.success(request, _("The patient waits for an earlier time."))
    else:
        messages.success(request, _("The wish for an earlier time is handed over to the contact centre."))
    return _done(request, visit)


def move_again(request: StaffRequest, visit: Appointment, *, error: DomainError) -> Answer:
    """Shows the times to choose from; a caller's card stays the page where it was chosen."""
    return refused_at(request, error) or move_page(request, visit, error=error)


def cancel_again(request: StaffRequest, visit: Appointment, *, error: DomainError) -> Answer:
    """Shows the appointment with what was typed, as the two below do; a caller's card stays the page."""
    form = CancelForm(request.POST)
    return refused_at(request, error) or appointment_page(request, visit, error=error, cancel_form=form)


def mistake_again(request: StaffRequest, visit: Appointment, *, error: DomainError) -> Page:
    return appointment_page(request, visit, error=error, mistake_form=MistakeForm(request.POST, prefix="mistake"))


def back_again(request: StaffRequest, visit: Appointment, *, error: DomainError) -> Page:
    return appointment_page(request, visit, error=error, back_form=BackForm(request.POST, prefix="back"))


def check_in_page(request: StaffRequest, visit: Appointment, *, error: DomainError) -> Page:
    """Asks for the papers that were not seen; another refusal is told on the page of the appointment."""
    if not isinstance(error, PapersNotShown):
        return appointment_page(request, visit, error=error)
    return _papers(request, visit, CheckIn(visit, request.by, request.POST), error=sentence_of(error))


def _papers(request: StaffRequest, visit: Appointment, check_in: CheckIn, *, error: str = "") -> Page:
    name = "_check_in" if request.htmx else "check_in"
    content = CheckInPage(visit, visit.patient, check_in.there, check_in, error)
    return Page(f"back_office/desk/{name}.html", content, shows=[visit.patient_id], status=200 if request.htmx else 422)


@require_POST
@staff_view(Permission.RECEIVE, scope=scope.appointment, refused=check_in_page)
def arrive(request: StaffRequest, visit: Appointment) -> Answer:
    """Receives the patient: the button alone where all papers were seen before, else with what is shown now."""
    check_in = CheckIn(visit, request.by, request.POST)
    if not check_in.is_valid():
        return _papers(request, visit, check_in)
    booking.check_in(
        appointment=visit.pk,
        seen=check_in.seen(),
        power=check_in.shown_power,
        signed_off=check_in.reason,
        by=request.by,
    )
    tell_of_unusual_numbers(request, check_in.papers)
    undoing.offer(request, visit.pk, "arrived")
    return _done(request, visit)


@require_POST
@staff_view(Permission.RECEIVE, scope=scope.appointment, refused=back_again)
def take_back(request: StaffRequest, visit: Appointment) -> Answer:
    """Takes a step of the day back, with the reason, when the time to undo it is over."""
    form = BackForm(request.POST, prefix="back")
    if not form.is_valid():
        return appointment_page(request, visit, back_form=form, status=422)
    booking.take_back(appointment=visit.pk, by=request.by, **form.cleaned_data)
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=appointment_page)
def reinstate(request: StaffRequest, visit: Appointment) -> Answer:
    """Books a cancelled visit again while its time is free."""
    booking.reinstate(appointment=visit.pk, by=request.by)
    undoing.offer(request, visit.pk, "booked_again")
    return _done(request, visit)


@require_POST
@staff_view(Permission.RECEIVE, scope=scope.appointment, refused=appointment_page)
def noshow(request: StaffRequest, visit: Appointment) -> Answer:
    booking.mark_noshow(appointment=visit.pk, by=request.by)
    undoing.offer(request, visit.pk, "noshow")
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=cancel_again)
def cancel(request: StaffRequest, visit: Appointment) -> Answer:
    form = CancelForm(request.POST)
    if not form.is_valid():
        return appointment_page(request, visit, cancel_form=form, status=422)
    reason, note = CancelReason(form.cleaned_data["reason"]), form.cleaned_data["note"]
    booking.cancel(appointment=visit.pk, reason=reason, note=note, by=request.by)
    undoing.offer(request, visit.pk, "cancelled")
    return _done(request, visit)


@require_POST
@staff_view(Permission.BOOK, scope=scope.appointment, refused=mistake_again)
def mistake(request: StaffRequest, visit: Appointment) -> Answer:
    form = MistakeForm(request.POST, prefix="mistake")
    if not form.is_valid():
        return appointment_page(request, visit, mistake_form=form, status=422)
    booking.enter_in_error(appointment=visit.pk, note=form.cleaned_data["note"], by=request.by)
    undoing.offer(request, visit.pk, "entered_in_error")
    return _done(request, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.BOOK, scope=scope.appointment, refused=move_again)
def move(request: StaffRequest, visit: Appointment) -> Answer:
    """Offers the nearest other times, the one chosen in the grid first; the old time is kept until then."""
    if request.method != "POST":
        return move_page(request, visit)
    slot = get_object_or_404(Slot, pk=as_uuid(request.POST.get("to")))
    booking.move(appointment=visit.pk, to_slot=slot.pk, channel=request.channel, by=request.by)
    undoing.offer(request, visit.pk, "moved")
    messages.success(request, _("The appointment has been moved. Tell the patient the new time."))
    return _done(request, visit)
