"""Papers that were seen the last time are told of beside the form that asks for them (K19)."""

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from patients.models import IdentityDocument


def words_of(document: IdentityDocument) -> str:
    """Returns «видели 27.11.2026, номер •• 56»; a number is told by how it ends."""
    day = formatted(timezone.localdate(document.seen_at), "d.m.Y")
    if not document.last_digits:
        return _("seen on %(day)s") % {"day": day}
    return _("seen on %(day)s, number •• %(ends)s") % {"day": day, "ends": document.last_digits[-2:]}
