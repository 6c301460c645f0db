from django.db import models
from django.utils.translation import gettext_lazy as _


class PhonedNumber(models.Model):
    """A number that was dialled lately, and until when nobody phones it again (T101).

    The pause belongs to the people at the number: whatever else there is to tell them waits as well. Only a promised
    call back and a visitor who waits at their screen are phoned in spite of it.
    """

    key = models.CharField(max_length=128, primary_key=True)
    """`Task.claim_key` of the tasks about which it was dialled."""
    dialled_at = models.DateTimeField(_("last dialled at"))
    dials = models.PositiveSmallIntegerField(_("dialled on that day"), default=1)
    paused_until = models.DateTimeField(_("not again before"))

    class Meta:
        verbose_name = _("phoned number")
        verbose_name_plural = _("phoned numbers")
        indexes = [models.Index(fields=["dialled_at"], name="phoned_number_to_forget")]

    def __str__(self) -> str:
        return f"{self.key} {self.paused_until}"
