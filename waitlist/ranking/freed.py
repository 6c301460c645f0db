"""Locks a freed slot and its neighbours with one statement."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch
from scheduling.models import Slot
from scheduling.queries import facts
from scheduling.queries.read_models import ShownDoctor
from waitlist.ranking.services import GivenService, with_first


class FreedSlot(NamedTuple):
    """A freed slot with those around it that a service may reach into, all locked, in order of time."""

    release: int
    """The key of the release; zero when a slot is matched without one."""
    freed: Slot
    doctor: ShownDoctor
    zone: str
    """The time zone of the location."""
    near: list[Slot]
    offered: set[UUID]
    """Slots that begin a time that is offered to a patient who has not answered yet."""
    services: list[GivenService]
    """The services of the doctor, in the order of the price list."""


def lock_next(*, after: int = 0) -> FreedSlot | None:
    """Locks and returns the slot of the next release that no other worker has; None when there is none.

    `after` is the number of a release: those up to it are left alone.
    """
    return _lock(_NEXT_RELEASE, after=after)


def lock(slot: UUID) -> FreedSlot | None:
    """Locks and returns this slot without a release; None when the schedule has no such slot."""
    return _lock(_THIS_SLOT, slot=slot)


def _lock(release: str, **values: Any) -> FreedSlot | None:
    """Locks the slots in order of id, as everywhere."""
    rows = fetch(_Near, _AROUND.format(release=release), values)
    if not rows:
        return None
    slots, first = {row.slot.pk: row.slot for row in rows}, rows[0]
    return FreedSlot(
        release=first.release,
        freed=slots[first.freed],
        doctor=first.doctor,
        zone=first.zone,
        near=sorted(slots.values(), key=lambda slot: slot.starts_at),
        offered={row.slot.pk for row in rows if row.offered},
        services=with_first([_given(**service) for service in first.given or []]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near(ReadModel):
    """One slot around the freed one."""

    release: int
    freed: UUID
    given: list[dict[str, Any]] | None
    offered: bool
    zone: str
    slot: Slot
    doctor: ShownDoctor


def _given(*, id: str, specialty_id: str, minutes: int, kind: str) -> GivenService:
    """Reads services from JSON, which has no type for UUIDs."""
    return GivenService(id=UUID(id), specialty_id=UUID(specialty_id), minutes=minutes, kind=kind)


_NEXT_RELEASE = """(
    SELECT id, slot_id FROM scheduling_slotrelease WHERE handled_at IS NULL AND id > %(after)s
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
)"""
_THIS_SLOT = "(SELECT 0::bigint AS id, %(slot)s::uuid AS slot_id)"
_AROUND = f"""
    SELECT release.id AS release, release.slot_id AS freed, service.given, location.timezone AS zone,
        EXISTS (SELECT FROM waitlist_slotoffer offer WHERE offer.slot_id = slot.id AND offer.state = 'open') AS offered,
        {nested_columns(slot=Slot, doctor=ShownDoctor)}
    FROM {{release}} release
    JOIN scheduling_slot freed ON freed.id = release.slot_id
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object(
                   'id', service.id, 'specialty_id', service.specialty_id,
                   'minutes', service.minutes, 'kind', service.kind
               ) ORDER BY specialty.order, specialty.name, service.order, service.name) AS given,
               make_interval(mins => COALESCE(max(service.minutes), 1)) AS reach
        FROM scheduling_doctor_services given
        JOIN scheduling_service service ON service.id = given.service_id AND service.active
        JOIN scheduling_specialty specialty ON specialty.id = service.specialty_id
        WHERE given.doctor_id = freed.doctor_id
    ) service
    JOIN scheduling_slot slot ON slot.shift_id = freed.shift_id
        AND slot.starts_at > freed.starts_at - service.reach AND slot.starts_at < freed.starts_at + service.reach
    JOIN scheduling_doctor doctor ON doctor.id = slot.doctor_id
    {facts.PLACE}
    ORDER BY slot.id
    FOR UPDATE OF slot
"""
