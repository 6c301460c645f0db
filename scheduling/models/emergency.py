from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from scheduling.choices import Urgency
from scheduling.models.reference import Doctor


class EmergencyCase(models.Model):
    """An emergency, «обращение по экстренным показаниям» (R14): no slot, no record, no papers, no queue.

    An emergency has its ambulance call from the first moment; an urgent consultation (R19) needs none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    urgency = models.CharField(_("kind"), max_length=10, choices=Urgency, default=Urgency.EMERGENCY)
    opened_at = models.DateTimeField(_("opened at"), default=timezone.now)
    opened_by = models.CharField(max_length=80)
    opened_by_name = models.CharField(_("opened by"), max_length=200)
    ambulance_called_at = models.DateTimeField(_("ambulance called at"), null=True, blank=True)
    ambulance_called_by = models.CharField(_("ambulance called by"), max_length=200, blank=True)
    ambulance_number = models.CharField(_("number called"), max_length=20, blank=True)
    ambulance_reference = models.CharField(_("number of the call"), max_length=60, blank=True)
    person = models.CharField(_("who is ill, if known"), max_length=200, blank=True)
    description = models.TextField(_("what happened"), blank=True)
    doctor = models.ForeignKey(Doctor, models.PROTECT, null=True, blank=True, verbose_name=_("doctor"))
    outcome = models.TextField(_("outcome"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(urgency=Urgency.URGENT) | models.Q(ambulance_called_at__isnull=False),
                name="emergency_ambulance_called",
            ),
            models.CheckConstraint(
                condition=models.Q(ambulance_called_at=None, ambulance_called_by="")
                | (models.Q(ambulance_called_at__isnull=False) & ~models.Q(ambulance_called_by="")),
                name="emergency_ambulance_called_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(closed_by="")),
                name="emergency_closed_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="emergency_newest")]

    def __str__(self) -> str:
        return f"{self.opened_at}"
