from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from back_office.presenters.shown_claim import ShownClaim
from foundation.accounts.actors import Actor
from foundation.clock import on_wall
from patients.models import Patient
from worklist.choices import Priority, TaskKind, Turn
from worklist.queries import QueuedTask

TITLES: Mapping[str, object] = {
    TaskKind.FREED_TIME: gettext_lazy("A time has become free"),
    TaskKind.REBOOK: gettext_lazy("Re-book"),
    TaskKind.UNTOLD: gettext_lazy("Tell: no message has arrived"),
    TaskKind.NO_CODE: gettext_lazy("No code came: waits for a call"),
    TaskKind.EXPIRING: gettext_lazy("The wait ends: ask"),
    TaskKind.FIND_NUMBER: gettext_lazy("No number works: find one out"),
    TaskKind.MISSED_CALL: gettext_lazy("Nobody answered: call back"),
}
"""The words by which a line says what its call is about."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line says whom to phone and about what, why they are next, and who is phoning them now."""

    task: UUID
    title: str
    time: str
    """The visit, the freed or the chosen time, or the last day of a wait; empty when it is gone from the timetable."""
    name: str
    """Of the patient, with the age or the birth date."""
    patient_id: UUID | None
    """None for somebody whom the register does not know yet."""
    phone: str
    answers: str
    """Who answers for the patient; empty for themselves."""
    about: str
    why: list[str]
    urgent: bool
    page: str
    claim: ShownClaim

    @classmethod
    def of(
        cls,
        task: QueuedTask,
        by: Actor,
        now: datetime,
        *,
        time: str,
        name: str,
        about: str,
        why: Sequence[str],
        page: str,
        answers: str = "",
    ) -> "Line":
        return cls(
            task=task.pk,
            title=str(TITLES[task.kind]),
            time=time,
            name=name,
            patient_id=task.patient_id,
            phone=task.phone.as_international if task.phone else "",
            answers=answers,
            about=about,
            why=[*_promise(task), *_only_writing(task), *_rests(task), *(each for each in why if each)],
            urgent=task.priority == Priority.URGENT and task.kind == TaskKind.FREED_TIME,
            page=page,
            claim=ShownClaim.of(task, by, now),
        )


def named(patient: Patient) -> str:
    return f"{patient.full_name}, {patient.age}"


def _only_writing(task: QueuedTask) -> list[str]:
    return [_("asks to be reached in writing only: send a message, or decide yourself")] if task.writes_only else []


def _rests(task: QueuedTask) -> list[str]:
    """Says that the number was dialled lately, of a task that waits for the end of its pause."""
    if not task.ready or task.rests_until is None:
        return []
    return [_("was phoned, rests until %(time)s") % {"time": f"{on_wall(task.rests_until):%d.%m %H:%M}"}]


def _promise(task: QueuedTask) -> list[str]:
    if task.turn != Turn.PROMISED or task.not_before is None:
        return []
    return [_("a call is promised for %(time)s") % {"time": f"{on_wall(task.not_before):%d.%m %H:%M}"}]
