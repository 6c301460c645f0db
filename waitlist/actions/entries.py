"""Entries of the waitlist: only the contact centre puts people on it (R20)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.before_and_after import before_and_after
from foundation.changes import Changes
from foundation.database import clock, writes
from patients.models import Patient, Representation
from scheduling.models import Appointment
from waitlist import lasting, never
from waitlist.actions import freed_times
from waitlist.choices import OPEN, DeclineReason, EntryState
from waitlist.errors import AlreadyWaiting, EntryClosed, SlotsAreFree
from waitlist.fit import nearest_of_use
from waitlist.lessons import LEARNED
from waitlist.models import WaitlistEntry
from waitlist.ranking.earlier import visit_ahead
from waitlist.wishes import FITTING, WishData, of
from worklist import queries as worklist
from worklist.actions import claims, tasks
from worklist.choices import Priority, TaskKind


def join(
    *,
    patient: Patient,
    wishes: WishData,
    by: Actor,
    representation: Representation | None = None,
    none_suits: bool = False,
    declined: Collection[UUID] = (),
) -> WaitlistEntry:
    """Puts a patient on the waitlist. Raises SlotsAreFree while something fits (R12), NeverFits, AlreadyWaiting.

    `none_suits` tells that the free times were read out and the patient wants none of them; `declined` are the first
    slots of these.
    """
    free = nearest_of_use(wishes, patient=patient)
    if free and not none_suits:
        raise SlotsAreFree([each.slot for each in free])
    asked = clock.now() if free else None
    return put_on(
        patient=patient,
        wishes=wishes,
        by=by,
        representation=representation,
        sought_until=asked,
        none_suits=bool(free),
        declined=declined,
    )


def put_on(
    *,
    patient: Patient,
    wishes: WishData,
    by: Actor,
    representation: Representation | None = None,
    sought_until: datetime | None = None,
    wished_at: datetime | None = None,
    none_suits: bool = False,
    declined: Collection[UUID] = (),
) -> WaitlistEntry:
    """Puts a patient on the waitlist to whom nothing is read out now. Raises NeverFits, AlreadyWaiting.

    `wished_at` is the moment of a wish that was said before now, and their arrival; `sought_until` that up to which
    free times were read out. Whoever has a visit that meets the wishes waits for a time earlier than it.
    """
    if sought_until is None:
        never.check(wishes, birth_date=patient.birth_date)
    try:
        with transaction.atomic():
            entry = WaitlistEntry.objects.create(
                patient=patient,
                birth_date=patient.birth_date,
                representation=representation,
                arrived_at=wished_at or clock.now(),
                waits_until=lasting.last_day(wishes.date_until),
                sought_until=sought_until,
                none_suits=none_suits,
                declined=[*declined],
                earlier_than_id=visit_ahead(wishes, patient=patient.pk, now=clock.now()),
                **_set_urgent(wishes.urgent_reason, by=by),
                created_by=by.ref,
                created_by_name=by.name,
                **wishes.columns(),
            )
    except IntegrityError as error:
        there = WaitlistEntry.objects.filter(patient=patient, specialty=wishes.specialty, state__in=OPEN).first()
        if there is None:
            raise
        raise AlreadyWaiting(there) from error
    if sought_until is None:
        freed_times.look_for(entry)
    trail.record(by=by, action="waitlist.joined", patient=patient.pk, object_ref=str(entry.pk))
    return entry


def note_earlier_wish(*, entry: WaitlistEntry, wished_at: datetime, by: Actor) -> None:
    """Counts the arrival of whoever waits already from a wish that was said earlier; a later one changes nothing."""
    if WaitlistEntry.objects.filter(pk=entry.pk, arrived_at__gt=wished_at).update(arrived_at=wished_at):
        trail.record(by=by, action="waitlist.wished_earlier", patient=entry.patient_id, object_ref=str(entry.pk))
        entry.arrived_at = wished_at


def change(*, entry: UUID, changes: Changes, by: Actor) -> WaitlistEntry:
    """Changes the wishes of an entry, which keeps its place in the order of arrival.

    What is free for the new wishes was read out to nobody, and a visit that meets them is the one that is given up. An
    unreachable patient who called waits again. Raises EntryClosed, ChangedMeanwhile, NeverFits.
    """
    row = locked(entry)
    edited = changes.apply(row)
    if FITTING.intersection(edited):
        never.check(of(row), birth_date=row.birth_date)
        row.earlier_than_id = visit_ahead(of(row), patient=row.patient_id, now=clock.now())
        row.sought_until, row.declined = None, []
    row.state = EntryState.WAITING if row.state == EntryState.UNREACHABLE else row.state
    row.attempts = 0
    if not row.rest_reason:
        row.rests_until = min(row.rests_until or clock.now(), clock.now())
    urgent = _note_urgency(row, by=by) if "urgent_reason" in edited else ()
    row.save(
        update_fields=[*edited, *urgent, "state", "sought_until", "declined", "attempts", "earlier_than", "rests_until"]
    )
    wait_from_now(row, by=by)
    freed_times.look_for(row)
    changed = before_and_after(edited)
    trail.record(by=by, action="waitlist.changed", patient=row.patient_id, object_ref=str(entry), changed=changed)
    return row


def set_urgency(*, entry: UUID, reason: str, by: Actor) -> WaitlistEntry:
    """Makes an entry urgent for a reason, or an ordinary one again when there is none; nothing else of it changes.

    The same reason again changes nothing. Raises EntryClosed.
    """
    row = locked(entry)
    priority = Priority.URGENT if reason else Priority.NORMAL
    edited = Changes({"priority": priority, "urgent_reason": reason}).apply(row)
    if edited:
        row.save(update_fields=[*edited, *_note_urgency(row, by=by)])
        changed = before_and_after(edited)
        trail.record(by=by, action="waitlist.urgency", patient=row.patient_id, object_ref=str(entry), changed=changed)
        freed_times.look_for(row)
    return row


def learn(row: WaitlistEntry, *, wishes: WishData, reason: DeclineReason, by: Actor) -> None:
    """Narrows the wishes of a locked entry by what the person has said of a time that they declined.

    What is free for the narrower wishes was read out with that time.
    """
    new = wishes.columns()
    edited = Changes({name: new[name] for name in LEARNED}).apply(row)
    writes.update([row], **{name: getattr(row, name) for name in edited})
    trail.record(
        by=by,
        action="waitlist.taught",
        patient=row.patient_id,
        object_ref=str(row.pk),
        declined=reason,
        changed=before_and_after(edited),
    )


def wait_from_now(row: WaitlistEntry, *, by: Actor) -> None:
    """Counts the wait of a locked entry from today, and ends the question whether it goes on."""
    _end_question(row, outcome="waits_on", by=by)
    tasks.close_about(kind=TaskKind.FIND_NUMBER, subjects=[row.pk], by=by)
    row.waits_until = lasting.last_day(row.date_until)
    row.save(update_fields=["waits_until"])


def wait_again(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Makes a patient who could not be reached and called back wait again. Raises EntryClosed."""
    row = locked(entry)
    if row.state == EntryState.UNREACHABLE:
        row.state, row.attempts, row.not_before = EntryState.WAITING, 0, None
        row.save(update_fields=["state", "attempts", "not_before"])
        wait_from_now(row, by=by)
        freed_times.look_for(row)
        trail.record(by=by, action="waitlist.waits_again", patient=row.patient_id, object_ref=str(entry))
    return row


