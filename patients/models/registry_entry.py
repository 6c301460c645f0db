from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.choices import Applicant, Channel, OfferedPaper
from patients.models.patient import Patient
from patients.models.representation import Representation


class RegistryEntry(models.Model):
    """A registry entry, «реестровая запись» (R8): what the citizen said and showed, to whom, when.

    Insert only (trigger).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="registry_entries")
    representation = models.ForeignKey(Representation, models.PROTECT, null=True, blank=True)
    applicant = models.CharField(_("applicant"), max_length=20, choices=Applicant)
    applicant_name = models.CharField(_("name of the applicant"), max_length=180, blank=True)
    """Of an adult who applies for another one; who acts for a child stands in `representation`."""
    applicant_acts_as = models.CharField(_("as whom"), max_length=60, blank=True)
    applicant_paper = models.CharField(_("by which paper"), max_length=20, choices=OfferedPaper, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    documents_seen = models.JSONField(_("documents seen"), default=list)
    """[{"document": "identity", "kind": "rf_passport", "seen_as": "original", "ends": "56"}]: kinds, never numbers;
    `ends` are the last two signs of a number that was typed in."""
    at = CreatedAtField(_("at"))
    by = models.CharField(_("by"), max_length=80)
    by_name = models.CharField(_("by whom"), max_length=200)

    class Meta:
        verbose_name = _("registry entry")
        verbose_name_plural = _("registry entries")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(applicant_name="", applicant_acts_as="", applicant_paper="")
                | (models.Q(applicant=Applicant.ADULT_FOR_ADULT) & ~models.Q(applicant_name="")),
                name="registry_entry_names_other_adult",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} {self.at}"
