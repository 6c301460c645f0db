from django.db import models
from django.utils.translation import gettext_lazy as _


class HandledForm(models.Model):
    """A form that has done its work. Sent again, it leads to what it has made; after a day it is forgotten."""

    key = models.CharField(_("key"), primary_key=True, max_length=64, editable=False)
    made = models.JSONField(_("what it made"), null=True, editable=False)
    at = models.DateTimeField(_("at"), editable=False)

    class Meta:
        verbose_name = _("handled form")
        verbose_name_plural = _("handled forms")
        indexes = [models.Index(fields=["at"], name="handled_form_by_time")]

    def __str__(self) -> str:
        return f"{self.at} {self.key[:8]}"
