from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class StaffError(DomainError):
    code = "staff_error"
    message = _("The login could not be changed. Refresh the page.")


class LoginTaken(StaffError):
    code = "login_taken"
    message = _("Somebody has this login already. Choose another one.")


class ExtensionTaken(StaffError):
    code = "extension_taken"
    message = _("Somebody else has this extension. Check the number.")


class LastHead(StaffError):
    code = "last_head"
    message = _("This is the only head who can sign in. First make somebody else a head, then change this login.")


class WrongFirstRunKey(StaffError):
    code = "wrong_first_run_key"
    message = _("This is not the key of the first opening. Copy it whole from the log of the last start.")


class FirstRunKeyExpired(StaffError):
    code = "first_run_key_expired"
    message = _("This key is over: each is good for a day. Start the site anew, and the log will hold another one.")


class FirstHeadMade(StaffError):
    code = "first_head_made"
    message = _("The clinic is open already. Sign in, or ask its head for a login.")
