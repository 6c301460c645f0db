from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """An audit row: who did or read what, when, from where. Insert only (trigger).

    It has no foreign keys, so it outlives what it names.
    """

    at = models.DateTimeField(_("at"), db_default=models.functions.Now(), editable=False)
    actor = models.CharField(_("actor"), max_length=80)
    actor_name = models.CharField(_("name"), max_length=200)
    action = models.CharField(_("action"), max_length=60)
    patient = models.UUIDField(_("patient"), null=True)
    object_ref = models.CharField(_("object"), max_length=80, blank=True)
    details = models.JSONField(_("details"), default=dict)
    ip = models.CharField(_("address"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["patient", "-at"], name="audit_by_patient"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            BrinIndex(fields=["at"], name="audit_by_day", autosummarize=True),
        ]
        constraints = [
            models.CheckConstraint(condition=~models.Q(actor=""), name="audit_actor_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.actor_name}: {self.action}"


class AuditSeal(models.Model):
    """A seal over the rows after the former seal, up to `through`. Insert only (trigger).

    Whatever is changed, removed or put in there is found (`verifying`).
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True, db_column="id")
    through = models.BigIntegerField(_("last row"))
    at = models.DateTimeField(_("at"))
    marks = models.BinaryField(_("marks of the rows"))
    """Eight bytes a row, in the order of the rows: they tell which row is not as it was written."""
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")

    def __str__(self) -> str:
        return f"{self.number} {self.hash}"


class AuditKey(models.Model):
    """The key of the seals, drawn once and encrypted by the key ring, so that a seal outlives every change of keys."""

    sealed = models.TextField(_("encrypted key"))

    class Meta:
        verbose_name = _("audit key")
        verbose_name_plural = _("audit keys")

    def __str__(self) -> str:
        return str(self.pk)
