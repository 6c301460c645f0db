from django.utils.translation import gettext_lazy as _


class CodeProblem(Exception):
    """A phone code that cannot be sent or taken. The text says what to do."""

    message = _("The code is wrong. Check the digits in the message.")

    def __str__(self) -> str:
        return str(self.message)


class WrongCode(CodeProblem):
    pass


class CodeExpired(CodeProblem):
    message = _("The code has expired. Ask for a new one.")


class TooManyTries(CodeProblem):
    message = _("Too many wrong codes. Ask for a new one.")


class CodeTooSoon(CodeProblem):
    message = _("A code was sent a moment ago. Wait a minute before asking for another.")


class TooManyCodes(CodeProblem):
    message = _("Too many codes were sent to this number today. Call us, and we will book you by phone.")
