"""Writes what the audit keeps as codes, ids and dates in the words of the office."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, DateField, DateTimeField, Field, Model, TimeField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from back_office.audit.names import Id, Names
from back_office.forms.ids import as_uuid
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.clock import on_wall
from patients.choices import Channel, EndReason
from patients.models import Patient, PowerOfAttorney, Representation
from scheduling.choices import WEEKDAYS, AbsenceKind, Urgency
from scheduling.models import Doctor, EmergencyCase, Location, Room, Service, ShiftRule, Specialty
from waitlist.choices import CallOutcome, DeclineReason
from waitlist.models import WaitlistEntry

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = _StrPromise
    AnyField = Field[Any, Any]  # a column of any model, whatever it holds


NONE = "—"
EDITED: Mapping[str, Sequence[type[Model]]] = {
    "doctor": [Doctor],
    "emergency": [EmergencyCase],
    "location": [Location],
    "patient": [Patient],
    "representation": [Representation, PowerOfAttorney],
    "room": [Room],
    "schedule": [ShiftRule],
    "service": [Service],
    "specialty": [Specialty],
    "staff": [User],
    "waitlist": [WaitlistEntry],
}
"""The tables whose columns stand in `changed`, by the first word of the act."""
NAMED: Mapping[str, type[Model]] = {
    "doctor": Doctor,
    "from_doctor": Doctor,
    "location": Location,
    "patients": Patient,
    "person": Patient,
    "room": Room,
}
CODES: Mapping[str, Mapping[str, "Words | str"]] = {
    "channel": dict(Channel.choices),
    "declined": dict(DeclineReason.choices),
    "kind": dict(AbsenceKind.choices),
    "outcome": dict(CallOutcome.choices),
    "role": dict(Role.choices),
    "urgency": dict(Urgency.choices),
    "weekday": {str(day): words for day, words in WEEKDAYS},
}
LABELS: Mapping[str, "Words"] = {
    "actions": gettext_lazy("acts"),
    "actor": gettext_lazy("person"),
    "broken": gettext_lazy("visits that no longer hold"),
    "channel": gettext_lazy("channel"),
    "closed": gettext_lazy("times closed"),
    "date": gettext_lazy("day"),
    "day": gettext_lazy("day"),
    "declined": gettext_lazy("why it did not suit"),
    "doctor": gettext_lazy("doctor"),
    "ends_at": gettext_lazy("until"),
    "faults": gettext_lazy("faults"),
    "first_day": gettext_lazy("first day"),
    "from_doctor": gettext_lazy("from the doctor"),
    "held_by": gettext_lazy("held by"),
    "hours": gettext_lazy("hours"),
    "in_spite_of": gettext_lazy("in spite of"),
    "kind": gettext_lazy("why"),
    "last_day": gettext_lazy("last day"),
    "location": gettext_lazy("location"),
    "login": gettext_lazy("login"),
    "opened": gettext_lazy("times opened"),
    "outcome": gettext_lazy("outcome"),
    "patients": gettext_lazy("patient"),
    "person": gettext_lazy("own record"),
    "reason": gettext_lazy("reason"),
    "role": gettext_lazy("role"),
    "room": gettext_lazy("room"),
    "rows": gettext_lazy("rows"),
    "shifts": gettext_lazy("shifts"),
    "since": gettext_lazy("from"),
    "slots": gettext_lazy("times"),
    "starts_at": gettext_lazy("from"),
    "step": gettext_lazy("step"),
    "unsealed": gettext_lazy("rows not sealed yet"),
    "until": gettext_lazy("until"),
    "urgency": gettext_lazy("urgency"),
    "visits": gettext_lazy("visits"),
    "weekday": gettext_lazy("weekday"),
    "without": gettext_lazy("without"),
}


def column(action: str, name: str) -> "AnyField | None":
    """Returns the column of that name of what the act has edited."""
    for model in EDITED.get(action.partition(".")[0], ()):
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            if name in (field.name, field.attname):
                return field
    return None


def ids_in_edit(field: "AnyField | None", text: str) -> Iterator[Id]:
    related = field.related_model if field is not None else None
    if isinstance(related, type):
        yield from ((related, pk) for part in text.split(", ") if (pk := as_uuid(part)))


def ids_in_detail(name: str, value: object) -> Iterator[Id]:
    if model := NAMED.get(name):
        yield from ((model, pk) for part in _parts(value) if (pk := as_uuid(part)))


def in_column(field: "AnyField | None", text: str, names: Names) -> str:
    """Writes a value as it stands in `changed`."""
    if not text or field is None:
        return text or NONE
    if field.related_model:
        return ", ".join(names.of(part) for part in text.split(", "))
    choices = field.base_field.flatchoices if isinstance(field, ArrayField) else field.flatchoices
    if choices:
        known = {str(code): str(words) for code, words in choices}
        return ", ".join(known.get(part, part) for part in text.split(", "))
    if isinstance(field, BooleanField):
        return _("yes") if text == "True" else _("no")
    return _as_time(text) if isinstance(field, DateField | DateTimeField | TimeField) else text


def in_detail(action: str, name: str, value: object, names: Names) -> str:
    """Writes a detail of an act; of many times only their number."""
    if name == "slots" and isinstance(value, list):
        return str(len(value))
    if name in NAMED:
        return ", ".join(names.of(part) for part in _parts(value))
    codes = dict(EndReason.choices) if (action, name) == ("representation.ended", "reason") else CODES.get(name, {})
    return ", ".join(str(codes.get(part, _as_time(part))) for part in _parts(value)) or NONE


def _parts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _as_time(text: str) -> str:
    """Writes a date or a moment as people write it, a moment by the clinic's clock; any other text stays."""
    for read in (_day, _hour, _moment):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _day(text: str) -> str:
    if len(text) != 10:
        raise ValueError(text)
    return f"{date.fromisoformat(text):%d.%m.%Y}"


def _hour(text: str) -> str:
    if len(text) != 8:
        raise ValueError(text)
    return f"{time.fromisoformat(text):%H:%M}"


def _moment(text: str) -> str:
    if "T" not in text and " " not in text:
        raise ValueError(text)
    return f"{on_wall(datetime.fromisoformat(text)):%d.%m.%Y %H:%M}"
