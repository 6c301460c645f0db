from django.db import models
from django.utils.translation import gettext_lazy as _


class OnDuty(models.Model):
    """A person who phones patients had a page of the office open at this moment: somebody is there to phone now."""

    by = models.CharField(max_length=80, primary_key=True)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("person on duty")
        verbose_name_plural = _("people on duty")

    def __str__(self) -> str:
        return f"{self.by} {self.seen_at}"
