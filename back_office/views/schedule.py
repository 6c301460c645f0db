from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from back_office.actor import actor_of
from back_office.answers import status_of
from back_office.forms.schedule import AbsenceForm, HoursForm, LastDayForm, NewHoursForm, SlotsForm, TermForm
from foundation.accounts.access import requires
from foundation.accounts.choices import Permission
from foundation.audit import trail
from scheduling.actions import rules, schedule
from scheduling.errors import BookingError, RuleOverlaps, ScheduleError, ShiftConflict
from scheduling.models import Doctor, ScheduleException, Shift, ShiftRule
from scheduling.queries import schedule as reads

INVALID = 422


@require_safe
@requires(Permission.KEEP_SCHEDULE)
def doctors(request: HttpRequest) -> HttpResponse:
    rows = [(doctor, reads.hours_in_words(doctor.current_rules)) for doctor in reads.doctors(timezone.localdate())]
    return render(request, "back_office/schedule/doctors.html", {"rows": rows, "today": timezone.localdate()})


@require_safe
@requires(Permission.KEEP_SCHEDULE)
def doctor_schedule(request: HttpRequest, doctor_id) -> HttpResponse:
    doctor, today = _doctor(doctor_id), timezone.localdate()
    monday = _monday(_day(request.GET.get("week"), today))
    shifts = list(reads.shifts_between(doctor.pk, monday, monday + timedelta(days=6)))
    days = [monday + timedelta(days=offset) for offset in range(7)]
    context = {
        "doctor": doctor,
        "today": today,
        "rules": doctor.shift_rules.select_related("room").order_by("weekday", "starts", "valid_from"),
        "absences": doctor.exceptions.filter(last_day__gte=today),
        "week": [(day, [shift for shift in shifts if shift.date == day]) for day in days],
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "term_form": TermForm(initial=_next_week(today)),
        "terms": _terms(today),
    }
    return render(request, "back_office/schedule/doctor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_SCHEDULE)
def rule_add(request: HttpRequest, doctor_id) -> HttpResponse:
    doctor = _doctor(doctor_id)
    usual = {"valid_from": timezone.localdate(), "slot_minutes": 30, "room": doctor.room_id}
    form = NewHoursForm(request.POST or None, initial=usual)
    if form.is_valid():
        try:
            rules.add(doctor=doctor, by=actor_of(request), **form.cleaned_data)
        except RuleOverlaps as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The hours are added. Publish them so that they can be booked."))
            return redirect("office:doctor_schedule", doctor.pk)
    return _page(request, "back_office/schedule/rule.html", form, doctor=doctor)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_SCHEDULE)
def rule_edit(request: HttpRequest, rule_id) -> HttpResponse:
    rule = get_object_or_404(ShiftRule.objects.select_related("doctor"), pk=rule_id)
    form = HoursForm(request.POST or None, instance=rule)
    if form.is_valid():
        try:
            rules.change(rule=rule.pk, by=actor_of(request), **form.cleaned_data)
        except RuleOverlaps as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Shifts published earlier stay as they are."))
            return redirect("office:doctor_schedule", rule.doctor_id)
    last_day = LastDayForm(initial={"last_day": timezone.localdate()})
    return _page(request, "back_office/schedule/rule.html", form, doctor=rule.doctor, rule=rule, last_day_form=last_day)


@require_POST
@requires(Permission.KEEP_SCHEDULE)
def rule_end(request: HttpRequest, rule_id) -> HttpResponse:
    rule = get_object_or_404(ShiftRule.objects.select_related("doctor"), pk=rule_id)
    form = LastDayForm(request.POST)
    if not form.is_valid():
        hours = HoursForm(instance=rule)
        context = {"doctor": rule.doctor, "rule": rule, "form": hours, "last_day_form": form}
        return render(request, "back_office/schedule/rule.html", context, status=INVALID)
    rules.end(rule=rule.pk, last_day=form.cleaned_data["last_day"], by=actor_of(request))
    messages.success(request, _("The hours are ended. Shifts published earlier stay as they are."))
    return redirect("office:doctor_schedule", rule.doctor_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_SCHEDULE)
