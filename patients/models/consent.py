from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.choices import Channel
from patients.models.patient import Patient


class DataConsent(models.Model):
    """A consent to personal-data processing as it was given: text, version, when, from where. Insert only (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    version = models.CharField(_("version"), max_length=20)
    text = models.TextField(_("text"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    at = CreatedAtField(_("at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.version} {self.at}"
