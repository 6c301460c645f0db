from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.clock import WallTime, on_wall
from patients.choices import Channel
from patients.models import Patient, Representation
from scheduling.choices import ACTIVE, UPCOMING, AppointmentStatus, CancelReason, VisitKind
from scheduling.models.ranges import TsTzRange
from scheduling.models.reference import Doctor, Room, Service

STEPS = ("created", "confirmed", "informed", "arrived", "started", "finished", "cancelled")


def _made_by_someone(step: str) -> models.CheckConstraint:
    at, by = f"{step}_at", f"{step}_by"
    return models.CheckConstraint(
        condition=Q(**{at: None, by: ""}) | (Q(**{f"{at}__isnull": False}) & ~Q(**{by: ""})),
        name=f"appointment_{step}_by_someone",
    )


def _once(what: str) -> ExclusionConstraint:
    return ExclusionConstraint(
        name=f"appointment_{what}_once",
        expressions=[
            (what, RangeOperators.EQUAL),
            (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
        ],
        condition=Q(status__in=ACTIVE, overbooked=False),
    )


class Appointment(models.Model):
    """A patient's visit to a doctor at a time. A move changes this row and leaves an event: links to it stay good.

    `*_by` are actor references (`staff:…`, `site:…`, `system:…`); names are in the events.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="appointments", db_index=False, verbose_name=_("patient")
    )
    representation = models.ForeignKey(
        Representation, models.PROTECT, null=True, blank=True, verbose_name=_("representative")
    )
    doctor = models.ForeignKey(
        Doctor, models.PROTECT, related_name="appointments", db_index=False, verbose_name=_("doctor")
    )
    service = models.ForeignKey(Service, models.PROTECT, verbose_name=_("service"))
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("room"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    visit_kind = models.CharField(_("first or follow-up"), max_length=10, choices=VisitKind)
    follow_up_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("follow-up of"),
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    status = models.CharField(_("status"), max_length=20, choices=AppointmentStatus, default=AppointmentStatus.BOOKED)
    price = models.DecimalField(_("price, ₽"), max_digits=9, decimal_places=2)
    overbooked = models.BooleanField(_("overbooked"), default=False)
    overbook_reason = models.CharField(_("why overbooked"), max_length=200, blank=True)
    cancel_reason = models.CharField(_("why cancelled"), max_length=20, choices=CancelReason, blank=True)
    idempotency_key = models.CharField(max_length=80, null=True, editable=False)  # noqa: DJ001  NULLs do not collide
    request_digest = models.CharField(max_length=64, blank=True, editable=False)
    link_hash = models.CharField(max_length=64, editable=False)
    link_number = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    """Rises with every message that is sent again: its link is a new one, and those of before are dead."""

    reminders_since = models.DateTimeField(_("wants to be reminded since"), null=True, editable=False)
    """The moment at which somebody agreed to be reminded of the visit by SMS; NULL: nobody has (ADR 46)."""

    created_at = models.DateTimeField(_("booked at"))
    created_by = models.CharField(_("booked by"), max_length=80)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=80, blank=True)
    informed_at = models.DateTimeField(_("told at"), null=True)
    informed_by = models.CharField(_("told by"), max_length=80, blank=True)
    arrived_at = models.DateTimeField(_("arrived at"), null=True)
    arrived_by = models.CharField(_("arrival marked by"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    started_by = models.CharField(_("started by"), max_length=80, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    finished_by = models.CharField(_("finished by"), max_length=80, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    cancelled_by = models.CharField(_("cancelled by"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=models.F("ends_at")), name="appointment_times_ordered"),
            models.CheckConstraint(condition=Q(status__in=AppointmentStatus.values), name="appointment_status_known"),
            _once("doctor"),
            _once("room"),
            _once("patient"),
            *(_made_by_someone(step) for step in STEPS),
            models.CheckConstraint(
                condition=Q(visit_kind=VisitKind.FIRST, follow_up_of=None)
                | Q(visit_kind=VisitKind.FOLLOW_UP, follow_up_of__isnull=False),
                name="appointment_follow_up_names_visit",
            ),
            models.CheckConstraint(
                condition=~Q(channel=Channel.SITE) | Q(visit_kind=VisitKind.FIRST),
                name="appointment_site_first_only",
            ),
            models.CheckConstraint(
                condition=Q(overbooked=False) | ~Q(overbook_reason=""),
                name="appointment_overbooked_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=AppointmentStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=AppointmentStatus.CANCELLED) & Q(cancelled_at=None)),
                name="appointment_cancelled_when",
            ),
            models.UniqueConstraint(fields=["idempotency_key"], name="appointment_request_once"),
            models.UniqueConstraint(fields=["link_hash"], name="appointment_link_unique"),
            models.UniqueConstraint(fields=["id", "doctor"], name="appointment_with_doctor"),
            models.UniqueConstraint(fields=["id", "patient"], name="appointment_with_patient"),
        ]
        indexes = [
            models.Index(fields=["doctor", "starts_at"], name="appointment_doctor_day"),
            models.Index(fields=["patient", "-starts_at"], name="appointment_of_patient"),
            models.Index(fields=["starts_at"], name="appointment_day"),
            models.Index(
                fields=["starts_at"],
                condition=Q(status=AppointmentStatus.BOOKED, reminders_since__isnull=False),
                name="appointment_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient_id} {self.starts_at}"

    @property
    def is_upcoming(self) -> bool:
        return self.status in UPCOMING

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read."""
        return on_wall(self.starts_at, self.room.location.timezone)

    @property
    def local_end(self) -> WallTime:
        return on_wall(self.ends_at, self.room.location.timezone)

    @property
    def wants_reminders(self) -> bool:
        return self.reminders_since is not None

    def can_be_changed(self, now: datetime) -> bool:
        """Tells whether the link or the desk may change it: it is booked and has not begun."""
        return self.status == AppointmentStatus.BOOKED and self.starts_at > now


class AppointmentEvent(models.Model):
    """A change of an appointment; append-only (trigger)."""

    id = models.BigAutoField(primary_key=True)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="events", verbose_name=_("appointment"))
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what"), max_length=20)
    from_status = models.CharField(_("from"), max_length=20, blank=True)
    to_status = models.CharField(_("to"), max_length=20)
    actor = models.CharField(max_length=80)
    actor_name = models.CharField(_("who"), max_length=200)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("event of an appointment")
        verbose_name_plural = _("events of appointments")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(actor=""), name="appointment_event_by_someone"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"
