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
        indexes = [models.Index(fields=["patient", "-at"], name="audit_by_patient")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(actor=""), name="audit_actor_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.actor_name}: {self.action}"
