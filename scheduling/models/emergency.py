from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database import clock
from patients.models import Patient
from scheduling.choices import EmergencyEventKind, Urgency
from scheduling.models.reference import Doctor


class EmergencyCase(models.Model):
    """An emergency, «обращение по экстренным показаниям» (R14): no slot, no record, no papers, no queue.

    An emergency has its ambulance call from the first moment; an urgent consultation (R19) needs none. Until somebody
    takes a case, every screen of the office shows it. A case is never deleted: one that was opened by mistake is closed
    with the reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    urgency = models.CharField(_("kind"), max_length=10, choices=Urgency, default=Urgency.EMERGENCY)
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    opened_by = models.CharField(max_length=80)
    opened_by_name = models.CharField(_("opened by"), max_length=200)
    ambulance_called_at = models.DateTimeField(_("ambulance called at"), null=True, blank=True)
    ambulance_called_by = models.CharField(_("ambulance called by"), max_length=200, blank=True)
    ambulance_number = models.CharField(_("number called"), max_length=20, blank=True)
    ambulance_reference = models.CharField(_("number of the call"), max_length=60, blank=True)
    taken_at = models.DateTimeField(_("taken at"), null=True, blank=True)
    taken_by = models.CharField(max_length=80, blank=True)
    taken_by_name = models.CharField(_("taken by"), max_length=200, blank=True)
    patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="emergencies", verbose_name=_("patient")
    )
    person = models.CharField(_("who is ill, if known"), max_length=200, blank=True)
    description = models.TextField(_("what happened"), blank=True)
    doctor = models.ForeignKey(Doctor, models.PROTECT, null=True, blank=True, verbose_name=_("doctor"))
    outcome = models.TextField(_("outcome"), blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    mistake = models.CharField(_("why it was opened by mistake"), max_length=200, blank=True)

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
            models.CheckConstraint(
                condition=models.Q(taken_at=None, taken_by="")
                | (models.Q(taken_at__isnull=False) & ~models.Q(taken_by="")),
                name="emergency_taken_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(mistake="") | models.Q(closed_at__isnull=False),
                name="emergency_mistake_is_closed",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at"], name="emergency_newest"),
            models.Index(
                fields=["opened_at"],
                condition=models.Q(taken_at=None, closed_at=None),
                name="emergency_untaken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at}"


class EmergencyEvent(models.Model):
    """Something that happened to a case; append-only (trigger)."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(EmergencyCase, models.PROTECT, related_name="events", verbose_name=_("emergency"))
    kind = models.CharField(_("what"), max_length=20, choices=EmergencyEventKind)
    at = models.DateTimeField(_("at"))
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(_("who"), max_length=200)
    note = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("event of an emergency")
        verbose_name_plural = _("events of emergencies")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(actor=""), name="emergency_event_by_someone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
