"""What a person of the staff may see: each function finds one thing within it by its address, or is 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from back_office.staff_view import StaffRequest
from patients.models import Patient
from scheduling.models import Appointment, Doctor, EmergencyCase, ScheduleException, Shift, ShiftRule
from scheduling.queries.day import with_facts
from waitlist.models import WaitlistEntry


def patient(request: StaffRequest, patient_id: UUID) -> Patient:
    """Whoever sees patients sees every record."""
    return get_object_or_404(Patient, pk=patient_id)


def appointment(request: StaffRequest, appointment_id: UUID) -> Appointment:
    """Whoever sees the day sees every appointment."""
    if visit := with_facts(appointment_id):
        return visit
    raise Http404


def own_visit(request: StaffRequest, visit_id: UUID) -> Appointment:
    """A doctor sees their own visits alone (T41)."""
    rows = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service__specialty", "room__location", "follow_up_of"
    )
    return get_object_or_404(rows, pk=visit_id, doctor__user=request.user)


def emergency(request: StaffRequest, case_id: UUID) -> EmergencyCase:
    """Everybody sees every emergency."""
    return get_object_or_404(EmergencyCase.objects.select_related("doctor"), pk=case_id)


def entry(request: StaffRequest, entry_id: UUID) -> WaitlistEntry:
    """Everybody who sees the waitlist sees every entry."""
    related = ("patient", "specialty", "service", "representation", "appointment")
    return get_object_or_404(WaitlistEntry.objects.select_related(*related), pk=entry_id)


def doctor(request: StaffRequest, doctor_id: UUID) -> Doctor:
    return get_object_or_404(Doctor.objects.select_related("room"), pk=doctor_id)


def rule(request: StaffRequest, rule_id: UUID) -> ShiftRule:
    return get_object_or_404(ShiftRule.objects.select_related("doctor"), pk=rule_id)


def absence(request: StaffRequest, absence_id: UUID) -> ScheduleException:
    return get_object_or_404(ScheduleException.objects.select_related("doctor"), pk=absence_id)


def shift(request: StaffRequest, shift_id: UUID) -> Shift:
    return get_object_or_404(Shift.objects.select_related("doctor", "room__location"), pk=shift_id)
