from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField


class Organization(models.Model):
    """The clinic as patients are told of it, in one row; until its head writes it, the settings say it."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=40)
    legal_name = models.CharField(_("legal name"), max_length=120)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    phone = PhoneNumberField(_("phone"))
    address = models.CharField(_("address"), max_length=200)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    site = models.CharField(_("web site"), max_length=200, blank=True, validators=[URLValidator(["https"])])

    class Meta:
        verbose_name = _("The clinic")
        verbose_name_plural = _("The clinic")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="organization_is_one")]

    def __str__(self) -> str:
        return self.name
