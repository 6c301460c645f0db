from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

LONGEST = 40_000
"""Characters of a sealed form: more than anybody types, and little enough that nobody fills the table."""


class Draft(models.Model):
    """A form as it was sent, of one person, which only the application can read; it ends by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(_("whose"), max_length=80, editable=False)
    sealed = models.TextField(_("form as it was sent"), editable=False)
    until = models.DateTimeField(_("kept until"), editable=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [
            models.Index(fields=["owner", "id"], name="draft_by_owner"),
            models.Index(fields=["until"], name="draft_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=LessThanOrEqual(Length("sealed"), LONGEST), name="draft_is_small"),
            models.CheckConstraint(condition=~models.Q(owner=""), name="draft_has_owner"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
