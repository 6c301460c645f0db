from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.database.fields import CreatedAtField


class Act(models.Model):
    """Something that strangers may do so many times within a span, remembered as long as a limit counts it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(_("kind"), max_length=30)
    whom = models.CharField(_("whom"), max_length=64)
    """A keyed hash of the phone, network or browser; nothing can be read from it."""
    at = CreatedAtField(_("at"))

    class Meta:
        verbose_name = _("act of a stranger")
        verbose_name_plural = _("acts of strangers")
        indexes = [
            models.Index(fields=["kind", "whom", "-at"], name="guard_act_lately"),
            models.Index(fields=["at"], name="guard_act_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
