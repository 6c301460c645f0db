from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.models import Patient
from worklist.choices import Priority, TaskKind, TaskState, Turn

ORDER = ("turn", "due_at", "priority", "waiting_since")
"""Promised calls at their minute, then times nobody was phoned about, then what dies first; of one time R23 decides."""


class Task(models.Model):
    """One reason to act, as a rule to phone a person; open until it is done or not needed any more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=TaskKind)
    subject = models.UUIDField(_("subject"))
    """The key of the row the task is about, in the kind's own app, which this app does not know."""
    cause = models.UUIDField(_("cause"), null=True, blank=True, db_index=True)
    """What made all such tasks at once, as one absence makes many: their progress is told together."""
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name=_("patient")
    )
    phone = PhoneNumberField(_("phone"), blank=True)
    claim_key = models.GeneratedField(
        expression=Coalesce(
            NullIf("phone", Value("")),
            Cast("patient", models.CharField()),
            Cast("subject", models.CharField()),
            output_field=models.CharField(),
        ),
        output_field=models.CharField(max_length=128),
        db_persist=True,
    )
    """What one claim covers: the phone number; without one the patient; without both this task alone."""
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    turn = models.PositiveSmallIntegerField(_("turn"), choices=Turn, default=Turn.DUE, db_default=Turn.DUE)
    waiting_since = models.DateTimeField(_("waiting since"))
    due_at = models.DateTimeField(_("due at"))
    not_before = models.DateTimeField(_("not before"), null=True, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    """From then on the task is given to nobody; the app that opened it closes it."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    """How the last attempt ended, as a code of the task's kind."""
    created_at = CreatedAtField(_("created at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(state=TaskState.OPEN),
                name="task_one_open",
                violation_error_message=_("There is an open task about this already. Work on that one."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TaskKind.values),
                name="task_kind_known",
                violation_error_message=_("There are no tasks of this kind."),
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, closed_at=None, closed_by="")
                | Q(state__in=[TaskState.DONE, TaskState.DROPPED], closed_at__isnull=False) & ~Q(closed_by=""),
                name="task_closed_by_someone",
                violation_error_message=_("A closed task says when and by whom it was closed."),
            ),
            models.CheckConstraint(
                condition=~Q(state=TaskState.DONE) | ~Q(outcome=""),
                name="task_done_with_outcome",
                violation_error_message=_("Choose how the task ended."),
            ),
        ]
        indexes = [
            models.Index(fields=[*ORDER], condition=Q(state=TaskState.OPEN), name="task_queue"),
            models.Index(fields=["claim_key"], condition=Q(state=TaskState.OPEN), name="task_open_of_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
