"""The steps of a visit: confirmed, told, arrived, started, finished, not come; `STEPS` says what may follow what."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from foundation.accounts.actors import Actor
from scheduling.actions import history
from scheduling.choices import AppointmentStatus as Status
from scheduling.errors import AlreadyInThatState, StepNotAllowed
from scheduling.models import Appointment

STEPS: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset(
        {Status.ARRIVED, Status.CHECKED_IN, Status.NOSHOW, Status.CANCELLED, Status.ENTERED_IN_ERROR}
    ),
    Status.ARRIVED: frozenset({Status.BOOKED, Status.CHECKED_IN, Status.CANCELLED, Status.ENTERED_IN_ERROR}),
    Status.CHECKED_IN: frozenset({Status.FULFILLED}),
    Status.FULFILLED: frozenset(),
    Status.NOSHOW: frozenset({Status.ARRIVED, Status.ENTERED_IN_ERROR}),
    Status.CANCELLED: frozenset(),
    Status.ENTERED_IN_ERROR: frozenset(),
}
"""Allowed transitions. A patient marked as no-show who comes late after all can still arrive."""


def arrive(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has come. Raises StepNotAllowed, AlreadyInThatState."""
    return _step(appointment, to=Status.ARRIVED, mark="arrived", by=by)


def start(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient is with the doctor. Raises StepNotAllowed, AlreadyInThatState."""
    return _step(appointment, to=Status.CHECKED_IN, mark="started", by=by)


def finish(*, appointment: UUID, by: Actor) -> Appointment:
    """Completes the visit, from any state before: a doctor without time for «Начать» closes it in one step."""
    visit = _locked(appointment)
    if visit.status in (Status.BOOKED, Status.ARRIVED):
        _step(appointment, to=Status.CHECKED_IN, mark="started", by=by)
    return _step(appointment, to=Status.FULFILLED, mark="finished", by=by)


def mark_noshow(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient has not come, once the visit's time has begun.

    It has no consequences for the patient (domain §1.2). Raises StepNotAllowed.
    """
    visit = _locked(appointment)
    if visit.starts_at > timezone.now():
        raise StepNotAllowed
    return _step(appointment, to=Status.NOSHOW, mark=None, by=by)


def confirm(*, appointment: UUID, by: Actor) -> Appointment:
    """Records that the patient will come; a repetition changes nothing. Raises StepNotAllowed."""
    return _mark_once(appointment, mark="confirmed", by=by)


def mark_informed(*, appointment: UUID, by: Actor) -> Appointment:
    """Records by whom and when the four facts of R13 were told («Сообщено»); a repetition changes nothing.

    Raises StepNotAllowed.
    """
    return _mark_once(appointment, mark="informed", by=by)


def _mark_once(appointment: UUID, *, mark: str, by: Actor) -> Appointment:
    visit = _locked(appointment)
    if visit.status not in (Status.BOOKED, Status.ARRIVED, Status.CHECKED_IN):
        raise StepNotAllowed
    if getattr(visit, f"{mark}_at") is None:
        now = timezone.now()
        _stamp(visit, mark, now, by)
        visit.save(update_fields=[f"{mark}_at", f"{mark}_by"])
        history.write(visit, kind=mark, by=by, at=now, from_status=visit.status)
    return visit


def _step(appointment: UUID, *, to: Status, mark: str | None, by: Actor) -> Appointment:
    """Makes one step of `STEPS`; the same step again by the same person changes nothing.

    Raises StepNotAllowed, AlreadyInThatState.
    """
    visit = _locked(appointment)
    if visit.status == to:
        if mark and getattr(visit, f"{mark}_by") != by.ref:
            raise AlreadyInThatState
        return visit
    if to not in STEPS[Status(visit.status)]:
        raise StepNotAllowed
    was, visit.status = visit.status, to
    now = timezone.now()
    changed = ["status"]
    if mark:
        _stamp(visit, mark, now, by)
        changed += [f"{mark}_at", f"{mark}_by"]
    visit.save(update_fields=changed)
    history.write(visit, kind=mark or to.value, by=by, at=now, from_status=was)
    return visit


def _stamp(visit: Appointment, mark: str, now: datetime, by: Actor) -> None:
    setattr(visit, f"{mark}_at", now)
    setattr(visit, f"{mark}_by", by.ref)


def _locked(appointment: UUID) -> Appointment:
    return Appointment.objects.select_for_update(of=["self"]).get(pk=appointment)
