"""These presenters hold what the head sees of the team: who is on which call, and how much waits for how long."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from back_office.forms.team import TakeCallForm
from back_office.renewing import fingerprint
from foundation.accounts.actors import ref_of
from foundation.accounts.models import User
from foundation.database import clock
from waitlist.queries.entries import requests_since
from worklist import duty, team
from worklist.choices import TaskKind
from worklist.errors import CallOver
from worklist.team import OnCall

REQUESTS = _("Requests of the site and the desk")


@dataclass(frozen=True, slots=True)
class ShownCall:
    """The call that somebody is on: about what, with whom, since when."""

    claim: UUID
    since: datetime
    reasons: list[str]
    people: list[str]
    patients: list[UUID]

    @classmethod
    def of(cls, call: OnCall) -> "ShownCall":
        patients = {task.patient.pk: task.patient.full_name for task in call.tasks if task.patient}
        return cls(
            claim=call.claim.pk,
            since=call.claim.created_at,
            reasons=list(dict.fromkeys(str(capfirst(TaskKind(task.kind).label)) for task in call.tasks)),
            people=list(patients.values()),
            patients=list(patients),
        )


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person who is on duty, on a call, or both."""

    name: str
    role: str
    on_duty: bool
    call: ShownCall | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """The row counts what waits of one kind, and says since when the oldest of it could be done."""

    label: str
    due: int
    open: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class TeamPage:
    rows: list[TeamRow]
    queue: list[QueueRow]
    on_duty: int
    on_calls: int
    seen: str
    """The same for the same picture."""

    @classmethod
    def of(cls) -> "TeamPage":
        now = clock.now()
        calls = {call.claim.by: call for call in team.on_calls(now)}
        there = duty.there()
        rows = [
            TeamRow(
                name=person.get_full_name(),
                role=person.get_role_display(),
                on_duty=ref_of(person) in there,
                call=ShownCall.of(calls[ref_of(person)]) if ref_of(person) in calls else None,
            )
            for person in _people([*calls, *(ref for ref in there if ref not in calls)])
        ]
        queue = _queue(now)
        minute = int(now.timestamp() // 60)
        return cls(rows, queue, len(there), len(calls), fingerprint(rows, queue, minute))

    @property
    def patients(self) -> list[UUID]:
        return [patient for row in self.rows if row.call for patient in row.call.patients]


@dataclass(frozen=True, slots=True)
class TakePage:
    """The page asks why the head takes a call, or says that there is none any more."""

    form: TakeCallForm
    name: str
    call: ShownCall | None
    over: str = ""
    """Why there is no call to take."""

    @classmethod
    def of(cls, claim: UUID, form: TakeCallForm) -> "TakePage":
        try:
            found = team.on_call(claim)
        except CallOver as over:
            return cls(form, "", None, str(over))
        return cls(form, found.claim.by_name, ShownCall.of(found))

    @property
    def patients(self) -> list[UUID]:
        return self.call.patients if self.call else []


def _people(refs: Collection[str]) -> list[User]:
    """Returns these people in this order."""
    found = {ref_of(person): person for person in User.objects.filter(pk__in=[ref.partition(":")[2] for ref in refs])}
    return [found[ref] for ref in refs if ref in found]


def _queue(now: datetime) -> list[QueueRow]:
    rows = [QueueRow(str(capfirst(each.kind.label)), each.due, each.open, each.oldest) for each in team.waiting(now)]
    number, oldest = requests_since()
    return [*rows, QueueRow(str(REQUESTS), number, number, oldest)]
