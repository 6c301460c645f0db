"""Reads the rows of the audit for its page and its file; nothing else of the product reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, OrderBy, QuerySet

from foundation.audit.models import AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The rows of the audit that somebody asks for; where nothing is chosen, all of them."""

    patients: Sequence[UUID] = ()
    """Records of one patient, those that were merged into it included."""
    actor: str = ""
    actions: Sequence[str] = ()
    without: Sequence[str] = ()
    """Actions that are left out."""
    since: datetime | None = None
    until: datetime | None = None
    """The moment at which the last day is over."""

    @property
    def order(self) -> list[str | OrderBy]:
        """Returns the order, newest first, by which the database can use no index but the one that is meant.

        It takes rows for scattered evenly: for an old day, or for somebody who left long ago, it would walk the index
        of the ids from today. A sum has no index; a person or an act is asked for as a span, or else they count as
        known and the index of the ids has the right order too.
        """
        if self.patients or self.since or self.until:
            return [(F("id") + 0).desc()]
        return ["actor", "-id"] if self.actor else [*self.spans, "-id"]

    @property
    def spans(self) -> dict[str, str]:
        """Returns the columns of which one value is asked for."""
        asked = {"actor": self.actor, "action": self.actions[0] if len(self.actions) == 1 else ""}
        return {name: value for name, value in asked.items() if value}


def newest_first(sought: Sought, *, before: int | None = None) -> QuerySet[AuditEvent]:
    """Returns the rows with the newest on top, only those with a smaller id than `before` where it is given."""
    rows = AuditEvent.objects.filter(**_conditions(sought, before)).exclude(action__in=sought.without)
    for name, value in sought.spans.items():
        rows = rows.filter(**{f"{name}__gte": value, f"{name}__lte": value})
    return rows.order_by(*sought.order)


def count(sought: Sought, *, before: int | None, at_most: int) -> int:
    """Returns how many rows there are; no more than `at_most` are looked at."""
    return newest_first(sought, before=before).order_by()[:at_most].count()


def next_id() -> int:
    """Returns an id that all rows are before that can be seen now."""
    newest: int | None = AuditEvent.objects.aggregate(newest=Max("id"))["newest"]
    return (newest or 0) + 1


def _conditions(sought: Sought, before: int | None) -> dict[str, object]:
    asked = {
        "patient__in": sought.patients,
        "action__in": sought.actions if len(sought.actions) > 1 else (),
        "at__gte": sought.since,
        "at__lt": sought.until,
    }
    return {name: value for name, value in asked.items() if value} | ({} if before is None else {"id__lt": before})
