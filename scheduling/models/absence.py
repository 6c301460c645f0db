from datetime import timedelta
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from scheduling.choices import AbsenceKind
from scheduling.models.reference import Doctor, Location, Room

LONGEST = timedelta(days=3 * 366)
"""A parental leave; anything longer is a slip in the year."""


class Whose(NamedTuple):
    """The one thing that is away: a doctor, a room or a location; without any of these it is the whole clinic."""

    doctor: Doctor | None = None
    room: Room | None = None
    location: Location | None = None

    def __str__(self) -> str:
        """Returns «Белова А. С.», «Лунная, каб. 3», «Лунная», «Вся клиника»."""
        if self.doctor:
            return self.doctor.short_name
        if self.room:
            return f"{self.room.location}, {self.room}"
        return str(self.location or _("The whole clinic"))

    @property
    def zone(self) -> str:
        """The zone in which people write these hours: that of the place, empty for the clinic's."""
        room = self.room or (self.doctor.room if self.doctor else None)
        location = self.location or (room.location if room else None)
        return location.timezone if location else ""


class Absence(models.Model):
    """A span of time in which nothing can be booked: with a doctor, in a room, at a location, or with anybody.

    It has at most one of the three; without any it closes the clinic. Every slot that it touches names one absence that
    closes it (`Slot.absence`), booked slots too, so that the time stays closed whatever leaves it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind)
    doctor = models.ForeignKey(
        Doctor, models.CASCADE, null=True, blank=True, related_name="absences", verbose_name=_("doctor")
    )
    room = models.ForeignKey(
        Room, models.CASCADE, null=True, blank=True, related_name="absences", verbose_name=_("room")
    )
    location = models.ForeignKey(
        Location, models.CASCADE, null=True, blank=True, related_name="absences", verbose_name=_("location")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_at__lt=models.F("ends_at")),
                name="absence_times_ordered",
                violation_error_message=_("The end is not later than the beginning."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__lte=models.F("starts_at") + LONGEST),
                name="absence_not_endless",
                violation_error_message=_("An absence lasts three years at most. Check the year."),
            ),
            models.CheckConstraint(
                condition=models.Q(doctor=None, room=None)
                | models.Q(doctor=None, location=None)
                | models.Q(room=None, location=None),
                name="absence_of_one_thing",
                violation_error_message=_("Choose a doctor, a room or a location, not several of them."),
            ),
            models.UniqueConstraint(
                fields=["doctor", "room", "location", "kind", "starts_at", "ends_at"],
                nulls_distinct=False,
                name="absence_once",
                violation_error_message=_("This absence is written down already."),
            ),
        ]
        indexes = [models.Index(fields=["ends_at"], name="absence_until")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.starts_at}–{self.ends_at}"

    @property
    def whose(self) -> Whose:
        return Whose(self.doctor, self.room, self.location)

    @property
    def reason(self) -> str:
        """The words that the grid shows on a time that it closes."""
        return self.note or str(AbsenceKind(self.kind).label)
