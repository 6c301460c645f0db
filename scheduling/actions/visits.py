"""The steps of a visit: confirmed, told, arrived, started, finished, not come; `scheduling.steps` has their tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from foundation.accounts.actors import Actor
from foundation.clock import today_on
from foundation.database import clock
from notifications.actions import outbox
from patients.contact import number_of
from patients.models import Representation
from scheduling.actions import history, messages
from scheduling.actions.appointments.locked import locked as with_facts_locked
from scheduling.actions.appointments.make import is_busy
from scheduling.choices import AppointmentStatus as Status
from scheduling.errors import (
    AlreadyInThatState,
    BackReasonNeeded,
    KeepReasonNeeded,
    NoNumber,
    NotReceived,
    NotToday,
    PatientBusy,
    StepNotAllowed,
    StillAhead,
)
from scheduling.models import Appointment
from scheduling.steps import BACK, STEPS
from scheduling.way_back import Back, back_to

TAKEN_BACK = "taken_back"
"""The event of a step that was taken back with a reason."""
SENT_AGAIN = "sent_again"
"""The event of a visit about which a message was sent again."""
KEPT = "kept"
"""The event of a visit that stays as it is in spite of the rules; its details name them."""
REMINDERS_ON, REMINDERS_OFF = "reminders_on", "reminders_off"
"""The events of a visit of which the patient wants to be reminded, or does not any more."""
EARLY = timedelta(hours=1)
"""A visit may be completed so long before its time, for a patient who came early to a free doctor."""


def arrive(*, appointment: UUID, by: Actor, reason: str = "", **details: object) -> Appointment:
    """Records that the patient has come. Raises StepNotAllowed, AlreadyInThatState."""
    return _step(appointment, to=Status.ARRIVED, mark="arrived", by=by, reason=reason, back=None, **details)


def take_back(*, appointment: UUID, status: Status, reason: str, by: Actor) -> Appointment:
    """Takes back the step by which the visit came into this status, when the time to undo it is over (`BACK`).

    The same again by the same person changes nothing. Raises StepNotAllowed, BackReasonNeeded, NotToday for a visit
    that was completed on an earlier day, PatientBusy.
    """
    visit = with_facts_locked(appointment)
    last = visit.events.order_by("id").last()
    if last and (last.kind, last.from_status, last.actor) == (TAKEN_BACK, status, by.ref):
        return visit
    if visit.status != status or status not in BACK:
        raise StepNotAllowed
    if not (why := reason.strip()[:200]):
        raise BackReasonNeeded
    now = clock.now()
    if status == Status.FULFILLED and visit.local_start.date() != today_on(visit.local_start, now=now):
        raise NotToday
    if status == Status.NOSHOW and is_busy(visit.patient, service=visit.service, starts_at=visit.starts_at):
        raise PatientBusy
    _go_back(visit, *BACK[status])
    history.write(visit, kind=TAKEN_BACK, by=by, at=now, from_status=status, reason=why)
    return visit


def _go_back(visit: Appointment, to: Status, mark: str) -> None:
    """Goes back to that status, or to booked where the doctor began without the desk."""
    visit.status = Status.BOOKED if to == Status.ARRIVED and visit.arrived_at is None else to
    if mark:
        setattr(visit, f"{mark}_at", None)
        setattr(visit, f"{mark}_by", "")
    visit.save(update_fields=_columns(mark) if mark else ["status"])


def start(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient is with the doctor. Raises StepNotAllowed, AlreadyInThatState."""
    return _step(appointment, to=Status.CHECKED_IN, mark="started", by=by)


def finish(*, appointment: UUID, by: Actor) -> Appointment:
    """Completes the visit of a patient who has come; a doctor without time for «Начать» does it in one step.

    Raises StepNotAllowed, AlreadyInThatState, NotReceived before the arrival, StillAhead more than `EARLY` before its
    time (D18).
    """
    visit = locked(appointment)
    if visit.status == Status.BOOKED:
        raise NotReceived
    if visit.status in (Status.ARRIVED, Status.CHECKED_IN) and clock.now() < visit.starts_at - EARLY:
        raise StillAhead
    back = back_to(visit, _columns("started", "finished"), by=by, now=clock.now())
    if visit.status == Status.ARRIVED:
        _step(appointment, to=Status.CHECKED_IN, mark="started", by=by)
    return _step(appointment, to=Status.FULFILLED, mark="finished", by=by, back=back)


