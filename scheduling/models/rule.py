from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from scheduling.choices import WEEKDAYS
from scheduling.models.reference import Doctor, Room


class ShiftRule(models.Model):
    """A doctor works every such weekday in this room, from–until in the wall time of the room's location."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    doctor = models.ForeignKey(Doctor, models.CASCADE, related_name="shift_rules", verbose_name=_("doctor"))
    room = models.ForeignKey(Room, models.PROTECT, verbose_name=_("room"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    slot_minutes = models.PositiveSmallIntegerField(_("slot, minutes"), default=30)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift rule")
        verbose_name_plural = _("shift rules")
        ordering = ["doctor", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends")),
                name="shift_rule_times_ordered",
                violation_error_message=_("The end of the shift must be later than its beginning."),
            ),
            models.CheckConstraint(condition=models.Q(weekday__gte=1, weekday__lte=7), name="shift_rule_weekday_known"),
            models.CheckConstraint(
                condition=models.Q(slot_minutes__gte=5, slot_minutes__lte=240),
                name="shift_rule_slot_minutes_sensible",
                violation_error_message=_("A slot takes from 5 to 240 minutes."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until=None) | models.Q(valid_until__gte=models.F("valid_from")),
                name="shift_rule_term",
                violation_error_message=_("The last day is before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"
