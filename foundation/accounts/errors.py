from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class StaffError(DomainError):
    code = "staff_error"
    message = _("The login could not be changed. Refresh the page.")


class LoginTaken(StaffError):
    code = "login_taken"
    message = _("Somebody has this login already. Choose another one.")


class LastHead(StaffError):
    code = "last_head"
    message = _("This is the only head who can sign in. First make somebody else a head, then change this login.")