def number_corrected(row: WaitlistEntry, *, by: Actor) -> None:
    """Has a locked entry phoned at the number of the record again, which was put right; an unreachable one waits on."""
    row.phone = ""
    row.save(update_fields=["phone"])
    if row.state == EntryState.UNREACHABLE:
        wait_again(entry=row.pk, by=by)


def wait_after_all(*, appointment: Appointment, since: datetime, by: Actor) -> None:
    """Makes the patient wait again whose wish this visit has ended since then, by a step that was undone.

    Nothing for whoever waits for this specialty by another entry meanwhile.
    """
    ended = WaitlistEntry.objects.filter(appointment=appointment, closed_at__gte=since)
    row = ended.select_for_update(of=["self"]).order_by("-closed_at").first()
    if (
        row
        and not WaitlistEntry.objects.filter(
            patient=row.patient_id, specialty=row.specialty_id, state__in=OPEN
        ).exists()
    ):
        row.state, row.appointment, row.closed_at, row.closed_by = EntryState.WAITING, None, None, ""
        row.save(update_fields=["state", "appointment", "closed_at", "closed_by"])
        trail.record(by=by, action="waitlist.booking_undone", patient=row.patient_id, object_ref=str(row.pk))


def ended_by(appointment: Appointment) -> WaitlistEntry | None:
    """Returns the entry that this visit has ended, the last where it was more than one."""
    ended = WaitlistEntry.objects.filter(appointment=appointment).select_related("patient", "specialty", "service")
    return ended.order_by("-closed_at").first()


