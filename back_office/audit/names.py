"""Finds the names of what rows of the audit name by an id, with one statement for each kind of thing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from back_office.forms.ids import as_uuid
from foundation.accounts.models import User
from patients.models import Patient, Representation
from scheduling.models import Appointment, Doctor, Location, Room, Service, Specialty

Id = tuple[type[Model], UUID]
"""A row that is to be named."""
ABOUT: Mapping[str, type[Model]] = {
    "appointment": Appointment,
    "doctor": Doctor,
    "location": Location,
    "patient": Patient,
    "representation": Representation,
    "room": Room,
    "schedule.published": Doctor,
    "service": Service,
    "specialty": Specialty,
    "staff": User,
}
"""What `object_ref` names, by the act or by its first word."""
READ: Mapping[type[Model], Callable[[], QuerySet[Any]]] = {  # of each model's own rows
    Appointment: lambda: Appointment.objects.select_related("doctor", "room__location"),
    Room: lambda: Room.objects.select_related("location"),
}


class Names:
    """The names of these rows; what is gone is called by its id."""

    def __init__(self, ids: Iterable[Id]) -> None:
        by_kind: dict[type[Model], set[UUID]] = defaultdict(set)
        for model, pk in ids:
            by_kind[model].add(pk)
        self._names: dict[UUID, str] = {}
        for model, pks in by_kind.items():
            rows = READ.get(model, model._default_manager.all)()
            self._names |= {row.pk: _name(row) for row in rows.filter(pk__in=pks)}

    def of(self, pk: object) -> str:
        found = as_uuid(pk)
        return (self._names.get(found) if found else None) or str(pk)

    def knows(self, pk: UUID) -> bool:
        return pk in self._names


def about(action: str, ref: str) -> Id | None:
    """Returns what an act was done to, as its row says; None for a page, and for what has no name."""
    model = ABOUT.get(action) or ABOUT.get(action.partition(".")[0])
    pk = as_uuid(ref.removeprefix("staff:"))
    return (model, pk) if model and pk else None


def _name(row: Any) -> str:  # of any of the models above
    match row:
        case Appointment():
            return f"{row.local_start:%d.%m.%Y %H:%M}, {row.doctor.short_name}"
        case Room():
            return f"{row.name}, {row.location.name}"
        case User():
            return row.get_full_name()
        case Patient() | Doctor() | Representation():
            return row.full_name
    return str(row)
