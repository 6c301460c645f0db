import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.text.names import full_name, salutation
from patients.choices import LEGAL_REPRESENTATIVES, Relation, SeenAs
from patients.fields import FoldedName
from patients.models.patient import Patient


class PowerOfAttorney(models.Model):
    """A notarised power of attorney that was shown (R5); without the day of signing it is void (ГК 186)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    principal_name = models.CharField(_("who gives it"), max_length=180)
    notary = models.CharField(_("notary and district"), max_length=200, blank=True)
    register_number = models.CharField(_("number in the notary's register"), max_length=60, blank=True)
    checked_in_register = models.BooleanField(
        _("checked in the register of powers of attorney"), default=False, db_default=False
    )
    """By hand, on the site of the notaries: nothing waits for it (R7)."""
    signed_on = models.DateField(_("signed on"))
    valid_until = models.DateField(_("last day"))
    seen_as = models.CharField(_("seen as"), max_length=20, choices=SeenAs)
    seen_at = models.DateTimeField(_("seen at"))
    seen_by = models.CharField(_("seen by"), max_length=80)

    class Meta:
        verbose_name = _("power of attorney")
        verbose_name_plural = _("powers of attorney")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("signed_on")),
                name="power_of_attorney_term",
                violation_error_message=_("The last day is before the day of signing."),
            ),
        ]

    def __str__(self) -> str:
        return self.register_number or str(self.signed_on)

    def in_force_on(self, day: datetime.date) -> bool:
        return self.signed_on <= day <= self.valid_until


class Representation(models.Model):
    """A person who acts for a patient.

    `verified_at` is empty while this is known by word of mouth only (phone, site).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="representations", verbose_name=_("patient"))
    person = models.ForeignKey(
        Patient,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acts_for",
        verbose_name=_("own record of the representative"),
    )
    relation = models.CharField(_("relation"), max_length=10, choices=Relation)
    last_name = models.CharField(_("surname"), max_length=60)
    first_name = models.CharField(_("name"), max_length=60)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    search_name = FoldedName()
    phone = PhoneNumberField(_("phone"), blank=True)
    power_of_attorney = models.ForeignKey(
        PowerOfAttorney, models.PROTECT, null=True, blank=True, verbose_name=_("power of attorney")
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.CharField(_("verified by"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("representation")
        verbose_name_plural = _("representations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person=None) | ~models.Q(person=models.F("patient")),
                name="representation_not_self",
                violation_error_message=_("A person cannot represent himself."),
            ),
            models.CheckConstraint(
                condition=~models.Q(relation=Relation.ATTORNEY)
                | models.Q(verified_at=None)
                | models.Q(power_of_attorney__isnull=False),
                name="representation_attorney_has_power",
                violation_error_message=_("Enter the power of attorney."),
            ),
            models.CheckConstraint(
                condition=models.Q(power_of_attorney=None) | models.Q(relation=Relation.ATTORNEY),
                name="representation_only_attorney_has_power",
                violation_error_message=_("A legal representative needs no power of attorney."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="representation_term",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_at=None, verified_by="")
                | (models.Q(verified_at__isnull=False) & ~models.Q(verified_by="")),
                name="representation_verified_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["phone"], name="representation_phone")]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.get_relation_display()})"

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def salutation(self) -> str:
        return salutation(self.first_name, self.patronymic)

    @property
    def is_legal(self) -> bool:
        return self.relation in LEGAL_REPRESENTATIVES
