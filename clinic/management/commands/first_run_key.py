"""Prints the address and a key of the first opening: at every start of the site, and for whoever asks again."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils.translation import gettext as _

from clinic.first_run import invitation


class Command(BaseCommand):
    help = "Печатает адрес и ключ первого открытия новой клиники."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-new", action="store_true", help="молчит, если у кого-нибудь уже есть логин")

    def handle(self, *, if_new: bool, **options: object) -> None:
        words = self._at_start() if if_new else invitation()
        if words:
            self.stdout.write(words)
        elif not if_new:
            raise CommandError(_("The clinic is open already: somebody has a login. Another head: create_head."))

    def _at_start(self) -> str:
        """Returns nothing when the database does not answer: the site starts without it and says so itself."""
        try:
            return invitation()
        except DatabaseError:
            return ""
        finally:
            close_old_connections()
