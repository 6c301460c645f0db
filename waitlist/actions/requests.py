"""Requests to wait: handed over by the desk or the site, entered by an operator in one click (R12, R20)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import clock
from patients.actions import register, representations
from patients.choices import Channel, Relation
from patients.data import PersonData, RepresentativeData
from patients.models import Patient, Representation
from patients.queries.reached import reached
from scheduling.actions import slots
from scheduling.choices import ReleaseReason
from scheduling.models import Appointment
from waitlist import never
from waitlist.actions import entries
from waitlist.choices import RequestState
from waitlist.errors import AlreadyWaiting, RequestHandled
from waitlist.models import WaitlistEntry, WaitlistRequest
from waitlist.wishes import WishData, of
from worklist.actions import claims, tasks
from worklist.choices import TaskKind
from worklist.models import Task


def hand_over(
    *,
    person: PersonData,
    wishes: WishData,
    channel: Channel,
    by: Actor,
    patient: Patient | None = None,
    representative: RepresentativeData | None = None,
    consent_text: str = "",
    slot: UUID | None = None,
    held_until: datetime | None = None,
    remind: bool = False,
    proved: bool = False,
) -> WaitlistRequest:
    """Keeps the wishes of a person for the contact centre.

    The same open request of the same phone and specialty is updated, not doubled; a consent that was ticked once stays,
    and so does the proof of a phone. `slot` is a time that was chosen. Raises NeverFits for wishes without one.
    """
    if not slot:
        never.check(wishes, birth_date=person.birth_date)
    who: dict[str, Any] = {
        "patient": patient,
        "birth_date": person.birth_date,
        "last_name": person.last_name,
        "first_name": person.first_name,
        "patronymic": person.patronymic,
    }
    columns = wishes.columns() | _representative_columns(representative)
    if slot:
        columns |= {"slot_id": slot, "held_until": held_until, "remind": remind}
    if proved:
        columns |= {"phone_proved": True}
    if consent_text:
        columns |= {"consent_text": consent_text, "consent_ip": by.ip or None}
    columns |= {"channel": channel, "created_by": by.ref}
    request, _created = WaitlistRequest.objects.update_or_create(
        state=RequestState.HANDED_OVER,
        phone=person.phone,
        specialty=wishes.specialty,
        **{name: who[name] for name in ("last_name", "first_name", "birth_date")},
        defaults=who | columns,
    )
    trail.record(
        by=by, action="waitlist.handed_over", patient=patient.pk if patient else None, object_ref=str(request.pk)
    )
    return request


def enter(*, request: UUID, by: Actor) -> WaitlistEntry:
    """Turns a request into an entry; the patient record is found or made, nothing is typed again.

    The entry has arrived when the request did, and what has become free since then is offered like any other time. For
    a child of the register whoever has the number is named, as they are recorded now. A patient who waits for this
    specialty already keeps that entry, and their first wish counts. The same click again returns the same entry.
    Raises RequestHandled, NeverFits.
    """
    row = lock(request)
    if row.entry is not None:
        return row.entry
    check_open(row)
    patient, representation = record_people(row, by=by)
    try:
        entry = entries.put_on(
            patient=patient, wishes=of(row), by=by, representation=representation, wished_at=row.created_at
        )
    except AlreadyWaiting as error:
        entry = error.entry
        entries.note_earlier_wish(entry=entry, wished_at=row.created_at, by=by)
    row.state, row.entry, row.patient = RequestState.ENTERED, entry, patient
    row.handled_at, row.handled_by = clock.now(), by.ref
    row.save(update_fields=["state", "entry", "patient", "handled_at", "handled_by"])
    return entry


def lock(request: UUID) -> WaitlistRequest:
    """Locks the request until the transaction ends and returns it as it is now.

    The entry and the visit are not joined: a request that was waited for has them, and the join began without.
    """
    related = ("patient", "service")
    return WaitlistRequest.objects.select_for_update(of=["self"]).select_related(*related).get(pk=request)


def check_open(row: WaitlistRequest) -> None:
    """Refuses a locked request that was booked, entered or closed. Raises RequestHandled."""
    if row.state != RequestState.HANDED_OVER:
        raise RequestHandled


def record_people(row: WaitlistRequest, *, by: Actor) -> tuple[Patient, Representation | None]:
    """Finds the patient of a request, or makes their record, with whoever acts for them.

    The consent ticked on the site stays in the request, as the act of a visitor who has proved nothing: the click of an
    operator gives none.
    """
    patient = row.patient or register.find_or_add(person=row.person, by=by)
    representation = reached(patient).representation if row.patient else None
    if who := _representative(row):
        representation = representations.record(patient=patient, who=who, by=by)
    return patient, representation


def lock_unless_handled(keys: Iterable[UUID]) -> list[WaitlistRequest]:
    """Locks and returns those of these requests that are still open and that nobody else handles at this moment."""
    if not (wanted := list(keys)):
        return []
    there = WaitlistRequest.objects.filter(pk__in=wanted, state=RequestState.HANDED_OVER).order_by("pk")
    return list(there.select_for_update(of=["self"], skip_locked=True))


def booked(row: WaitlistRequest, *, visit: Appointment, by: Actor) -> None:
    """Closes a request of whoever was booked, with a link to the visit."""
    row.state, row.appointment, row.patient = RequestState.BOOKED, visit, visit.patient
    row.handled_at, row.handled_by = clock.now(), by.ref
    row.save(update_fields=["state", "appointment", "patient", "handled_at", "handled_by"])


def close(*, request: UUID, by: Actor) -> None:
    """Closes a request that is no longer needed, or was booked meanwhile."""
    row = WaitlistRequest.objects.select_for_update().get(pk=request)
    if row.state == RequestState.HANDED_OVER:
        row.state, row.handled_at, row.handled_by = RequestState.CLOSED, clock.now(), by.ref
        row.save(update_fields=["state", "handled_at", "handled_by"])
        trail.record(by=by, action="waitlist.request_closed", object_ref=str(request))


def open_again(*, appointment: Appointment, since: datetime, by: Actor) -> None:
    """Opens the requests again which this visit has closed since then, by a step that was undone.

    Those for a chosen time stay closed: it was agreed by phone.
    """
    closed = WaitlistRequest.objects.filter(appointment=appointment, handled_at__gte=since, slot=None)
    for row in closed.select_for_update(of=["self"]).order_by("pk"):
        row.state, row.appointment, row.handled_at, row.handled_by = RequestState.HANDED_OVER, None, None, ""
        row.save(update_fields=["state", "appointment", "handled_at", "handled_by"])
        trail.record(by=by, action="waitlist.handed_over", patient=row.patient_id, object_ref=str(row.pk))


def task_about(request: UUID) -> UUID:
    """Returns the last task about a request; the key of the request itself, which no task has, when there is none."""
    about = Task.objects.filter(kind=TaskKind.NO_CODE, subject=request).order_by("-created_at")
    return about.values_list("pk", flat=True).first() or request


def settle(request: UUID, *, by: Actor, outcome: str = "") -> None:
    """Ends the task of a request, and the hold of its time if that still stands."""
    task = task_about(request)
    tasks.close_about(kind=TaskKind.NO_CODE, subjects=[request], by=by, outcome=outcome)
    claims.end_if_done(task=task, by=by)
    slots.drop(tokens=[request], reason=ReleaseReason.HOLD_DROPPED)


def _representative(row: WaitlistRequest) -> RepresentativeData | None:
    if not row.relation:
        return None
    return RepresentativeData(
        relation=Relation(row.relation),
        last_name=row.representative_last_name,
        first_name=row.representative_first_name,
        patronymic=row.representative_patronymic,
        phone=row.phone.as_e164,
    )


def _representative_columns(representative: RepresentativeData | None) -> dict[str, str]:
    if representative is None:
        return {}
    return {
        "relation": representative.relation,
        "representative_last_name": representative.last_name,
        "representative_first_name": representative.first_name,
        "representative_patronymic": representative.patronymic,
    }
