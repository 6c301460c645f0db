"""The way back from a step of the staff: the visit as it was before, and until when the effects of the step wait.

A step takes effect at once. What follows from it leaves after a grace of `UNDO_SECONDS`: the message to the patient is
due then, and the freed times are held until then. The step's event keeps what `undo` needs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Field

from foundation.accounts.actors import Actor
from scheduling.models import Appointment, AppointmentEvent

KEY = "back"
"""The key of it in the details of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The way back from one step: what it changed, as it was before, and the moment at which its effects leave."""

    until: datetime
    columns: Mapping[str, str | bool | None] = field(default_factory=dict)
    """Columns of the visit with their former values."""
    slots: Sequence[UUID] = ()
    """The slots that the visit was on, if it has left any of them; those are held under the token `hold`."""
    hold: UUID | None = None
    withdrawn: Mapping[UUID, str] = field(default_factory=dict)
    """The messages that the step withdrew, with their former states."""

    def stored(self) -> dict[str, Any]:
        """Returns it as a detail of the event."""
        return {
            KEY: {
                "until": self.until.isoformat(),
                "columns": dict(self.columns),
                "slots": [str(slot) for slot in self.slots],
                "hold": str(self.hold) if self.hold else None,
                "withdrawn": {str(message): state for message, state in self.withdrawn.items()},
            }
        }

    @classmethod
    def of(cls, event: AppointmentEvent) -> Self | None:
        """Returns the way back that the event keeps; None when the step had no grace."""
        kept = event.details.get(KEY)
        if kept is None:
            return None
        return cls(
            until=datetime.fromisoformat(kept["until"]),
            columns=kept["columns"],
            slots=[UUID(slot) for slot in kept["slots"]],
            hold=UUID(kept["hold"]) if kept["hold"] else None,
            withdrawn={UUID(message): state for message, state in kept["withdrawn"].items()},
        )

    def put_back(self, visit: Appointment) -> None:
        """Writes the former values to the visit."""
        names = []
        for name, value in self.columns.items():
            column = _column(name)
            setattr(visit, column.attname, column.to_python(value))
            names.append(name)
        visit.save(update_fields=names)


def grace_until(*, by: Actor, now: datetime) -> datetime | None:
    """Returns when the effects of this person's step leave; None for at once: patients and processes have no grace."""
    return now + timedelta(seconds=settings.UNDO_SECONDS) if by.is_staff and settings.UNDO_SECONDS else None


def back_to(visit: Appointment, columns: Iterable[str], *, by: Actor, now: datetime) -> Back | None:
    """Returns the way back to what these columns of the visit are now; None when there is no grace."""
    until = grace_until(by=by, now=now)
    return Back(until=until, columns={name: _stored(visit, name) for name in columns}) if until else None


def _stored(visit: Appointment, name: str) -> str | bool | None:
    value = getattr(visit, _column(name).attname)
    return value if value is None or isinstance(value, bool) else str(value)


def _column(name: str) -> "Field[object, object]":
    return cast("Field[object, object]", Appointment._meta.get_field(name))