def absence_add(request: HttpRequest, doctor_id) -> HttpResponse:
    """Visits that fall into the days are shown before anything is written; they are never cancelled silently."""
    doctor, visits = _doctor(doctor_id), []
    today = timezone.localdate()
    form = AbsenceForm(request.POST or None, initial={"first_day": today, "last_day": today})
    if form.is_valid():
        visits = _shown(request, doctor, form.cleaned_data["first_day"], form.cleaned_data["last_day"])
        if not visits or "seen" in request.POST:
            made = rules.add_exception(doctor=doctor, by=actor_of(request), **form.cleaned_data)
            messages.success(request, _("The days away are written down. Free times of these days are closed."))
            return redirect("office:absence" if visits else "office:doctor_schedule", made.pk if visits else doctor.pk)
    return _page(request, "back_office/schedule/absence_add.html", form, doctor=doctor, visits=visits)


@require_safe
@requires(Permission.KEEP_SCHEDULE)
def absence(request: HttpRequest, absence_id) -> HttpResponse:
    row = get_object_or_404(ScheduleException.objects.select_related("doctor"), pk=absence_id)
    visits = _shown(request, row.doctor, row.first_day, row.last_day)
    context = {"absence": row, "doctor": row.doctor, "visits": visits}
    return render(request, "back_office/schedule/absence.html", context)


@require_POST
@requires(Permission.KEEP_SCHEDULE)
def absence_remove(request: HttpRequest, absence_id) -> HttpResponse:
    row = get_object_or_404(ScheduleException, pk=absence_id)
    rules.remove_exception(exception=row, by=actor_of(request))
    messages.success(request, _("The doctor works on these days again. Times closed because of it are free."))
    return redirect("office:doctor_schedule", row.doctor_id)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.KEEP_SCHEDULE)
def publish(request: HttpRequest, doctor_id) -> HttpResponse:
    """GET is the preview of the days in the address; POST publishes exactly those."""
    doctor = _doctor(doctor_id)
    form = TermForm(request.POST or request.GET or _next_week(timezone.localdate()))
    if not form.is_valid():
        return render(
            request, "back_office/schedule/publish.html", {"doctor": doctor, "term_form": form}, status=INVALID
        )
    term = form.cleaned_data
    conflict = None
    if request.method == "POST":
        try:
            shifts = schedule.publish(doctor=doctor, by=actor_of(request), **term)
        except ShiftConflict as error:
            conflict = error
        else:
            messages.success(request, _published(shifts))
            return redirect(f"{reverse('office:publish', args=[doctor.pk])}?{urlencode(term)}")
    context = {"doctor": doctor, "term_form": form, "conflict": conflict, **term, **_preview(doctor, **term)}
    status = status_of(conflict) if conflict else 200
    return render(request, "back_office/schedule/publish.html", context, status=status)


@require_safe
@requires(Permission.KEEP_SCHEDULE)
def shift(request: HttpRequest, shift_id) -> HttpResponse:
    return _shift_page(request, _shift(shift_id))


@require_POST
@requires(Permission.KEEP_SCHEDULE)
def shift_slots(request: HttpRequest, shift_id) -> HttpResponse:
    """Closes or opens the ticked times."""
    row, closing = _shift(shift_id), "close" in request.POST
    form = SlotsForm(request.POST, shift=row, closing=closing)
    if not form.is_valid():
        return _shift_page(request, row, form)
    ids = [slot.pk for slot in form.cleaned_data["slots"]]
    try:
        if closing:
            schedule.block(slot_ids=ids, reason=form.cleaned_data["reason"], by=actor_of(request))
        else:
            schedule.unblock(slot_ids=ids, by=actor_of(request))
    except BookingError:
        form.add_error("slots", _("Some of these times are booked or held by now. Tick free ones."))
        return _shift_page(request, row, form)
    messages.success(request, _("The times are closed.") if closing else _("The times are open again."))
    return redirect("office:shift", row.pk)


