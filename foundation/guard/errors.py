from datetime import datetime

from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class LimitReached(DomainError):
    """Something was done as often as strangers may do it; `until` is the moment from which it may be done again."""

    code = "limit_reached"
    message = _("This was asked for too often. Call us, and we will help you by phone.")

    def __init__(self, kind: str, until: datetime) -> None:
        super().__init__(kind, until)
        self.kind, self.until = kind, until


class NotByHand(DomainError):
    """A form was filled in faster than anybody types, or a field that nobody sees was."""

    code = "not_by_hand"
    message = _("The form was sent faster than it can be filled in. Check it and send it once more, or call us.")
