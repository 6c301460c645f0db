import datetime

from django.db import models
from django.db.models.functions import Collate, Right
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from foundation.text.names import full_name, salutation, short_name
from patients.ages import age_on
from patients.choices import ContactWay, MisState, Sex
from patients.fields import FoldedName


class Patient(models.Model):
    """A person in the clinic's register; no appointment is made without one (R9).

    The patronymic is optional, the phone is a family's and never unique (domain §7).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    card_number = models.CharField(_("card number"), max_length=20)
    last_name = models.CharField(_("surname"), max_length=60)
    first_name = models.CharField(_("name"), max_length=60)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    birth_date = models.DateField(_("birth date"))
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    contact_way = models.CharField(
        _("how to reach them"), max_length=7, choices=ContactWay, blank=True, default="", db_default=""
    )
    note = models.CharField(_("note for the desk"), max_length=300, blank=True)
    search_name = FoldedName()
    phone_tail = models.GeneratedField(
        expression=Right("phone", 4), output_field=models.CharField(max_length=4), db_persist=True
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("record of the same person"),
    )
    mis_client_id = models.CharField(_("id in the MIS"), max_length=40, blank=True)
    mis_state = models.CharField(_("state in the MIS"), max_length=10, choices=MisState, default=MisState.PENDING)
    registered_on = models.DateField(_("registered on"), default=timezone.localdate)
    created_at = CreatedAtField(_("created at"))

    class Meta:
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        constraints = [
            models.UniqueConstraint(fields=["card_number"], name="patient_card_number_unique"),
            models.UniqueConstraint(fields=["id", "birth_date"], name="patient_with_birth_date"),
            models.CheckConstraint(
                condition=models.Q(birth_date__lte=models.F("registered_on"))
                & models.Q(birth_date__gte=datetime.date(1900, 1, 1)),
                name="patient_birth_date_in_past",
                violation_error_message=_("The birth date is in the future. Check the year."),
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
                name="patient_merged_into_another",
            ),
            models.CheckConstraint(condition=~models.Q(last_name="") & ~models.Q(first_name=""), name="patient_named"),
        ]
        indexes = [
            models.Index(Collate("search_name", "C"), "birth_date", name="patient_name_order"),
            models.Index(fields=["phone"], name="patient_phone"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def short_name(self) -> str:
        """«Орлова М. И.» for a narrow cell."""
        return short_name(self.last_name, self.first_name, self.patronymic)

    @property
    def salutation(self) -> str:
        """«Мария Ивановна», or the name alone where there is no patronymic."""
        return salutation(self.first_name, self.patronymic)

    @property
    def age(self) -> int:
        return age_on(self.birth_date, timezone.localdate())
