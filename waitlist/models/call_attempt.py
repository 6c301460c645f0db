from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from foundation.database.fields import CreatedAtField
from waitlist.choices import DECLINED, CallOutcome, DeclineReason
from waitlist.models.entry import WaitlistEntry
from waitlist.models.offer import SlotOffer


class CallAttempt(models.Model):
    """One call about one exact time, and how it ended (R24). Insert only (trigger)."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="calls", verbose_name=_("entry"))
    offer = models.ForeignKey(
        SlotOffer, models.PROTECT, null=True, blank=True, related_name="calls", verbose_name=_("offer")
    )
    number = PhoneNumberField(_("number"), blank=True)
    begun_at = models.DateTimeField(_("begun at"), null=True, blank=True, editable=False)
    """The moment at which the number was claimed for the call; None where nobody had claimed it."""
    outcome = models.CharField(_("outcome"), max_length=15, choices=CallOutcome)
    reason = models.CharField(
        _("why it did not suit"), max_length=15, choices=DeclineReason, blank=True, default="", db_default=""
    )
    call_back_at = models.DateTimeField(_("call back at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = CreatedAtField(_("at"))
    by = models.CharField(max_length=80)
    by_name = models.CharField(_("by whom"), max_length=200)

    class Meta:
        verbose_name = _("call attempt")
        verbose_name_plural = _("call attempts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(by=""), name="call_attempt_by_someone"),
            models.CheckConstraint(
                condition=models.Q(outcome__in=CallOutcome.values), name="call_attempt_outcome_known"
            ),
            models.CheckConstraint(
                condition=models.Q(reason="") | models.Q(reason__in=DeclineReason.values, outcome__in=DECLINED),
                name="call_attempt_reason_of_no",
            ),
        ]
        indexes = [models.Index(fields=["entry", "-id"], name="call_attempt_of_entry")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.at}"
