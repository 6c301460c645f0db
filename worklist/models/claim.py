from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from foundation.database.fields import CreatedAtField


class Claim(models.Model):
    """A lock of one person of the staff on all open tasks of one phone number (T09).

    It has a name and an end and is no record: it is gone when the call is over. What happened stays in the tasks, in
    the attempts of their kind and in the audit.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=128)
    """`Task.claim_key` of the tasks that the claim covers, including those that come later."""
    by = models.CharField(max_length=80)
    by_name = models.CharField(_("by whom"), max_length=200)
    until = models.DateTimeField(_("until"))
    """The end of the claim, moved on while the page is open; after it anybody may claim the number."""
    created_at = CreatedAtField(_("created at"))

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="claim_one_per_number",
                violation_error_message=_("Somebody else is working on this number now. Take the next one."),
            ),
            models.UniqueConstraint(
                fields=["by"],
                name="claim_one_per_person",
                violation_error_message=_("Finish the call you have begun, or give it back."),
            ),
            models.CheckConstraint(
                condition=~Q(by=""),
                name="claim_by_someone",
                violation_error_message=_("A claim names who works on the number."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.until}"
