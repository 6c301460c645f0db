from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.choices import Channel
from scheduling.models import Slot
from waitlist.choices import FreedOutcome


class FreedTime(models.Model):
    """A slot that somebody gave back, for which people on the waitlist are looked for until it is taken or too near.

    It locks nothing: whoever comes first has the time. Only the first refusal keeps it from the public, for minutes;
    its token is the key of this row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="freed_times", verbose_name=_("slot"))
    starts_at = models.DateTimeField(_("from"))
    """The start of the slot: the time that dies first is looked after first."""
    freed_at = CreatedAtField(_("freed at"))
    kept_until = models.DateTimeField(_("kept from the public until"), null=True, blank=True)
    phoned_at = models.DateTimeField(_("first phoned about at"), null=True, blank=True)
    look_at = models.DateTimeField(_("people are looked for at"))
    ask_at = models.DateTimeField(_("people are asked by message at"), null=True, blank=True, editable=False)
    """When those whom the time fits are to be asked by message; empty when nobody is, or everybody was."""
    asked_at = models.DateTimeField(_("people were asked by message at"), null=True, blank=True, editable=False)
    answers_until = models.DateTimeField(_("answers are awaited until"), null=True, blank=True, editable=False)
    """Until then nobody is phoned but those who have said yes."""
    tries = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    """How often looking for people has failed on a fault of ours."""
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=FreedOutcome, blank=True)
    channel = models.CharField(_("taken by"), max_length=10, choices=Channel, blank=True, db_default="", editable=False)
    """The way in which whoever has the time turned to the clinic; empty where nobody has it."""

    class Meta:
        verbose_name = _("freed time")
        verbose_name_plural = _("freed times")
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(ended_at=None), name="freed_time_one_open_per_slot"),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="") | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="freed_time_ended_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["ask_at"], condition=Q(ended_at=None, ask_at__isnull=False), name="freed_time_to_ask"),
            models.Index(fields=["slot"], condition=Q(outcome=FreedOutcome.PARKED), name="freed_time_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.starts_at}"
