"""Emergencies: a case is opened with one press, and nothing can refuse it (R14, R19)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes
from foundation.database import clock
from foundation.database.locks import advisory_lock_soon
from patients.models import Patient
from scheduling.choices import EmergencyEventKind, Urgency
from scheduling.errors import MistakeReasonNeeded
from scheduling.models import EmergencyCase, EmergencyEvent

PRESSED_AGAIN = timedelta(seconds=10)
"""How long another press of the same person means the same emergency, while nobody has taken it."""

LONGEST_REASON = 200


def open_case(
    *, by: Actor, urgency: Urgency = Urgency.EMERGENCY, description: str = "", another: bool = False
) -> EmergencyCase:
    """Opens a case, with the ambulance call for an emergency: the screen tells to dial, the time runs from here.

    A key that is pressed again within seconds opens no second case, unless the person says that it is `another`; the
    press is written down all the same.
    """
    now = clock.now()
    advisory_lock_soon(f"emergency of {by.ref}")
    if not another and (same := _just_opened(by, urgency, now)):
        _happened(same, EmergencyEventKind.PRESSED_AGAIN, by=by, at=now)
        return same
    ambulance = {}
    if urgency == Urgency.EMERGENCY:
        ambulance = {
            "ambulance_called_at": now,
            "ambulance_called_by": by.name,
            "ambulance_number": settings.CLINIC["ambulance"],
        }
    case = EmergencyCase.objects.create(
        urgency=urgency,
        opened_at=now,
        opened_by=by.ref,
        opened_by_name=by.name,
        description=description,
        **ambulance,
    )
    _happened(case, EmergencyEventKind.OPENED, by=by, at=now)
    trail.record(by=by, action="emergency.opened", object_ref=str(case.pk), urgency=urgency)
    return case


def _just_opened(by: Actor, urgency: Urgency, now: datetime) -> EmergencyCase | None:
    untaken = EmergencyCase.objects.filter(taken_at=None, closed_at=None, opened_by=by.ref, urgency=urgency)
    return untaken.filter(opened_at__gt=now - PRESSED_AGAIN).order_by("-opened_at").first()


def take(*, case: UUID, by: Actor) -> EmergencyCase:
    """Writes down who has taken the case and takes it off the screens; whoever was first stays."""
    row, now = _locked(case), clock.now()
    if row.taken_at is None:
        row.taken_at, row.taken_by, row.taken_by_name = now, by.ref, by.name
        row.save(update_fields=["taken_at", "taken_by", "taken_by_name"])
        _happened(row, EmergencyEventKind.TAKEN, by=by, at=now)
        trail.record(by=by, action="emergency.taken", object_ref=str(case))
    return row


def describe(*, case: UUID, changes: Changes, by: Actor) -> EmergencyCase:
    """Adds what becomes known later; nothing is required. Raises ChangedMeanwhile."""
    row = _locked(case)
    edited = changes.apply(row)
    row.save(update_fields=[*edited])
    _happened(row, EmergencyEventKind.DESCRIBED, by=by, at=clock.now())
    trail.record(by=by, action="emergency.described", object_ref=str(case), changed=before_and_after(edited))
    return row


def link(*, case: UUID, patient: Patient | None, by: Actor) -> EmergencyCase:
    """Joins the case with the record of the patient once they are known; None parts it from a wrong one."""
    row = _locked(case)
    parted, row.patient = row.patient_id, patient
    row.save(update_fields=["patient"])
    kind = EmergencyEventKind.LINKED if patient else EmergencyEventKind.UNLINKED
    _happened(row, kind, by=by, at=clock.now())
    about = patient.pk if patient else parted
    trail.record(by=by, action=f"emergency.{kind}", patient=about, object_ref=str(case))
    return row


def close(*, case: UUID, by: Actor) -> EmergencyCase:
    """Closes the case; a closed case stays as it is."""
    row = _locked(case)
    if row.closed_at is None:
        _close(row, by=by, kind=EmergencyEventKind.CLOSED)
    return row


def mistake(*, case: UUID, reason: str, by: Actor) -> EmergencyCase:
    """Closes a case that was opened by mistake; it stays on the list with the reason. Raises MistakeReasonNeeded."""
    if not (why := reason.replace("\0", "").strip()[:LONGEST_REASON]):
        raise MistakeReasonNeeded
    row = _locked(case)
    if not row.mistake:
        row.mistake = why
        _close(row, by=by, kind=EmergencyEventKind.MISTAKEN)
    return row


def reopen(*, case: UUID, by: Actor) -> EmergencyCase:
    """Takes a closing back, by mistake or not; while nobody has taken the case the screens show it again."""
    row = _locked(case)
    if row.closed_at is not None:
        row.closed_at, row.closed_by, row.mistake = None, "", ""
        row.save(update_fields=["closed_at", "closed_by", "mistake"])
        _happened(row, EmergencyEventKind.REOPENED, by=by, at=clock.now())
        trail.record(by=by, action="emergency.reopened", object_ref=str(case))
    return row


def _close(row: EmergencyCase, *, by: Actor, kind: EmergencyEventKind) -> None:
    if row.closed_at is None:
        row.closed_at, row.closed_by = clock.now(), by.ref
    row.save(update_fields=["closed_at", "closed_by", "mistake"])
    _happened(row, kind, by=by, at=clock.now(), note=row.mistake)
    trail.record(by=by, action=f"emergency.{kind}", object_ref=str(row.pk))


def _locked(case: UUID) -> EmergencyCase:
    return EmergencyCase.objects.select_for_update().get(pk=case)


def _happened(case: EmergencyCase, kind: EmergencyEventKind, *, by: Actor, at: datetime, note: str = "") -> None:
    EmergencyEvent.objects.create(case=case, kind=kind, at=at, actor=by.ref, actor_name=by.name, note=note)
