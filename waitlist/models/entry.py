from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField
from uuid_utils.compat import uuid7

from foundation.database import clock
from foundation.database.fields import CreatedAtField
from patients.models import Patient, Representation
from scheduling.models import Appointment
from scheduling.queries.fit import weekday_bit
from waitlist.choices import OPEN, EntryState
from waitlist.models.wishes import Wishes

ANY_DAY = sum(map(weekday_bit, range(1, 8)))
_BITS = " + ".join(f"CASE WHEN {day} = ANY(%(expressions)s) THEN {weekday_bit(day)} ELSE 0 END" for day in range(1, 8))


class WaitlistEntry(Wishes):
    """A patient who waits for a time (R20–R25), closed by a booking or at their word.

    They are served in the order of priority, then arrival.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="waitlist_entries", verbose_name=_("patient"))
    birth_date = models.DateField(_("birth date"), editable=False)
    """The patient's birth date, kept equal to theirs by a foreign key over both, so that matching reads one table."""
    representation = models.ForeignKey(
        Representation, models.PROTECT, null=True, blank=True, verbose_name=_("representative")
    )
    state = models.CharField(_("state"), max_length=12, choices=EntryState, default=EntryState.WAITING)
    appeared_at = models.DateTimeField(_("times have appeared at"), null=True, blank=True)
    """When something became free, with much else at once, that the person is to be phoned about; empty when asked."""
    sought_until = models.DateTimeField(_("asked about free times until"), null=True, blank=True)
    """The person was read what was free up to then and wanted none of it, or could not be reached about it."""
    declined = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True, editable=False)
    """The first slots of times that were read out to the person, who joined the list instead: of these none is told."""
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    not_before = models.DateTimeField(_("do not call before"), null=True, blank=True)
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="waitlist_entries",
        verbose_name=_("appointment"),
    )
    """The visit that has ended the wish; one that was moved to an earlier time may have ended two."""
    earlier_than = models.ForeignKey(
        Appointment,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("looks for a time earlier than"),
    )
    """The visit that the patient has already and would give up for an earlier time; without it they have none."""
    weekday_bits = models.GeneratedField(
        expression=models.Func(
            "weekdays", template=f"CASE WHEN cardinality(%(expressions)s) = 0 THEN {ANY_DAY} ELSE {_BITS} END"
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    """`weekday_bit` of each wished day, all days where none is named: an array would take matching twice the time."""
    arrived_at = models.DateTimeField(_("first wished at"), default=clock.now)
    """The moment of their first wish: of the request when the entry came of one, else that of the entry."""
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True, editable=False)
    """The person is left in peace until then, after several noes in a row or by hand; a past one is over."""
    rest_reason = models.CharField(
        _("why nobody phones until then"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    """What the person has said who asks not to be phoned for some days; empty: several noes."""
    phone = PhoneNumberField(_("number to phone instead"), blank=True, default="", db_default="", editable=False)
    """The next number known of the person, where that of the record was wrong or refuses ours."""
    urgent_at = models.DateTimeField(_("urgent since"), null=True, blank=True, editable=False)
    urgent_by_name = models.CharField(_("set urgent by"), max_length=200, blank=True, db_default="", editable=False)
    waits_until = models.DateField(_("waits until"), null=True, blank=True, editable=False)
    """The last day of the wait that was agreed; then it is asked for anew. Empty: until something ends it."""
    created_at = CreatedAtField(_("entered at"))
    created_by = models.CharField(max_length=80)
    created_by_name = models.CharField(_("entered by"), max_length=200)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    close_reason = models.CharField(_("why closed"), max_length=200, blank=True)

    none_suits = models.BooleanField(default=False, db_default=False, editable=False)
    """Something was free when the patient was entered, and they wanted none of it."""

    class Meta:
        verbose_name = _("waitlist entry")
        verbose_name_plural = _("waitlist entries")
        ordering = ["priority", "arrived_at"]
        constraints = [
            *Wishes.Meta.constraints,
            models.UniqueConstraint(
                fields=["patient", "specialty"],
                condition=models.Q(state__in=OPEN),
                name="waitlist_entry_one_open",
                violation_error_message=_("The patient is already on the waitlist for this specialty."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=EntryState.BOOKED, appointment__isnull=False)
                | (~models.Q(state=EntryState.BOOKED) & models.Q(appointment=None)),
                name="waitlist_entry_booked_with_appointment",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, closed_at=None, closed_by="")
                | (~models.Q(state__in=OPEN) & models.Q(closed_at__isnull=False) & ~models.Q(closed_by="")),
                name="waitlist_entry_closed_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["specialty", "time_from", "time_until", "priority", "arrived_at"],
                include=[
                    *("date_from", "notice_minutes", "birth_date", "weekday_bits", "patient", "id"),
                    *("date_until", "service", "not_before"),
                ],
                condition=models.Q(state=EntryState.WAITING, doctor_ids=[]),
                name="waitlist_entry_any_doctor",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(state=EntryState.WAITING, appeared_at=None),
                name="waitlist_entry_to_reconcile",
            ),
            models.Index(
                fields=["priority", "arrived_at"],
                condition=models.Q(state=EntryState.WAITING, appeared_at__isnull=False),
                name="waitlist_entry_appeared",
            ),
            GinIndex(
                fields=["doctor_ids"],
                condition=models.Q(state=EntryState.WAITING) & ~models.Q(doctor_ids=[]),
                name="waitlist_entry_of_doctor",
            ),
            models.Index(
                fields=["waits_until"],
                condition=models.Q(state__in=OPEN),
                name="waitlist_entry_ending",
            ),
            models.Index(
                fields=["priority", "arrived_at"],
                condition=models.Q(state__in=OPEN),
                name="waitlist_entry_open",
            ),
            models.Index(
                fields=["-closed_at", "-id"],
                condition=models.Q(closed_at__isnull=False),
                name="waitlist_entry_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.specialty_id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN
