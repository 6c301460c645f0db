"""Takes the second step of the sign-in away from somebody whose phone is lost, when no other head can do it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

import booking
from foundation.accounts.actors import system
from foundation.accounts.models import User


class Command(BaseCommand):
    help = "Снимает второй шаг входа: у человека пропал телефон. При следующем входе он заведёт новый."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", required=True, help="например, zimina")

    def handle(self, *, login: str, **options: object) -> None:
        user = User.objects.filter(username__iexact=login.strip()).first()
        if user is None:
            raise CommandError(_("There is no login %(login)s.") % {"login": login})
        booking.take_second_step_away(person=user, by=system("reset_second_factor"))
        self.stdout.write(_("%(login)s signs in with the password alone now.") % {"login": user.username})
