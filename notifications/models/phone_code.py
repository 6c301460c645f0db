from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database import clock


class PhoneCode(models.Model):
    """A code sent to prove that the person who books has the phone; only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone = PhoneNumberField(_("phone"))
    asked_by = models.CharField(max_length=80, blank=True)
    """The visitor who asked for it: nobody else can type it, or use up its tries."""
    code_hash = models.CharField(max_length=128)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("phone code")
        verbose_name_plural = _("phone codes")
        indexes = [models.Index(fields=["phone", "-created_at"], name="phone_code_newest")]

    def __str__(self) -> str:
        return str(self.pk)