def waiting_for_earlier(appointment: Appointment) -> WaitlistEntry | None:
    """Returns the open entry of whoever waits for a time earlier than this visit."""
    return WaitlistEntry.objects.filter(earlier_than=appointment, state__in=OPEN).first()


def wait_for_earlier(*, entry: UUID, by: Actor) -> WaitlistEntry:
    """Makes the patient wait on, at their place, for a time earlier than the visit that has ended their wish.

    The same press again changes nothing. Raises EntryClosed when no visit has ended it, AlreadyWaiting.
    """
    row = WaitlistEntry.objects.select_for_update(of=["self"]).get(pk=entry)
    if row.state != EntryState.BOOKED:
        raise EntryClosed
    if there := WaitlistEntry.objects.filter(
        patient=row.patient_id, specialty=row.specialty_id, state__in=OPEN
    ).first():
        raise AlreadyWaiting(there)
    row.state, row.earlier_than, row.appointment = EntryState.WAITING, row.appointment, None
    row.closed_at, row.closed_by, row.not_before, row.attempts = None, "", None, 0
    row.save(
        update_fields=[
            *("state", "earlier_than", "appointment", "closed_at", "closed_by", "not_before", "attempts"),
        ]
    )
    trail.record(by=by, action="waitlist.waits_for_earlier", patient=row.patient_id, object_ref=str(entry))
    return row


def close_booked(entry: WaitlistEntry, *, appointment: Appointment, by: Actor) -> None:
    """Closes the entry with a link to the appointment, in the transaction that booked it (R25)."""
    _close(entry, state=EntryState.BOOKED, by=by, appointment=appointment)


def close_removed(entry: WaitlistEntry, *, reason: str, by: Actor) -> None:
    """Closes the entry at the patient's word, with the reason."""
    _close(entry, state=EntryState.REMOVED, by=by, close_reason=reason[:200])


def with_patient(entry: UUID) -> WaitlistEntry:
    """Returns the entry with its patient, representative and appointment."""
    return WaitlistEntry.objects.select_related("patient", "representation", "appointment").get(pk=entry)


def lock_as_it_is(entry: UUID) -> WaitlistEntry:
    """Locks and returns the entry, open or not."""
    rows = WaitlistEntry.objects.select_for_update(of=["self"]).select_related("patient", "representation")
    return rows.get(pk=entry)


def locked(entry: UUID) -> WaitlistEntry:
    """Locks and returns the open entry. Raises EntryClosed."""
    row = lock_as_it_is(entry)
    if not row.is_open:
        raise EntryClosed
    return row


def _set_urgent(reason: str, *, by: Actor) -> dict[str, Any]:
    """Returns who has set somebody urgent and when, as columns; empty for whoever is not."""
    return {"urgent_at": clock.now() if reason else None, "urgent_by_name": by.name if reason else ""}


def _note_urgency(row: WaitlistEntry, *, by: Actor) -> Collection[str]:
    """Sets on a locked row who has set it urgent, and when; returns the names of these columns."""
    columns = _set_urgent(row.urgent_reason, by=by)
    for name, value in columns.items():
        setattr(row, name, value)
    return columns.keys()


def _end_question(entry: WaitlistEntry, *, outcome: str, by: Actor) -> None:
    """Ends the question whether the wait goes on; it is looked for only where it can have been asked."""
    if entry.waits_until is None or entry.waits_until > lasting.last_day_to_ask():
        return
    if asked := worklist.open_about(kind=TaskKind.EXPIRING, subject=entry.pk):
        tasks.close(task=asked.pk, by=by, outcome=outcome)
        claims.end_if_done(task=asked.pk, by=by)


def _close(entry: WaitlistEntry, *, by: Actor, **columns: object) -> None:
    if entry.state == EntryState.UNREACHABLE:
        tasks.close_about(kind=TaskKind.FIND_NUMBER, subjects=[entry.pk], by=by)
    writes.update([entry], closed_at=clock.now(), closed_by=by.ref, **columns)
    _end_question(entry, outcome=entry.state, by=by)
    trail.record(by=by, action=f"waitlist.{entry.state}", patient=entry.patient_id, object_ref=str(entry.pk))
