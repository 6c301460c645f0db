from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.clock import WallTime, on_wall
from foundation.database.fields import CreatedAtField
from patients.models import Patient
from scheduling.models import Doctor, Service, Slot
from waitlist.choices import IN_THE_AIR, UNANSWERED, OfferState
from waitlist.models.entry import WaitlistEntry
from worklist.models import Task


class SlotOffer(models.Model):
    """A free time that one waiting patient is to be phoned about (R23, R24).

    Proposed it locks nothing. From the claim of an operator to the outcome it holds its time, with its id as the token
    of the hold: proposed → open → accepted / declined / lapsed; promised → open; withdrawn when nobody was asked. The
    call about it is its task, which is about the waitlist entry: the reason to phone is that a person waits, and the
    time is what they are told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers", verbose_name=_("entry"))
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name=_("patient"))
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="offers", verbose_name=_("first slot"))
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name=_("doctor"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    task = models.OneToOneField(Task, models.PROTECT, related_name="offer", verbose_name=_("task"))
    also = ArrayField(models.UUIDField(), default=list, blank=True, editable=False)
    """The first slots of the other times of the call: whoever declines has been asked about them as well."""
    starts_at = models.DateTimeField(_("from"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.PROPOSED)
    created_at = CreatedAtField(_("offered at"))
    expires_at = models.DateTimeField(_("until"))
    """Proposed: until then it is phoned about or given up; open: until then the time is held."""
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(fields=["slot"], condition=Q(state__in=IN_THE_AIR), name="offer_one_open_per_slot"),
            models.UniqueConstraint(
                fields=["entry"], condition=Q(state__in=UNANSWERED), name="offer_one_open_per_entry"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNANSWERED, ended_at=None)
                | (~Q(state__in=UNANSWERED) & Q(ended_at__isnull=False)),
                name="offer_ended_when",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(state__in=UNANSWERED), name="offer_open"),
            models.Index(fields=["slot", "entry"], name="offer_history"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at}"

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read with the slot."""
        return on_wall(self.starts_at, self.slot.shift.room.location.timezone)

    def is_held(self, now: datetime) -> bool:
        """Tells whether the time is held for this call; the caller has read the slot."""
        return self.state == OfferState.OPEN and self.slot.is_held_by(self.pk, now)
