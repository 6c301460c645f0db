"""Builds the SQL of free starts that fit the wishes; used by `availability` alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from foundation.database import replica
from foundation.database.read_models import R
from foundation.database.rows import fetch
from scheduling.choices import ACTIVE, listed
from scheduling.queries import facts, local_days
from scheduling.queries.fit import CONDITIONS, ZONE_OF_CLINIC, ZONE_OF_LOCATION, wall_of
from scheduling.queries.read_models import AnyDoctor, AnyService
from scheduling.wishes import TimeWishes


def _hidden_from_planner(value: str) -> str:
    """Hides a value from the planner, so that Postgres keeps its generic plan.

    For a small specialty of a network, a plan made with the value looks so much cheaper than the generic one that
    Postgres would plan anew for every page, which takes longer than the answer.
    """
    return f"(SELECT %({value})s)"


def _one_of(column: str, name: str, ids: Sequence[UUID]) -> str:
    """Compares one value with `=`: for an array of unknown length Postgres would plan anew every time."""
    return f"{column} = {_hidden_from_planner(name)}" if len(ids) == 1 else f"{column} = ANY(%({name})s)"


def _one_or_all(ids: Sequence[UUID]) -> UUID | list[UUID]:
    return ids[0] if len(ids) == 1 else list(ids)


@dataclass(frozen=True, slots=True)
class Givers:
    """The source of doctors and services: a relation of `given` (doctor, service), `service` and perhaps `doctor`."""

    sql: str
    condition: str
    values: dict[str, Any]
    place: str
    """The tables that a row of the answer is joined with: the doctor's too, unless the caller has them."""
    services: int = 1
    has_doctors: bool = True
    """True when the relation has `doctor`, which a condition on ages needs."""


def of_any(services: Sequence[UUID]) -> Givers:
    """Returns all active doctors who give one of `services`."""
    condition = _one_of("given.service_id", "services", services)
    values = {"services": _one_or_all(services)}
    return Givers(_GIVEN, condition, values, facts.DOCTOR_AND_PLACE, services=len(services))


def of_each(given: Mapping[UUID, UUID]) -> Givers:
    """Returns those of these doctors who are active, each with one service they give."""
    values = {"givers": list(given), "given": list(given.values())}
    return Givers(_EACH, "true", values, facts.DOCTOR_AND_PLACE)


def of_known(service: AnyService, doctors: Sequence[AnyDoctor]) -> Givers:
    """Returns `doctors`, who the caller knows give the service."""
    values = {"known": [doctor.pk for doctor in doctors], "service": service.pk, "minutes": service.minutes}
    return Givers(_KNOWN, "true", values, facts.PLACE, has_doctors=False)


# A service has few doctors, a network many: OFFSET keeps the planner from reading them all for the few.
_GIVEN = """
    FROM scheduling_doctor_services given
    CROSS JOIN LATERAL (SELECT * FROM scheduling_doctor WHERE id = given.doctor_id AND active OFFSET 0) doctor
    JOIN scheduling_service service ON service.id = given.service_id
"""
_EACH = """
    FROM unnest((SELECT %(givers)s::uuid[]), (SELECT %(given)s::uuid[])) given (doctor_id, service_id)
    CROSS JOIN LATERAL (SELECT * FROM scheduling_doctor WHERE id = given.doctor_id AND active OFFSET 0) doctor
    JOIN scheduling_service service ON service.id = given.service_id
"""
_KNOWN = """
    FROM (SELECT unnest((SELECT %(known)s::uuid[])) AS doctor_id, %(service)s::uuid AS service_id) given
    CROSS JOIN (SELECT %(minutes)s::integer AS minutes) service
"""
# Slots of a shift are equally long and never overlap: free time that adds up to the service's leaves no gap.
_LONG_ENOUGH = """(
    slot.ends_at - slot.starts_at >= make_interval(mins => service.minutes)
    OR (
        SELECT sum(next.ends_at - next.starts_at) FROM scheduling_slot next
        WHERE next.doctor_id = slot.doctor_id AND next.shift_id = slot.shift_id AND {free}
            AND next.starts_at >= slot.starts_at
            AND next.starts_at < slot.starts_at + make_interval(mins => service.minutes)
    ) >= make_interval(mins => service.minutes)
)"""


_PATIENT_IS_FREE = f"""(
    SELECT 1 FROM scheduling_appointment visit
    WHERE visit.patient_id = %(patient)s AND visit.status IN ({listed(ACTIVE)})
        AND visit.starts_at < slot.starts_at + make_interval(mins => service.minutes)
        AND visit.ends_at > slot.starts_at
    LIMIT 1
) IS NULL"""


