from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.clock import WallTime, on_wall
from foundation.database.fields import CreatedAtField
from scheduling.choices import HoldReason, ReleaseOutcome, ReleaseReason
from scheduling.models.absence import Absence
from scheduling.models.ranges import TsTzRange
from scheduling.models.reference import Doctor, Room
from scheduling.models.rule import ShiftRule


class Shift(models.Model):
    """A doctor's published working time on one date in one room; what is published can be booked (R10)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="shifts", db_index=False, verbose_name=_("doctor"))
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("room"))
    rule = models.ForeignKey(ShiftRule, models.SET_NULL, null=True, blank=True, verbose_name=_("rule"))
    date = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    slot_minutes = models.PositiveSmallIntegerField(_("slot, minutes"))
    published_at = models.DateTimeField(_("published at"))
    published_by = models.CharField(_("published by"), max_length=80)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="shift_times_ordered"),
            ExclusionConstraint(
                name="shift_doctor_once",
                expressions=[
                    ("doctor", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The doctor already has a shift at this time."),
            ),
            ExclusionConstraint(
                name="shift_room_once",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The room is taken at this time."),
            ),
            models.UniqueConstraint(fields=["id", "doctor"], name="shift_with_doctor"),
        ]
        indexes = [
            models.Index(fields=["date", "doctor"], name="shift_day"),
            models.Index(fields=["doctor", "date"], name="shift_of_doctor"),
        ]

    def __str__(self) -> str:
        return f"{self.doctor_id} {self.starts_at}"

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read."""
        return on_wall(self.starts_at, self.room.location.timezone)

    @property
    def local_end(self) -> WallTime:
        return on_wall(self.ends_at, self.room.location.timezone)


class SlotQuerySet(models.QuerySet["Slot"]):
    def free(self, now: datetime) -> Self:
        """Returns slots that are not booked, closed or held at `now`. Some may be over: bound the time."""
        not_held = models.Q(hold_token=None) | models.Q(held_until__lte=now)
        return self.filter(not_held, appointment=None, passed=False, absence=None)


class Slot(models.Model):
    """One bookable cell of a shift.

    One column names the appointment, so a slot cannot belong to two. A hold keeps the slot for the owner of its token
    until `held_until`; a hold past its time counts as free. Foreign keys are covered by the indexes below.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shift = models.ForeignKey(Shift, models.PROTECT, related_name="slots", db_index=False, verbose_name=_("shift"))
    doctor = models.ForeignKey(Doctor, models.PROTECT, related_name="slots", db_index=False, verbose_name=_("doctor"))
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    appointment = models.ForeignKey(
        "scheduling.Appointment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        db_index=False,
        verbose_name=_("appointment"),
    )
    absence = models.ForeignKey(
        Absence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="slots",
        db_index=False,
        verbose_name=_("closed because of"),
    )
    """One of the absences that touch this time, booked or not. While there is one the time is closed."""
    passed = models.BooleanField(default=False, db_default=False, editable=False)
    """True when the slot's day is over and nobody took it; `slots.retire_past` took it out of the index of free slots.

    Its start tells whether a slot is over. This flag is written some time after midnight, to keep that index small.
    """
    hold_token = models.UUIDField(null=True, editable=False)
    hold_owner = models.CharField(max_length=80, blank=True, editable=False)
    hold_reason = models.CharField(max_length=10, choices=HoldReason, blank=True, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    held_since = models.DateTimeField(null=True, editable=False)
    """The first moment of a visitor's hold, whatever prolonged it since; the staff's need none."""
    hold_network = models.CharField(max_length=64, blank=True, db_default="", editable=False)
    """A keyed hash of the network of a visitor who has not proved a phone; empty for anybody else."""

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(starts_at__lt=models.F("ends_at")), name="slot_times_ordered"),
            models.CheckConstraint(
                condition=models.Q(appointment=None) | models.Q(hold_token=None), name="slot_booked_not_held"
            ),
            models.CheckConstraint(
                condition=models.Q(hold_token=None, held_until=None, hold_owner="", hold_reason="")
                | (
                    models.Q(hold_token__isnull=False, held_until__isnull=False)
                    & ~models.Q(hold_owner="")
                    & ~models.Q(hold_reason="")
                ),
                name="slot_hold_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(hold_token__isnull=False) | models.Q(held_since=None, hold_network=""),
                name="slot_held_since_held",
            ),
            ExclusionConstraint(
                name="slot_doctor_once",
                expressions=[
                    ("doctor", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index(
                fields=["doctor", "starts_at"],
                include=["id", "ends_at", "shift", "hold_token", "held_until"],
                condition=models.Q(appointment=None, passed=False, absence=None),
                name="slot_bookable",
            ),
            models.Index(
                fields=["appointment"], condition=models.Q(appointment__isnull=False), name="slot_of_appointment"
            ),
            models.Index(fields=["shift", "starts_at"], name="slot_of_shift"),
            models.Index(fields=["absence"], condition=models.Q(absence__isnull=False), name="slot_of_absence"),
            models.Index(fields=["held_until"], condition=models.Q(hold_token__isnull=False), name="slot_held"),
            models.Index(fields=["hold_token"], condition=models.Q(hold_token__isnull=False), name="slot_hold"),
        ]

    def __str__(self) -> str:
        return str(self.starts_at)

    @property
    def local_start(self) -> WallTime:
        """The start on the wall of its location, which the caller has read."""
        return on_wall(self.starts_at, self.shift.room.location.timezone)

    def held_against(self, token: object, now: datetime) -> bool:
        """Tells whether another person's hold keeps this slot from the owner of `token`."""
        return self.held_until is not None and self.hold_token != token and self.held_until > now

    def is_held_by(self, token: object, now: datetime) -> bool:
        return self.held_until is not None and self.hold_token == token and self.held_until > now


class SlotRelease(models.Model):
    """A slot became free: written in the transaction that freed it, taken in by the waitlist."""

    id = models.BigAutoField(primary_key=True)
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="releases", verbose_name=_("slot"))
    reason = models.CharField(_("reason"), max_length=20, choices=ReleaseReason)
    at = CreatedAtField(_("at"))
    handled_at = models.DateTimeField(_("handled at"), null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=ReleaseOutcome, blank=True)

    class Meta:
        verbose_name = _("slot release")
        verbose_name_plural = _("slot releases")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handled_at=None, outcome="")
                | (models.Q(handled_at__isnull=False) & ~models.Q(outcome="")),
                name="slot_release_handled_with_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(handled_at=None), name="slot_release_unhandled"),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id} {self.reason}"
