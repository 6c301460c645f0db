from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from patients.models import Patient
from scheduling.models import Doctor, Service, Slot
from waitlist.choices import OPEN_OFFER, OfferState
from waitlist.models.entry import WaitlistEntry


class SlotOffer(models.Model):
    """A freed time kept for one waiting patient until an operator has asked (R23, R24). Its id is the hold's token.

    proposed → calling → accepted / declined / lapsed; a call that reached nobody goes back to proposed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, related_name="offers", verbose_name=_("entry"))
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name=_("patient"))
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="offers", verbose_name=_("first slot"))
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="+", verbose_name=_("doctor"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    starts_at = models.DateTimeField(_("from"))
    state = models.CharField(_("state"), max_length=10, choices=OfferState, default=OfferState.PROPOSED)
    created_at = models.DateTimeField(_("offered at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("kept until"))
    not_before = models.DateTimeField(_("call after"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_by = models.CharField(max_length=80, blank=True)
    claimed_by_name = models.CharField(_("called by"), max_length=200, blank=True)
    claim_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=models.Q(state__in=OPEN_OFFER), name="offer_one_open_per_slot"
            ),
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state__in=OPEN_OFFER), name="offer_one_open_per_entry"
            ),
            models.UniqueConstraint(
                fields=["patient"],
                condition=models.Q(state=OfferState.CALLING),
                name="offer_one_call_per_patient",
            ),
            models.CheckConstraint(
                condition=models.Q(state=OfferState.CALLING, claim_until__isnull=False) & ~models.Q(claimed_by="")
                | ~models.Q(state=OfferState.CALLING) & models.Q(claim_until=None),
                name="offer_call_is_claimed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_OFFER, ended_at=None)
                | (~models.Q(state__in=OPEN_OFFER) & models.Q(ended_at__isnull=False)),
                name="offer_ended_when",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state__in=OPEN_OFFER), name="offer_open"),
            models.Index(fields=["slot", "entry"], name="offer_history"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.starts_at}"