class FreeStartQuery:
    """The condition of a free start, and the statements built on it."""

    def __init__(
        self, givers: Givers, wishes: TimeWishes, *, now: datetime, from_moment: datetime, own_hold: UUID | None
    ) -> None:
        """Takes the moments of the search: holds lapse by `now`, starts before `from_moment` are left out."""
        self._givers = givers
        self._elsewhere = local_days.is_any_location_elsewhere()
        self.zone = ZONE_OF_LOCATION if self._elsewhere else ZONE_OF_CLINIC
        self.day = f"{wall_of(self.zone)}::date"
        self.values: dict[str, Any] = {"now": now, "zone": settings.TIME_ZONE, "own_hold": own_hold, **givers.values}
        self._doctors = [givers.condition]
        if wishes.doctor_ids:
            self.values["doctors"] = _one_or_all(wishes.doctor_ids)
            self._doctors.append(_one_of("given.doctor_id", "doctors", wishes.doctor_ids))
        if wishes.not_doctor_ids:
            self.values["not_doctors"] = list(wishes.not_doctor_ids)
            self._doctors.append("given.doctor_id <> ALL(%(not_doctors)s)")
        self._slots = ["slot.doctor_id = given.doctor_id", _free("slot", own_hold)]
        self._within(wishes, now, from_moment)
        self._suit(wishes)
        self._slots.append(_LONG_ENOUGH.format(free=_free("next", own_hold)))

    def _within(self, wishes: TimeWishes, now: datetime, from_moment: datetime) -> None:
        """Bounds the starts; where a location is in another zone more widely, and clauses then judge its days."""
        earliest = (each.earliest(wishes, now, elsewhere=self._elsewhere) for each in CONDITIONS)
        self.values["earliest"] = max([from_moment, *(moment for moment in earliest if moment)])
        self._slots.append(f"slot.starts_at >= {_hidden_from_planner('earliest')}")
        until = [moment for each in CONDITIONS if (moment := each.until(wishes, elsewhere=self._elsewhere))]
        until += [wishes.before] if wishes.before else []
        if until:
            self.values["until"] = min(until)
            self._slots.append(f"slot.starts_at < {_hidden_from_planner('until')}")

    def _suit(self, wishes: TimeWishes) -> None:
        if wishes.birth_date and not self._givers.has_doctors:
            raise ValueError("ages are not asked of doctors who are known")
        for clause in (each.clause(wishes, self.zone) for each in CONDITIONS):
            if clause:
                self._slots.append(clause.sql)
                self.values |= clause.values
        if wishes.patient:
            self._slots.append(_PATIENT_IS_FREE)
            self.values["patient"] = wishes.patient

    @property
    def every_start(self) -> str:
        """The relation of all starts: first the doctors who give the service, then each one's times.

        The planner cannot know how many times these are.
        """
        starts = "SELECT slot.id, slot.shift_id, slot.doctor_id, slot.starts_at FROM scheduling_slot slot"
        starts = f"{starts} WHERE {' AND '.join(self._slots)} OFFSET 0"
        return f"{self._givers.sql} CROSS JOIN LATERAL ({starts}) slot WHERE {' AND '.join(self._doctors)}"

    def closest(self, read: type[R], columns: str, *, to: datetime, not_of: UUID, limit: int) -> list[R]:
        """Reads the starts closest to a moment, before or after it, of all doctors but one."""
        self.values |= {"moment": to, "not_of": not_of}
        order = "ORDER BY abs(extract(epoch FROM slot.starts_at - %(moment)s)), slot.starts_at, slot.doctor_id"
        starts = f"SELECT slot.* {self.every_start} AND given.doctor_id <> %(not_of)s {order} LIMIT {int(limit)}"
        return self.fetch(read, f"SELECT {columns} FROM ({starts}) slot {self._givers.place} {order}")

    def nearest(self, read: type[R], columns: str, limit: int) -> list[R]:
        """Reads the nearest starts: `limit` of each doctor, the nearest of these, with doctor and place."""
        starts = "SELECT slot.id, slot.shift_id, slot.doctor_id, slot.starts_at FROM scheduling_slot slot"
        of_each = f"{starts} WHERE {' AND '.join(self._slots)} ORDER BY slot.starts_at LIMIT {int(limit)}"
        return self.fetch(
            read,
            f"""
            SELECT {columns}
            FROM (
                SELECT given.service_id, slot.* {self._givers.sql} CROSS JOIN LATERAL ({of_each}) slot
                WHERE {" AND ".join(self._doctors)}
                {self._order("given")} LIMIT {int(limit) * self._givers.services}
            ) slot
            {self._givers.place} {self._order("slot")}
            """,
        )

    def _order(self, given: str) -> str:
        order = "ORDER BY slot.starts_at, slot.doctor_id"
        several = self._givers.services > 1
        return f"{order}, array_position(%(services)s, {given}.service_id)" if several else order

    def fetch(self, read: type[R], sql: str) -> list[R]:
        return fetch(read, sql, self.values, of=replica.connection())


def _free(slot: str, own_hold: UUID | None) -> str:
    own = f" OR {slot}.hold_token = %(own_hold)s" if own_hold else ""
    held = f"({slot}.hold_token IS NULL OR {slot}.held_until <= %(now)s{own})"
    return f"{slot}.appointment_id IS NULL AND NOT {slot}.passed AND {slot}.absence_id IS NULL AND {held}"
