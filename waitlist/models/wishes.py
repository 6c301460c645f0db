import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models import Service, Specialty
from worklist.choices import Priority


class Wishes(models.Model):
    """The wishes of a patient (R10), the same columns in a request and in an entry (R12).

    Empty doctors, weekdays or hours mean «any». `doctor_ids` is an array and not a relation: matching a freed slot
    reads one table. Days and hours are wall time. Specialty and service have no index of their own: no query uses them
    alone, and the planner would rather combine such indexes than walk the one that is in order.
    """

    specialty = models.ForeignKey(Specialty, models.PROTECT, db_index=False, verbose_name=_("specialty"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, db_index=False, verbose_name=_("service")
    )
    doctor_ids = ArrayField(models.UUIDField(), default=list, blank=True, verbose_name=_("doctors"))
    not_doctor_ids = ArrayField(
        models.UUIDField(), default=list, db_default=[], blank=True, verbose_name=_("not these doctors")
    )
    date_from = models.DateField(_("from day"))
    date_until = models.DateField(_("until day"), null=True, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("weekdays"))
    time_from = models.TimeField(_("from hour"), default=datetime.time.min)
    time_until = models.TimeField(_("until hour"), default=datetime.time.max)
    notice_minutes = models.PositiveIntegerField(_("needs notice, minutes"), default=60)
    priority = models.CharField(_("priority"), max_length=10, choices=Priority, default=Priority.NORMAL)
    urgent_reason = models.CharField(_("why urgent"), max_length=200, blank=True, default="", db_default="")
    """Who says that it is urgent, and why; whoever is urgent has a reason."""
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(time_from__lt=models.F("time_until")),
                name="%(class)s_hours_ordered",
                violation_error_message=_("The end of the hours must be later than their beginning."),
            ),
            models.CheckConstraint(
                condition=models.Q(date_until=None) | models.Q(date_until__gte=models.F("date_from")),
                name="%(class)s_days_ordered",
                violation_error_message=_("The last day is before the first one."),
            ),
            models.CheckConstraint(
                condition=models.Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="%(class)s_weekdays_known",
            ),
            models.CheckConstraint(
                condition=models.Q(priority=Priority.NORMAL, urgent_reason="")
                | (models.Q(priority=Priority.URGENT) & ~models.Q(urgent_reason="")),
                name="%(class)s_urgent_with_reason",
                violation_error_message=_("Write who says that it is urgent, and why."),
            ),
        ]
