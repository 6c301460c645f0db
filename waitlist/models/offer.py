from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.clock import WallTime, on_wall
from foundation.database.fields import CreatedAtField
from patients.models import Patient
from scheduling.models import Doctor, Service, Slot
from waitlist.choices import OfferState
from waitlist.models.entry import WaitlistEntry
from worklist.models import Task


class SlotOffer(models.Model):
    """A freed time kept for one waiting patient until an operator has asked them (R23, R24).

    Its id is the token of the hold. States: open → accepted / declined / lapsed. The call about it is its task, which
    is about the waitlist entry: the reason to phone is that a person waits, and the time is what they are told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers", verbose_name=_("entry"))
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name=_("patient"))
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="offers", verbose_name=_("first slot"))
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name=_("doctor"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    task = models.OneToOneField(Task, models.PROTECT, related_name="offer", verbose_name=_("task"))
    starts_at = models.DateTimeField(_("from"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.OPEN)
    created_at = CreatedAtField(_("offered at"))
    expires_at = models.DateTimeField(_("kept until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state=OfferState.OPEN), name="offer_one_open_per_slot"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state=OfferState.OPEN), name="offer_one_open_per_entry"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, ended_at=None)
                | (~Q(state=OfferState.OPEN) & Q(ended_at__isnull=False)),
                name="offer_ended_when",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state=OfferState.OPEN), name="offer_open"),
            models.Index(fields=["slot", "entry"], name="offer_history"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at}"

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read with the slot."""
        return on_wall(self.starts_at, self.slot.shift.room.location.timezone)

    def is_kept(self, now: datetime) -> bool:
        return self.state == OfferState.OPEN and self.expires_at > now
