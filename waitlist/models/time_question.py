from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.clock import WallTime, on_wall
from foundation.database.fields import CreatedAtField
from scheduling.models import Doctor, Service, Slot
from waitlist.choices import DeclineReason, TimeReply
from waitlist.models.entry import WaitlistEntry


class TimeQuestion(models.Model):
    """One person who waits was asked by message whether a freed time would suit them. Insert only (trigger).

    It keeps no time for them. A number is asked about a time once, whoever of a family it is for.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(
        WaitlistEntry, models.PROTECT, related_name="questions", db_index=False, verbose_name=_("entry")
    )
    slot = models.ForeignKey(
        Slot, models.PROTECT, related_name="questions", db_index=False, verbose_name=_("first slot")
    )
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name=_("doctor"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    starts_at = models.DateTimeField(_("from"))
    number = PhoneNumberField(_("number"))
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = CreatedAtField(_("asked at"))

    class Meta:
        verbose_name = _("question about a freed time")
        verbose_name_plural = _("questions about freed times")
        constraints = [
            models.UniqueConstraint(fields=["entry", "slot"], name="time_question_once_per_person"),
            models.UniqueConstraint(fields=["slot", "number"], name="time_question_once_per_number"),
            models.CheckConstraint(condition=~Q(number=""), name="time_question_to_a_number"),
        ]
        indexes = [models.Index(fields=["number", "-asked_at"], name="time_question_of_number")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at}"

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read with the slot."""
        return on_wall(self.starts_at, self.slot.shift.room.location.timezone)


class TimeAnswer(models.Model):
    """One answer to such a question: a yes is readiness, a no is the last word. Insert only (trigger)."""

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(
        TimeQuestion, models.PROTECT, related_name="answers", db_index=False, verbose_name=_("question")
    )
    reply = models.CharField(_("answer"), max_length=3, choices=TimeReply)
    reason = models.CharField(
        _("why it did not suit"), max_length=15, choices=DeclineReason, blank=True, default="", db_default=""
    )
    at = CreatedAtField(_("at"))
    by = models.CharField(max_length=80)

    class Meta:
        verbose_name = _("answer about a freed time")
        verbose_name_plural = _("answers about freed times")
        constraints = [
            models.UniqueConstraint(fields=["question", "reply"], name="time_answer_once"),
            models.CheckConstraint(condition=Q(reply__in=TimeReply.values), name="time_answer_known"),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=DeclineReason.values, reply=TimeReply.NO),
                name="time_answer_reason_of_no",
            ),
            models.CheckConstraint(condition=~Q(by=""), name="time_answer_by_someone"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reply_display()} {self.at}"
