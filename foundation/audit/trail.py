"""The audit trail: each action records itself in its own transaction; no feature reads the trail."""

import uuid
from collections.abc import Iterable

from foundation.accounts.actors import Actor
from foundation.audit.models import AuditEvent
from foundation.database import writes


def record(
    *,
    by: Actor,
    action: str,
    patient: uuid.UUID | None = None,
    object_ref: str = "",
    **details: object,
) -> None:
    """Writes an audit row.

    `action` is noun.verb (`appointment.booked`); details hold ids and codes. An edit adds what stood there and what was
    written (`before_and_after`), the numbers of documents masked; it is the one place where names and phones may stand.
    """
    writes.insert(
        AuditEvent(
            actor=by.ref,
            actor_name=by.name,
            action=action,
            patient=patient,
            object_ref=object_ref,
            details=details,
            ip=by.ip,
        )
    )


def record_shown(*, by: Actor, patients: Iterable[uuid.UUID], where: str) -> None:
    """Writes one row for each patient a person was shown, search results included (T47)."""
    writes.insert(
        *(
            AuditEvent(
                actor=by.ref,
                actor_name=by.name,
                action="patient.shown",
                patient=patient,
                object_ref=where,
                ip=by.ip,
            )
            for patient in patients
        )
    )
