"""Weekly hours of a doctor are added, changed and ended here (R10)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

import booking
from back_office import scope
from back_office.forms.refused import refused
from back_office.forms.schedule import HoursForm, LastDayForm, NewHoursForm, hours_of
from back_office.presenters.hours import RulePage
from back_office.staff_view import Answer, Page, StaffRequest, staff_view
from foundation.accounts.choices import Permission
from foundation.errors import DomainError
from foundation.idempotency.once import A_DAY
from scheduling.errors import RuleOverlaps
from scheduling.models import Doctor, ShiftRule

TEMPLATE = "back_office/schedule/rule.html"


def _add_again(request: StaffRequest, doctor: Doctor, *, error: DomainError) -> Page:
    return Page(TEMPLATE, RulePage(doctor, refused(NewHoursForm(request.POST), error)), shows=())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.doctor, refused=_add_again, once=A_DAY)
def add(request: StaffRequest, doctor: Doctor) -> Answer:
    usual = {"valid_from": timezone.localdate(), "slot_minutes": 30, "room": doctor.room_id}
    form = NewHoursForm(request.POST or None, initial=usual)
    if form.is_valid():
        try:
            weekdays = form.cleaned_data["weekdays"]
            booking.add_hours(doctor=doctor, weekdays=weekdays, hours=form.hours(), by=request.by)
        except RuleOverlaps as error:
            form.add_error(None, str(error))
    if not form.is_valid():
        return Page(TEMPLATE, RulePage(doctor, form), shows=(), status=_status(form))
    messages.success(request, _("The hours are added. Publish them so that they can be booked."))
    return redirect("office:doctor_schedule", doctor.pk)


def _edited_by_two(request: StaffRequest, rule: ShiftRule, *, error: DomainError) -> Answer:
    form = hours_of(rule, request.POST)
    form.refuse(error)
    return _rule_page(rule, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.rule, refused=_edited_by_two)
def edit(request: StaffRequest, rule: ShiftRule) -> Answer:
    form = hours_of(rule, request.POST or None)
    if not form.is_valid():
        return _rule_page(rule, form, status=_status(form))
    columns = form.hours().columns() | {"weekday": form.cleaned_data["weekday"]}
    booking.change_hours(rule=rule.pk, changes=form.changes(columns), by=request.by)
    messages.success(request, _("Saved. Shifts published earlier stay as they are."))
    return redirect("office:doctor_schedule", rule.doctor_id)


def _end_again(request: StaffRequest, rule: ShiftRule, *, error: DomainError) -> Page:
    return _end_page(rule, refused(LastDayForm(request.POST), error))


@require_POST
@staff_view(Permission.KEEP_SCHEDULE, scope=scope.rule, refused=_end_again)
def end(request: StaffRequest, rule: ShiftRule) -> Answer:
    form = LastDayForm(request.POST)
    if not form.is_valid():
        return _end_page(rule, form)
    booking.end_hours(rule=rule.pk, last_day=form.cleaned_data["last_day"], by=request.by)
    messages.success(request, _("The hours are ended. Shifts published earlier stay as they are."))
    return redirect("office:doctor_schedule", rule.doctor_id)


def _end_page(rule: ShiftRule, form: LastDayForm) -> Page:
    return Page(TEMPLATE, RulePage(rule.doctor, hours_of(rule), rule, form), shows=(), status=422)


def _rule_page(rule: ShiftRule, form: HoursForm, *, status: int = 200) -> Page:
    last_day = LastDayForm(initial={"last_day": timezone.localdate()})
    return Page(TEMPLATE, RulePage(rule.doctor, form, rule, last_day), shows=(), status=status)


def _status(form: HoursForm) -> int:
    return 422 if form.is_bound else 200
