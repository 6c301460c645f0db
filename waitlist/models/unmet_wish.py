from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.choices import Channel
from patients.models import Patient
from waitlist.choices import UnmetReason
from waitlist.models.wishes import Wishes


class UnmetWish(Wishes):
    """Wishes of somebody who asked for a time, took none and did not want to wait. Insert only (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="unmet_wishes",
        verbose_name=_("patient"),
    )
    """Empty where they have not said who they are."""
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    reason = models.CharField(_("why nothing was taken"), max_length=15, choices=UnmetReason)
    created_at = CreatedAtField(_("said at"))
    created_by = models.CharField(max_length=80)
    created_by_name = models.CharField(_("written down by"), max_length=200)

    class Meta:
        verbose_name = _("wish that was not met")
        verbose_name_plural = _("wishes that were not met")
        constraints = [
            *Wishes.Meta.constraints,
            models.CheckConstraint(condition=Q(reason__in=UnmetReason.values), name="unmet_wish_reason_known"),
            models.CheckConstraint(condition=~Q(created_by=""), name="unmet_wish_by_someone"),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="unmet_wish_when"),
            models.Index(fields=["patient", "-created_at"], name="unmet_wish_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.created_at}"
