"""Each function finds one thing by its address within what a person of the staff may see, or is 404."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from back_office.forms.ids import as_uuid, uuid_or_404
from back_office.presenters.reference import KINDS
from back_office.staff_view import StaffRequest
from foundation.accounts.models import User
from patients.models import Patient, PatientMerge, Representation
from patients.queries import people
from scheduling.choices import AbsenceKind
from scheduling.models import Absence, Appointment, Doctor, EmergencyCase, Shift, ShiftRule, Slot
from scheduling.queries import facts
from scheduling.queries.day import with_facts
from scheduling.queries.facts import ChosenSlot
from scheduling.queries.read_models import ShownSlot
from scheduling.queries.schedule import PLACE
from waitlist.models import SlotOffer, WaitlistEntry, WaitlistRequest
from waitlist.queries import calls
from waitlist.queries import entries as waiting
from worklist import queries as worklist
from worklist.choices import ABOUT_VISITS, TaskKind
from worklist.models import Task

Found = TypeVar("Found")


def patient(request: StaffRequest, patient_id: UUID) -> Patient:
    """Those who see patients see every record."""
    return _found(people.one(patient_id))


def appointment(request: StaffRequest, appointment_id: UUID) -> Appointment:
    """Those who see the day see every appointment."""
    return _found(with_facts(appointment_id))


def own_visit(request: StaffRequest, visit_id: UUID) -> Appointment:
    """A doctor sees their own visits alone (T41)."""
    rows = Appointment.objects.select_related(
        "patient", "representation", "doctor", "service__specialty", "room__location", "follow_up_of"
    )
    return get_object_or_404(rows, pk=visit_id, doctor__user=request.user)


def emergency(request: StaffRequest, case_id: UUID) -> EmergencyCase:
    """Everybody sees every emergency."""
    return get_object_or_404(EmergencyCase.objects.select_related("doctor", "patient"), pk=case_id)


@dataclass(frozen=True, slots=True)
class CaseOfPatient:
    case: EmergencyCase
    patient: Patient | None


def emergency_of_patient(request: StaffRequest, case_id: UUID) -> CaseOfPatient:
    return CaseOfPatient(emergency(request, case_id), patient_in_query(request))


def patient_in_query(request: StaffRequest) -> Patient | None:
    """Finds the patient whom the form or the address names by `patient`; None where neither does."""
    if not (asked := request.POST.get("patient") or request.GET.get("patient")):
        return None
    return _found(people.one(uuid_or_404(asked)))


@dataclass(frozen=True, slots=True)
class TwoRecords:
    """The record that stays, and another one that is to become part of it."""

    kept: Patient
    other: Patient


def two_records(request: StaffRequest, patient_id: UUID) -> TwoRecords:
    """Finds the second record by `patient` in the address, even one that is a part already; no record is its own."""
    other = uuid_or_404(request.GET.get("patient"))
    if other == patient_id:
        raise Http404
    return TwoRecords(patient(request, patient_id), get_object_or_404(Patient, pk=other))


def merge(request: StaffRequest, patient_id: UUID, merge_id: UUID) -> PatientMerge:
    return get_object_or_404(PatientMerge, _of_record("kept", patient_id), pk=merge_id)


def _of_record(column: str, patient_id: UUID) -> Q:
    """Returns the condition of a row of this record, or of the one whose part it is by now."""
    whole = Patient.objects.filter(pk=patient_id).values("merged_into")
    return Q(**{column: patient_id}) | Q(**{f"{column}__in": whole})


def representation(request: StaffRequest, patient_id: UUID, representation_id: UUID) -> Representation:
    """Finds somebody who acts for this patient, or did."""
    rows = Representation.objects.select_related("patient", "power_of_attorney", "person")
    return get_object_or_404(rows, _of_record("patient", patient_id), pk=representation_id)


def acting_now(sent: str | None) -> Representation:
    """Finds by what a form has sent somebody who acts for a patient now; for whom, the verb asks."""
    return get_object_or_404(Representation, pk=as_uuid(sent), valid_until=None)


def chosen_acting(request: StaffRequest, patient: Patient) -> Representation | None:
    """Finds the representative of this very patient whom the form names by `who`, for an entry that names none."""
    if not (chosen := request.POST.get("who")):
        return None
    return get_object_or_404(people.representatives(patient), pk=uuid_or_404(chosen))


@dataclass(frozen=True, slots=True)
class Acting:
    """The patient comes with those who act for them now."""

    patient: Patient
    people: list[Representation]


def with_acting(request: StaffRequest, patient_id: UUID) -> Acting:
    return Acting(*_found(people.with_representatives(patient_id)))


def slot(request: StaffRequest, slot_id: UUID) -> ShownSlot:
    return _found(facts.slot(slot_id))


def posted_slot(request: StaffRequest) -> ShownSlot:
    return slot(request, uuid_or_404(request.POST.get("slot")))


def whole_slot(request: StaffRequest, slot_id: UUID) -> Slot:
    """Finds the slot with everything that is booked by it, not only what is shown."""
    return get_object_or_404(Slot.objects.select_related("doctor", "shift__room__location"), pk=slot_id)


def chosen(request: StaffRequest, slot_id: UUID) -> ChosenSlot:
    """Finds the time, and the patient where one is named."""
    asked = request.POST.get("patient") or request.GET.get("patient")
    found = _found(facts.chosen_slot(slot=slot_id, patient=as_uuid(asked)))
    if asked and found.patient is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Busy:
    """A busy time with everything that is booked by it, and what a booking over it starts from."""

    whole: Slot
    chosen: ChosenSlot


def busy(request: StaffRequest, slot_id: UUID) -> Busy:
    return Busy(whole_slot(request, slot_id), chosen(request, slot_id))


def entry(request: StaffRequest, entry_id: UUID) -> WaitlistEntry:
    """Everybody who sees the waitlist sees every entry."""
    related = ("patient", "specialty", "service", "representation", "appointment")
    return get_object_or_404(WaitlistEntry.objects.select_related(*related), pk=entry_id)


def offer(request: StaffRequest, offer_id: UUID) -> SlotOffer:
    """Every operator finds every offer; the page and the verbs ask whose call it is."""
    return _found(calls.offer_with_facts(offer_id))


def task(request: StaffRequest, task_id: UUID) -> Task:
    """Everybody finds every call of the kinds they may make; the page and the verbs ask whose call it is."""
    return get_object_or_404(Task, pk=task_id, kind__in=worklist.kinds_for(request.by))


def rebooking(request: StaffRequest, task_id: UUID) -> Task:
    """Everybody who books finds every call about a visit; the page and the verbs ask whose call it is."""
    return get_object_or_404(Task, pk=task_id, kind__in=ABOUT_VISITS)


def missed_call(request: StaffRequest, task_id: UUID) -> Task:
    """Every operator finds every call that nobody answered; the page and the verbs ask whose call back it is."""
    return get_object_or_404(Task, pk=task_id, kind=TaskKind.MISSED_CALL)


def handed_over(request: StaffRequest, request_id: UUID) -> WaitlistRequest:
    return get_object_or_404(waiting.requests_with_times(), pk=request_id)


def doctor(request: StaffRequest, doctor_id: UUID) -> Doctor:
    return get_object_or_404(Doctor.objects.select_related("room__location"), pk=doctor_id)


def rule(request: StaffRequest, rule_id: UUID) -> ShiftRule:
    return get_object_or_404(ShiftRule.objects.select_related("doctor"), pk=rule_id)


def absence(request: StaffRequest, absence_id: UUID) -> Absence:
    """Finds any but the times that were closed by hand, which are opened on the page of their shift."""
    rows = Absence.objects.select_related(*PLACE).exclude(kind=AbsenceKind.BY_HAND)
    return get_object_or_404(rows, pk=absence_id)


@dataclass(frozen=True, slots=True)
class ReferenceRow:
    """A row of the reference data, and the code of its kind."""

    kind: str
    row: Model


def reference_row(request: StaffRequest, kind: str, row_id: UUID) -> ReferenceRow:
    """Those who administer see every row."""
    return ReferenceRow(kind, get_object_or_404(KINDS[kind].model._default_manager, pk=row_id))


def person(request: StaffRequest, person_id: UUID) -> User:
    """Those who administer see everybody who works here, or did."""
    return get_object_or_404(User, pk=person_id)


def shift(request: StaffRequest, shift_id: UUID) -> Shift:
    return get_object_or_404(Shift.objects.select_related("doctor", "room__location"), pk=shift_id)


def _found(what: Found | None) -> Found:
    if what is None:
        raise Http404
    return what
