"""Use cases of the reference data; the visits ahead are judged by what it says now."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from booking import gate, rebook_tasks
from booking.holding import BrokenVisit
from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.changes import Changes
from foundation.organization import card
from scheduling.actions import reference
from scheduling.models import Appointment, Doctor, Service

Row = TypeVar("Row", bound=Model)
RULES: Mapping[type[Model], Collection[str]] = {
    Doctor: ["services", "min_age", "max_age", "active"],
    Service: ["minutes", "active"],
}
"""The columns by which the gate judges a visit."""


@verb(Kind.CORRECT)
def add_reference(*, model: type[Row], values: Mapping[str, object], by: Actor) -> Row:
    """Adds a place, a room, a specialty, a service or a doctor: no visit can depend on it yet."""
    gate.check()
    return reference.add(model=model, values=values, by=by)


@verb(Kind.CORRECT)
def change_reference(*, row: Model, changes: Changes, by: Actor) -> list[BrokenVisit]:
    """Puts reference data right and judges the visits ahead that it rules. Raises ChangedMeanwhile.

    Returns those that no longer hold; each of them has a task to phone.
    """
    gate.check()
    edited = reference.change(row=row, changes=changes, by=by)
    if set(RULES.get(type(row), ())).isdisjoint(edited):
        return []
    return _judged_anew(_ruled_by(row), f"{row._meta.model_name}.rechecked", row, by)


@verb(Kind.CORRECT)
def change_organization(*, changes: Changes, by: Actor) -> None:
    """Puts right who the clinic is: its name, phone, address and licence. Raises ChangedMeanwhile.

    Messages and pages say it at once here, and within `ORGANIZATION_SECONDS` in every other process.
    """
    gate.check()
    reference.change(row=card.row_to_change(), changes=changes, by=by)
    transaction.on_commit(card.forget)


@verb(Kind.CORRECT)
def recheck_doctor(*, doctor: Doctor, by: Actor) -> list[BrokenVisit]:
    """Judges the visits ahead of a doctor whose ages, services or work have changed in this transaction.

    Returns those that no longer hold; each of them has a task to phone.
    """
    gate.check()
    return _judged_anew(_ruled_by(doctor), "doctor.rechecked", doctor, by)


@verb(Kind.CORRECT)
def recheck_service(*, service: Service, by: Actor) -> list[BrokenVisit]:
    """Judges the visits ahead of a service that has become longer or is not given any more in this transaction.

    Returns those that no longer hold; each of them has a task to phone.
    """
    gate.check()
    return _judged_anew(_ruled_by(service), "service.rechecked", service, by)


def _ruled_by(row: Model) -> QuerySet[Appointment]:
    return Appointment.objects.filter(**{str(row._meta.model_name): row})


def _judged_anew(visits: QuerySet[Appointment], action: str, changed: Model, by: Actor) -> list[BrokenVisit]:
    broken = rebook_tasks.renew_for(visits)
    trail.record(by=by, action=action, object_ref=str(changed.pk), broken=len(broken))
    return broken
