from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class TooMuchAtOnce(DomainError):
    """More rows of the audit were asked for than one file takes; none is given."""

    code = "too_much_at_once"
    message = _("This is more than 50,000 rows, which is the most in one file. Choose fewer days, a person or an act.")
