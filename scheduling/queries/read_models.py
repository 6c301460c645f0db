"""Read models of the schedule for pages; an action that writes reads whole models instead."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from foundation.clock import WallTime, on_wall
from foundation.database.read_models import KeyedReadModel
from foundation.text.names import full_name, short_name
from scheduling.models import Doctor, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLocation(KeyedReadModel):
    id: UUID
    name: str
    address: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRoom(KeyedReadModel):
    id: UUID
    name: str
    location: ShownLocation


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownShift(KeyedReadModel):
    id: UUID
    date: date
    room: ShownRoom


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDoctor(KeyedReadModel):
    id: UUID
    slug: str
    last_name: str
    first_name: str
    patronymic: str
    min_age: int
    max_age: int

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic in full, as R13 wants them told."""
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def short_name(self) -> str:
        return short_name(self.last_name, self.first_name, self.patronymic, between="")


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeSlot(KeyedReadModel):
    """A start that may be offered, with what a confirmation tells (R13)."""

    id: UUID
    doctor_id: UUID
    starts_at: datetime
    doctor: ShownDoctor
    shift: ShownShift

    @property
    def local_start(self) -> WallTime:
        return on_wall(self.starts_at, self.shift.room.location.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSlot(KeyedReadModel):
    """A chosen start, free or not, with what a confirmation tells (R13)."""

    id: UUID
    doctor_id: UUID
    starts_at: datetime
    hold_token: UUID | None
    hold_owner: str
    hold_reason: str
    held_until: datetime | None
    doctor: ShownDoctor
    shift: ShownShift

    @property
    def local_held_until(self) -> WallTime | None:
        return on_wall(self.held_until, self.shift.room.location.timezone) if self.held_until else None

    @property
    def local_start(self) -> WallTime:
        return on_wall(self.starts_at, self.shift.room.location.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSpecialty(KeyedReadModel):
    id: UUID
    slug: str
    name: str
    doctor_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownService(KeyedReadModel):
    id: UUID
    name: str
    minutes: int
    price: Decimal
    active: bool
    on_site: bool
    specialty: ShownSpecialty


AnyDoctor = Doctor | ShownDoctor
AnyService = Service | ShownService
