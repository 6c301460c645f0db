from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NotSent(DomainError):
    """A form is shown as it was typed, and its verb has not been asked yet."""

    code = "not_sent"
    message = _("Nothing has been done yet. Check what you see and press once more.")


class GrownOld(NotSent):
    """A form came from a page without a good token or session, which the notice above every page of a draft tells."""


def sentence_of(error: object) -> str:
    """Returns what a page itself says of an error; nothing of a page that had grown old."""
    return "" if not error or isinstance(error, GrownOld) else str(error)
