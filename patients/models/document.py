import logging

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.encryption import CiphertextDamaged
from patients.choices import DocumentKind, SeenAs
from patients.fields import EncryptedCharField, blind_indexes
from patients.models.patient import Patient
from patients.models.representation import Representation

log = logging.getLogger(__name__)


class IdentityDocument(models.Model):
    """A document a registrar saw (R3, R4, R6); its number is optional, encrypted, found by a keyed index.

    There are no scans.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, related_name="documents")
    representation = models.ForeignKey(Representation, models.PROTECT, null=True, blank=True, related_name="documents")
    kind = models.CharField(_("kind"), max_length=30, choices=DocumentKind)
    number = EncryptedCharField(_("series and number"), blank=True)
    number_index = models.CharField(max_length=64, blank=True, editable=False)
    last_digits = models.CharField(_("last digits"), max_length=4, blank=True)
    seen_as = models.CharField(_("seen as"), max_length=20, choices=SeenAs)
    seen_at = models.DateTimeField(_("seen at"))
    seen_by = models.CharField(_("seen by"), max_length=80)
    replaced_at = models.DateTimeField(_("replaced at"), null=True, blank=True)

    class Meta:
        verbose_name = _("identity document")
        verbose_name_plural = _("identity documents")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(patient=None) ^ models.Q(representation=None),
                name="document_has_one_owner",
            ),
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=models.Q(replaced_at=None, patient__isnull=False),
                name="document_one_current_of_patient",
            ),
            models.UniqueConstraint(
                fields=["representation", "kind"],
                condition=models.Q(replaced_at=None, representation__isnull=False),
                name="document_one_current_of_representative",
            ),
        ]
        indexes = [
            models.Index(fields=["number_index"], condition=~models.Q(number_index=""), name="document_number"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.masked}"

    @property
    def masked(self) -> str:
        return f"•••• {self.last_digits}" if self.last_digits else ""

    @property
    def indexes(self) -> list[str]:
        """The hashes under which the same number stands elsewhere, while not all rows have that of the key of now."""
        return blind_indexes(self.number) if settings.BLIND_INDEX_KEY_FALLBACKS else [self.number_index]

    def has(self, number: str) -> bool:
        """Tells whether this number was kept; one that cannot be opened any more is typed anew like another one."""
        try:
            return bool(self.number == number)
        except CiphertextDamaged:
            log.exception("the number of document %s cannot be opened", self.pk)
            return False