def mark_noshow(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has not come, once the visit's time has begun.

    It has no consequences for the patient (domain §1.2). Raises StepNotAllowed.
    """
    visit = locked(appointment)
    if visit.starts_at > clock.now():
        raise StepNotAllowed
    return _step(appointment, to=Status.NOSHOW, mark=None, by=by)


def confirm(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient will come; a repetition changes nothing. Raises StepNotAllowed."""
    return _mark_once(appointment, mark="confirmed", by=by)


def mark_informed(*, appointment: UUID, by: Actor) -> Appointment:
    """Records by whom and when the four facts of R13 were told («Сообщено»); a repetition changes nothing.

    Raises StepNotAllowed.
    """
    outbox.mark_told(about=appointment, at=clock.now())
    return _mark_once(appointment, mark="informed", by=by)


def tell(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that a person told the patient what no message has told: the four facts, or that it is cancelled.

    Raises StepNotAllowed.
    """
    visit = locked(appointment)
    if visit.status != Status.CANCELLED:
        return mark_informed(appointment=appointment, by=by)
    now = clock.now()
    outbox.mark_told(about=appointment, at=now)
    history.write(visit, kind="informed", by=by, at=now, from_status=visit.status)
    return visit


def send_again(*, appointment: UUID, by: Actor) -> Appointment:
    """Sends the patient a message about the visit anew, also that it is cancelled, while it is of use.

    The link of the message before is dead. Raises StepNotAllowed, NoNumber.
    """
    visit, now = with_facts_locked(appointment), clock.now()
    if not (visit.can_be_changed(now) or (visit.status == Status.CANCELLED and visit.ends_at > now)):
        raise StepNotAllowed
    if not number_of(visit.patient, visit.representation):
        raise NoNumber
    messages.again(visit)
    history.write(visit, kind=SENT_AGAIN, by=by, at=now, from_status=visit.status)
    return visit


def set_reminders(*, appointment: UUID, on: bool, by: Actor) -> Appointment:
    """Records that the patient wants to be reminded of a visit that is ahead, or does not any more.

    The same again changes nothing; what waits to be sent is dropped. Raises StepNotAllowed.
    """
    visit, now = locked(appointment), clock.now()
    if not visit.can_be_changed(now):
        raise StepNotAllowed
    if on == visit.wants_reminders:
        return visit
    visit.reminders_since = now if on else None
    visit.save(update_fields=["reminders_since"])
    if not on:
        messages.forget_reminders(visit)
    history.write(visit, kind=REMINDERS_ON if on else REMINDERS_OFF, by=by, at=now, from_status=visit.status)
    return visit


def keep(*, appointment: UUID, in_spite_of: Sequence[str], note: str, by: Actor) -> Appointment:
    """Records that a booked visit stays as it is although these rules, by the codes of their errors, refuse it.

    Raises StepNotAllowed, KeepReasonNeeded.
    """
    visit = locked(appointment)
    if not visit.can_be_changed(clock.now()):
        raise StepNotAllowed
    if not (reason := note.strip()[:200]):
        raise KeepReasonNeeded
    history.write(
        visit,
        kind=KEPT,
        by=by,
        at=clock.now(),
        from_status=visit.status,
        reason=reason,
        in_spite_of=list(in_spite_of),
    )
    return visit


def name_representative(*, appointment: UUID, representation: Representation, by: Actor) -> Appointment:
    """Records who comes with the patient to a booked visit; the same person again changes nothing.

    Raises StepNotAllowed, also for somebody who acts for another patient.
    """
    visit = locked(appointment)
    if not visit.can_be_changed(clock.now()) or representation.patient_id != visit.patient_id:
        raise StepNotAllowed
    if visit.representation_id != representation.pk:
        visit.representation = representation
        visit.save(update_fields=["representation"])
        history.write(visit, kind="representative", by=by, at=clock.now(), from_status=visit.status)
    return visit


def _mark_once(appointment: UUID, *, mark: str, by: Actor) -> Appointment:
    visit = locked(appointment)
    if visit.status not in (Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN):
        raise StepNotAllowed
    if getattr(visit, f"{mark}_at") is None:
        now = clock.now()
        _stamp(visit, mark, now, by)
        visit.save(update_fields=[f"{mark}_at", f"{mark}_by"])
        history.write(visit, kind=mark, by=by, at=now, from_status=visit.status)
    return visit


def _step(
    appointment: UUID,
    *,
    to: Status,
    mark: str | None,
    by: Actor,
    reason: str = "",
    back: Back | None = None,
    **details: object,
) -> Appointment:
    """Makes one step of `STEPS`; the same step again by the same person changes nothing.

    `back` is the way to what the visit was before, if that is not just before this step.

    Raises StepNotAllowed, AlreadyInThatState.
    """
    visit = locked(appointment)
    if visit.status == to:
        if mark and getattr(visit, f"{mark}_by") != by.ref:
            raise AlreadyInThatState
        return visit
    if to not in STEPS[Status(visit.status)]:
        raise StepNotAllowed
    now, changed = clock.now(), _columns(mark) if mark else ["status"]
    back = back or back_to(visit, changed, by=by, now=now)
    was, visit.status = visit.status, to
    if mark:
        _stamp(visit, mark, now, by)
    visit.save(update_fields=changed)
    history.write(visit, kind=mark or to.value, by=by, at=now, from_status=was, reason=reason, back=back, **details)
    return visit


def _columns(*marks: str) -> list[str]:
    return ["status", *(f"{mark}_{column}" for mark in marks for column in ("at", "by"))]


def _stamp(visit: Appointment, mark: str, now: datetime, by: Actor) -> None:
    setattr(visit, f"{mark}_at", now)
    setattr(visit, f"{mark}_by", by.ref)


def locked(appointment: UUID) -> Appointment:
    """Locks and returns a visit."""
    return Appointment.objects.select_for_update(of=["self"]).get(pk=appointment)
