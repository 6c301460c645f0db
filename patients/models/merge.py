from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField
from patients.models.patient import Patient


class PatientMerge(models.Model):
    """Two records of one person that became one: what moved and what was corrected, so that it can be taken back.

    `moved` has the keys of the rows that were given to the kept record, by table and column; `columns` the values of
    that record before and after.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Patient, models.PROTECT, related_name="merges", verbose_name=_("record that stays"))
    merged = models.ForeignKey(Patient, models.PROTECT, related_name="+", verbose_name=_("record that became part"))
    columns = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    at = CreatedAtField(_("at"))
    by = models.CharField(_("by"), max_length=80)
    by_name = models.CharField(_("by whom"), max_length=200)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.CharField(_("undone by"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("merge of records")
        verbose_name_plural = _("merges of records")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=F("merged")),
                name="merge_of_two_records",
                violation_error_message=_("This is one record. Choose another one."),
            ),
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at=None),
                name="merge_once",
                violation_error_message=_("This record is part of another one already."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by="") | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="merge_undone_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} → {self.kept_id}"
