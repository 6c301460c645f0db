"""Turns rows of the audit into what is read: who did what, about whom, and what stood there before."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from back_office.audit.acts import WORDS
from back_office.audit.names import Id, Names, about
from back_office.audit.pages import name_of
from back_office.audit.values import LABELS, NONE, column, ids_in_detail, ids_in_edit, in_column, in_detail
from foundation.audit.models import AuditEvent
from patients.models import Patient

MOVED = ("from", "to")
"""Details that are two moments of one thing."""


class Edit(NamedTuple):
    what: str
    before: str
    after: str


class Fact(NamedTuple):
    what: str
    said: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    at: datetime
    actor: str
    name: str
    role: str
    """The role that the person has now; empty for who has no login."""
    act: str
    patient: UUID | None
    patient_name: str
    object: str
    facts: Sequence[Fact]
    edits: Sequence[Edit]
    ip: str


def lines_of(rows: Collection[AuditEvent], *, roles: Mapping[str, str]) -> list[AuditLine]:
    """Writes these rows; `roles` are the words for the roles of the staff by the reference of each person."""
    names = Names(pair for row in rows for pair in _ids(row))
    return [_line(row, names, roles) for row in rows]


def _line(row: AuditEvent, names: Names, roles: Mapping[str, str]) -> AuditLine:
    return AuditLine(
        at=row.at,
        actor=row.actor,
        name=row.actor_name,
        role=roles.get(row.actor, ""),
        act=str(WORDS.get(row.action, row.action)),
        patient=row.patient if row.patient and names.knows(row.patient) else None,
        patient_name=names.of(row.patient) if row.patient else "",
        object=_object(row, names),
        facts=list(_facts(row, names)),
        edits=list(_edits(row, names)),
        ip=row.ip,
    )


def _ids(row: AuditEvent) -> Iterator[Id]:
    if row.patient:
        yield Patient, row.patient
    if named := about(row.action, row.object_ref):
        yield named
    for name, value in _details(row):
        yield from ids_in_detail(name, value)
    for name, values in row.details.get("changed", {}).items():
        for text in values:
            yield from ids_in_edit(column(row.action, name), text)


def _details(row: AuditEvent) -> Iterator[tuple[str, object]]:
    """Yields the details, those of what was looked for among them."""
    yield from (row.details | row.details.get("sought", {})).items()


def _object(row: AuditEvent, names: Names) -> str:
    """Returns the name of what the act was done to; an id without a name says nothing to anybody."""
    if named := about(row.action, row.object_ref):
        _model, pk = named
        return names.of(pk) if names.knows(pk) else ""
    return name_of(row.object_ref) if ":" in row.object_ref or "/" in row.object_ref else ""


def _facts(row: AuditEvent, names: Names) -> Iterator[Fact]:
    for name, value in _details(row):
        if name not in ("changed", "sought", *MOVED):
            yield Fact(str(LABELS.get(name, name)), in_detail(row.action, name, value, names))


def _edits(row: AuditEvent, names: Names) -> Iterator[Edit]:
    if MOVED[0] in row.details:
        before, after = (in_detail(row.action, name, row.details.get(name, NONE), names) for name in MOVED)
        yield Edit(_("time"), before, after)
    for name, (before, after) in row.details.get("changed", {}).items():
        field = column(row.action, name)
        what = str(field.verbose_name) if field is not None else name
        yield Edit(what, in_column(field, before, names), in_column(field, after, names))