@require_POST
@requires(Permission.KEEP_SCHEDULE)
def shift_withdraw(request: HttpRequest, shift_id) -> HttpResponse:
    row = _shift(shift_id)
    try:
        rules.withdraw(shift=row, by=actor_of(request))
    except ScheduleError as error:
        messages.error(request, str(error))
        return redirect("office:shift", shift_id)
    messages.success(request, _("The shift is withdrawn."))
    return redirect(f"{reverse('office:doctor_schedule', args=[row.doctor_id])}?week={row.date}")


@dataclass(frozen=True, slots=True)
class Term:
    label: str
    first_day: date
    last_day: date


def _doctor(doctor_id) -> Doctor:
    return get_object_or_404(Doctor.objects.select_related("room"), pk=doctor_id)


def _shift(shift_id) -> Shift:
    return get_object_or_404(Shift.objects.select_related("doctor", "room__location"), pk=shift_id)


def _page(request: HttpRequest, template: str, form, **context) -> HttpResponse:
    status = INVALID if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def _shift_page(request: HttpRequest, row: Shift, form: SlotsForm | None = None) -> HttpResponse:
    now = timezone.now()
    cells = [(slot, _state(slot, now)) for slot in row.slots.order_by("starts_at")]
    chosen = set(form.data.getlist("slots")) if form else set()
    context = {
        "shift": row,
        "doctor": row.doctor,
        "cells": cells,
        "chosen": chosen,
        "form": form or SlotsForm(shift=row, closing=True),
        "past": row.ends_at <= now,
    }
    return render(request, "back_office/schedule/shift.html", context, status=INVALID if form else 200)


def _state(slot, now) -> str:
    if slot.appointment_id:
        return "booked"
    if slot.blocked:
        return "blocked"
    if slot.starts_at <= now:
        return "past"
    return "held" if slot.held_against(None, now) else "free"


def _shown(request: HttpRequest, doctor: Doctor, first_day: date, last_day: date) -> list:
    visits = list(reads.visits_between(doctor.pk, first_day, last_day))
    shown = {visit.patient_id for visit in visits}
    trail.record_shown(by=actor_of(request), patients=shown, where="office:absence")
    return visits


def _preview(doctor: Doctor, first_day: date, last_day: date) -> dict[str, object]:
    planned = schedule.preview(doctor=doctor, first_day=first_day, last_day=last_day)
    clashes = [plan for plan in planned if plan.clash]
    fresh = [plan for plan in planned if not plan.clash and not plan.published]
    calendar = dict(reads.holidays_between(first_day, last_day))
    planned_days = {plan.date for plan in planned}
    return {
        "planned": [(plan, calendar.get(plan.date, "")) for plan in planned],
        "clashes": clashes,
        "fresh": fresh,
        "slot_count": sum(plan.slot_count for plan in fresh),
        "published_count": sum(plan.published for plan in planned),
        "holidays": [(day, name, day in planned_days) for day, name in calendar.items()],
        "absences": doctor.exceptions.filter(first_day__lte=last_day, last_day__gte=first_day),
    }


def _published(shifts: list[Shift]) -> str:
    if not shifts:
        return _("Everything on these days was published already.")
    return ngettext("%(count)d shift is published.", "%(count)d shifts are published.", len(shifts)) % {
        "count": len(shifts)
    }


def _terms(today: date) -> list[Term]:
    """The spans people publish: one click each."""
    monday = _next_week(today)["first_day"]
    next_month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return [
        Term(_("next week"), monday, monday + timedelta(days=6)),
        Term(_("two weeks"), monday, monday + timedelta(days=13)),
        Term(_("until the end of the month"), today, next_month - timedelta(days=1)),
        Term(_("the next month"), next_month, (next_month + timedelta(days=32)).replace(day=1) - timedelta(days=1)),
    ]


def _next_week(today: date) -> dict[str, date]:
    monday = _monday(today) + timedelta(days=7)
    return {"first_day": monday, "last_day": monday + timedelta(days=6)}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _day(text: str | None, default: date) -> date:
    """A day from the address; what cannot be understood is today."""
    try:
        day = parse_date(text or "") or default
    except ValueError:
        return default
    return day if 2000 <= day.year <= 2100 else default
