"""The audit trail: each action records itself in its own transaction; nothing but the head's journal reads it."""

import logging
import uuid
from collections.abc import Iterable

from django.db import Error
from django.db.models import Model

from foundation.accounts.actors import Actor
from foundation.audit.before_and_after import before_and_after
from foundation.audit.models import AuditEvent
from foundation.changes import Edited
from foundation.database import writes
from foundation.database.outage import Outage, outage_of

log = logging.getLogger(__name__)
WHERE = 80
"""Signs of a place that the audit keeps."""


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


def record_row(*, by: Actor, row: Model, done: str, edited: Edited) -> None:
    """Writes that a row of reference data was `added`, `changed` or `removed`, and what stood in its columns."""
    action = f"{row._meta.model_name}.{done}"
    record(by=by, action=action, object_ref=str(row.pk), changed=before_and_after(edited))


def record_shown(*, by: Actor, patients: Iterable[uuid.UUID], where: str) -> None:
    """Writes one row for each patient a person was shown, search results included (T47).

    While nothing can be written, who was shown whom stands in the log, and the page is shown: the day goes on (T25).
    """
    shown = list(patients)
    try:
        _insert_shown(by, shown, where)
    except Error as error:
        outage = outage_of(error)
        if outage not in (Outage.READ_ONLY, Outage.FULL):
            raise
        log.warning("patient.shown not written, %s: %s at %s: %s", outage, by.ref, where, " ".join(map(str, shown)))


def record_page(*, by: Actor, where: str) -> None:
    """Writes that a person was shown a page that is kept itself: messages, requests, logins, prices (O10)."""
    try:
        record(by=by, action="page.shown", object_ref=where[:WHERE])
    except Error as error:
        outage = outage_of(error)
        if outage not in (Outage.READ_ONLY, Outage.FULL):
            raise
        log.warning("page.shown not written, %s: %s at %s", outage, by.ref, where)


def _insert_shown(by: Actor, patients: Iterable[uuid.UUID], where: str) -> None:
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
