from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from foundation.text.names import full_name
from patients.choices import Channel, Relation
from patients.data import PersonData
from patients.models import Patient
from scheduling.models import Appointment, Slot
from waitlist.choices import RequestState
from waitlist.models.entry import WaitlistEntry
from waitlist.models.wishes import Wishes


class WaitlistRequest(Wishes):
    """Wishes handed over by the desk or the site; an operator turns them into an entry in one click (R12, R20)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    patient = models.ForeignKey(Patient, models.PROTECT, null=True, blank=True, verbose_name=_("patient"))
    last_name = models.CharField(_("surname"), max_length=60)
    first_name = models.CharField(_("name"), max_length=60)
    patronymic = models.CharField(_("patronymic"), max_length=60, blank=True)
    birth_date = models.DateField(_("birth date"))
    phone = PhoneNumberField(_("phone"))
    phone_proved = models.BooleanField(_("phone proved by a code"), default=False, db_default=False, editable=False)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation, blank=True)
    representative_last_name = models.CharField(_("surname of the representative"), max_length=60, blank=True)
    representative_first_name = models.CharField(_("name of the representative"), max_length=60, blank=True)
    representative_patronymic = models.CharField(_("patronymic of the representative"), max_length=60, blank=True)
    consent_text = models.TextField(_("consent"), blank=True)
    consent_ip = models.GenericIPAddressField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=15, choices=RequestState, default=RequestState.HANDED_OVER)
    entry = models.ForeignKey(WaitlistEntry, models.PROTECT, null=True, blank=True, related_name="requests")
    slot = models.ForeignKey(
        Slot, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("chosen time")
    )
    """The time that a visitor chose whom no code reached; it is held under the key of the request as its token."""
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    remind = models.BooleanField(_("wants to be reminded"), default=False, db_default=False, editable=False)
    """What the visitor agreed to beside the chosen time; it is that of the visit."""
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("appointment")
    )
    created_at = CreatedAtField(_("handed over at"))
    created_by = models.CharField(max_length=80)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("waitlist request")
        verbose_name_plural = _("waitlist requests")
        ordering = ["created_at"]
        constraints = [
            *Wishes.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(state=RequestState.ENTERED, entry__isnull=False)
                | (~models.Q(state=RequestState.ENTERED) & models.Q(entry=None)),
                name="waitlist_request_entered_with_entry",
            ),
            models.CheckConstraint(
                condition=models.Q(state=RequestState.BOOKED, appointment__isnull=False)
                | (~models.Q(state=RequestState.BOOKED) & models.Q(appointment=None)),
                name="waitlist_request_booked_with_visit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(state=RequestState.HANDED_OVER),
                name="waitlist_request_waiting",
            ),
            models.Index(
                fields=["phone"],
                condition=models.Q(state=RequestState.HANDED_OVER),
                name="waitlist_request_of_number",
            ),
            models.Index(
                fields=["birth_date"],
                condition=models.Q(state=RequestState.HANDED_OVER),
                name="waitlist_request_of_birth_date",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def acting_name(self) -> str:
        """Returns the person who acts for a child, as typed: «Орлова Мария, мать»; empty for an adult."""
        if not self.relation:
            return ""
        parts = (self.representative_last_name, self.representative_first_name, self.representative_patronymic)
        return f"{full_name(*parts)}, {self.get_relation_display()}"

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def person(self) -> PersonData:
        """Returns the person as they were typed."""
        return PersonData(
            last_name=self.last_name,
            first_name=self.first_name,
            patronymic=self.patronymic,
            birth_date=self.birth_date,
            phone=self.phone.as_e164,
        )
