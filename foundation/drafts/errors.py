from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class NotSent(DomainError):
    """A form is shown as it was typed, and its verb has not been asked yet.

    Of a page that had grown old the notice above every page of a draft tells: it is `told_above`.
    """

    code = "not_sent"
    message = _("Nothing has been done yet. Check what you see and press once more.")

    def __init__(self, *, told_above: bool = False) -> None:
        super().__init__()
        self.told_above = told_above


def sentence_of(error: object) -> str:
    """Returns what a page itself says of an error; nothing of what is told above it."""
    told = isinstance(error, NotSent) and error.told_above
    return "" if not error or told else str(error)
