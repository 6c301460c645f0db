"""Locks a freed slot and its neighbours with one statement."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from foundation.database.read_models import ReadModel, nested_columns
from foundation.database.rows import fetch
from scheduling.models import Slot
from scheduling.queries import facts
from scheduling.queries.read_models import ShownDoctor
from waitlist.choices import IN_THE_AIR
from waitlist.ranking.services import GivenService, with_first


class FreedSlot(NamedTuple):
    """A freed slot with those around it that a service may reach into, all locked, in order of time."""

    freed_time: UUID | None
    """The key of the freed time; None when a slot is looked at that nobody has given back."""
    fresh: bool
    """True for a freed time that nobody was phoned about yet."""
    freed: Slot
    doctor: ShownDoctor
    zone: str
    """The time zone of the location."""
    near: list[Slot]
    offered: set[UUID]
    """Slots of times about which somebody else is to be phoned."""
    services: list[GivenService]
    """The services of the doctor, in the order of the price list."""
    asked_at: datetime | None = None
    """When people were asked about it by message."""
    answers_until: datetime | None = None
    """Until then nobody is phoned about it but those who have said yes."""


def lock_next(*, now: datetime) -> FreedSlot | None:
    """Locks and returns the next freed time for which people are to be looked for now; None when there is none.

    Those that nobody was phoned about yet come first, then those that die first. One that another worker has or that
    somebody is to be phoned about is left alone.
    """
    return _lock(_NEXT, now=now)


def lock(slot: UUID) -> FreedSlot | None:
    """Locks and returns this slot; None when the schedule has no such slot."""
    return _lock(_THIS_SLOT, slot=slot)


def _lock(chosen: str, **values: Any) -> FreedSlot | None:
    """Locks the slots in order of id, as everywhere."""
    rows = fetch(_Near, _AROUND.format(chosen=chosen), values | {"in_the_air": list(IN_THE_AIR)})
    if not rows:
        return None
    slots, first = {row.slot.pk: row.slot for row in rows}, rows[0]
    return FreedSlot(
        freed_time=first.freed_time,
        fresh=first.fresh,
        asked_at=first.asked_at,
        answers_until=first.answers_until,
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

    freed_time: UUID | None
    fresh: bool
    asked_at: datetime | None
    answers_until: datetime | None
    freed: UUID
    given: list[dict[str, Any]] | None
    offered: bool
    zone: str
    slot: Slot
    doctor: ShownDoctor


def _given(*, id: str, specialty_id: str, minutes: int, kind: str) -> GivenService:
    """Reads services from JSON, which has no type for UUIDs."""
    return GivenService(id=UUID(id), specialty_id=UUID(specialty_id), minutes=minutes, kind=kind)


_OFFERED = """EXISTS (
    SELECT FROM waitlist_slotoffer offer JOIN scheduling_service service ON service.id = offer.service_id
    WHERE offer.state = ANY(%(in_the_air)s) AND offer.doctor_id = slot.doctor_id AND offer.starts_at <= slot.starts_at
        AND slot.starts_at < offer.starts_at + make_interval(mins => service.minutes)
)"""
_NEXT = f"""(
    SELECT time.id, time.slot_id, time.phoned_at IS NULL AS fresh, time.asked_at, time.answers_until
    FROM waitlist_freedtime time JOIN scheduling_slot slot ON slot.id = time.slot_id
    WHERE time.ended_at IS NULL AND time.look_at <= %(now)s AND NOT {_OFFERED}
    ORDER BY (time.phoned_at IS NOT NULL), time.starts_at, time.id LIMIT 1 FOR UPDATE OF time SKIP LOCKED
)"""
_THIS_SLOT = """(
    SELECT time.id, slot.id AS slot_id, time.id IS NOT NULL AND time.phoned_at IS NULL AS fresh,
        time.asked_at, time.answers_until
    FROM scheduling_slot slot
    LEFT JOIN waitlist_freedtime time ON time.slot_id = slot.id AND time.ended_at IS NULL
    WHERE slot.id = %(slot)s
)"""
_AROUND = f"""
    SELECT chosen.id AS freed_time, chosen.fresh, chosen.asked_at, chosen.answers_until, chosen.slot_id AS freed,
        service.given, location.timezone AS zone,
        {_OFFERED} AS offered,
        {nested_columns(slot=Slot, doctor=ShownDoctor)}
    FROM {{chosen}} chosen
    JOIN scheduling_slot freed ON freed.id = chosen.slot_id
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
