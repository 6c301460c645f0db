"""Writes one event and one audit row for each change of an appointment."""

from datetime import datetime

from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.database import writes
from scheduling.models import Appointment, AppointmentEvent
from scheduling.way_back import Back


def write(
    appointment: Appointment,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    from_status: str,
    reason: str = "",
    back: Back | None = None,
    **details: object,
) -> None:
    """Writes the event and the audit row of one change of an appointment; the event keeps the way `back` from it."""
    writes.insert(
        AppointmentEvent(
            appointment=appointment,
            at=at,
            kind=kind,
            from_status=from_status,
            to_status=appointment.status,
            actor=by.ref,
            actor_name=by.name,
            reason=reason,
            details={**details, **back.stored()} if back else details,
        )
    )
    trail.record(
        by=by,
        action=f"appointment.{kind}",
        patient=appointment.patient_id,
        object_ref=str(appointment.pk),
        **details,
    )
