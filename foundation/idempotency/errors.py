from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class MadeIsGone(DomainError):
    """A form is sent again after what it made has been taken back."""

    code = "made_is_gone"
    message = _("This form was sent before, and what it made has been taken back since. Open the page again.")
