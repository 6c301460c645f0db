from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField


class ExchangeCall(models.Model):
    """A call that came in, as the telephone exchange has told of it; a hidden number is empty."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.CharField(max_length=100)
    """The exchange's own name of the call."""
    number = PhoneNumberField(_("number"), blank=True)
    rings_at = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    """The extensions at which it has rung."""
    extension = models.CharField(_("telephone extension"), max_length=20, blank=True)
    rang_at = models.DateTimeField(_("rang at"))
    """The first moment that was told of the call."""
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    missed_at = models.DateTimeField(_("missed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    recording_id = models.CharField(_("recording"), max_length=200, blank=True)
    recording_link = models.URLField(_("link to the recording"), max_length=500, blank=True)
    created_at = CreatedAtField(_("created at"))

    class Meta:
        verbose_name = _("call of the exchange")
        verbose_name_plural = _("calls of the exchange")
        constraints = [
            models.UniqueConstraint(
                fields=["call"],
                name="exchange_call_once",
                violation_error_message=_("The exchange has told of this call already."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(missed_at=None),
                name="exchange_call_answered_or_missed",
                violation_error_message=_("A call was answered or missed, not both."),
            ),
        ]
        indexes = [
            models.Index(fields=["rang_at"], name="exchange_call_by_time"),
            models.Index(fields=["number", "answered_at"], name="exchange_call_of_number"),
        ]

    def __str__(self) -> str:
        return f"{self.call} {self.rang_at}"
