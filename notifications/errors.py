from django.utils.translation import gettext_lazy as _

from foundation.errors import DomainError


class CodeProblem(DomainError):
    """A phone code cannot be sent or taken; the text says what to do."""

    code = "code_problem"
    message = _("The code is wrong. Check the digits in the message.")


class WrongCode(CodeProblem):
    code = "wrong_code"


class CodeExpired(CodeProblem):
    code = "code_expired"
    message = _("The code has expired. Ask for a new one.")


class TooManyTries(CodeProblem):
    code = "too_many_tries"
    message = _("Too many wrong codes. Ask for a new one.")


class CodeTooSoon(CodeProblem):
    code = "code_too_soon"
    message = _("A code was sent a moment ago. Wait a minute before asking for another.")


class TooManyCodes(CodeProblem):
    code = "too_many_codes"
    message = _("Too many codes were sent to this number lately. Call us, and we will book you by phone.")


class NoRouteForCodes(CodeProblem):
    """The clinic has no provider of SMS, so nobody can prove a phone."""

    code = "no_route_for_codes"
    message = _("We cannot send a code at the moment. Call us, and we will book you by phone.")


class CodesStopped(CodeProblem):
    """Strangers asked for so many codes, from one network or together, that no more are sent for a while."""

    code = "codes_stopped"
    message = _("Too many codes were asked for just now. Call us, and we will book you by phone.")
