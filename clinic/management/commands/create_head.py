"""Makes the first login of a new installation; the head makes all others under «Справочники»."""

import os
import sys
from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

import booking
from foundation.accounts.actors import system
from foundation.accounts.data import PersonName
from foundation.accounts.errors import StaffError
from foundation.accounts.models import User

VARIABLE = "HEAD_PASSWORD"


class Command(BaseCommand):
    help = "Заводит логин главы клиники. Пароль: из HEAD_PASSWORD, из стандартного ввода или по запросу."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", default="", help="например, zimina; без него команда спросит")
        parser.add_argument("--name", default="", help="«Зимина Вера Николаевна»; без него команда спросит")

    def handle(self, *, login: str, name: str, **options: object) -> None:
        login = login or self._ask(_("Login: "), _("Name the login: --login zimina"))
        names = (name or self._ask(_("Surname, first name, patronymic: "), _("Name the person: --name"))).split(None, 2)
        if len(names) < 2:
            raise CommandError(_("Write at least the surname and the first name: “Zimina Vera”."))
        try:
            head = booking.make_head(
                login=login.strip(), name=PersonName(*names), password=self._password(), by=system("create_head")
            )
        except StaffError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(_sentences(error))) from error
        self.stdout.write(_("Done. Sign in at /office/ as %(login)s.") % {"login": head.username})

    def _ask(self, question: str, refusal: str) -> str:
        if not sys.stdin.isatty():
            raise CommandError(refusal)
        return input(question)

    def _password(self) -> str:
        """Reads the password where it stays out of the list of processes and of the shell's history."""
        if VARIABLE in os.environ:
            return os.environ[VARIABLE]
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\r\n")
        password = getpass(_("Password: "))
        if password != getpass(_("Password once more: ")):
            raise CommandError(_("The two passwords differ. Nothing was saved."))
        return password


def _sentences(error: ValidationError) -> list[str]:
    """Returns each sentence, after the name of its field where it has one."""
    if not hasattr(error, "error_dict"):
        return error.messages
    return [f"{_label(name)}: {text}" for name, texts in error.message_dict.items() for text in texts]


def _label(name: str) -> str:
    return str(getattr(User._meta.get_field(name), "verbose_name", name))
