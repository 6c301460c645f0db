from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NotSent(DomainError):
    """A form is shown as it was typed, and its verb has not been asked yet."""

    code = "not_sent"
    message = _("Nothing has been done yet. Check what you see and press once more.")
