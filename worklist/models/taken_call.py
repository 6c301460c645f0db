from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.database.fields import CreatedAtField


class TakenCall(models.Model):
    """A claim that somebody else has ended for a reason; the page of whoever had it tells them."""

    id = models.UUIDField(primary_key=True, editable=False)
    """The claim, which is gone."""
    key = models.CharField(max_length=128)
    taken_from = models.CharField(max_length=80)
    by = models.CharField(max_length=80)
    by_name = models.CharField(_("by whom"), max_length=200)
    reason = models.CharField(_("reason"), max_length=200)
    at = CreatedAtField(_("at"))

    class Meta:
        verbose_name = _("call taken from somebody")
        verbose_name_plural = _("calls taken from somebody")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(by=""),
                name="taken_call_with_reason",
                violation_error_message=_("Say why you take this call."),
            ),
        ]
        indexes = [models.Index(fields=["taken_from", "at"], name="taken_call_of_person")]

    def __str__(self) -> str:
        return f"{self.taken_from} {self.at}"
