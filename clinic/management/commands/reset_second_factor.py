"""Takes the second step of the sign-in away from somebody whose phone is lost, when no other head can do it."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts import second_factor
from foundation.accounts.actors import system
from foundation.accounts.models import User
from foundation.audit import trail


class Command(BaseCommand):
    help = "Снимает второй шаг входа: у человека пропал телефон. При следующем входе он заведёт новый."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", required=True, help="например, zimina")

    def handle(self, *, login: str, **options: object) -> None:
        user = User.objects.filter(username__iexact=login.strip()).first()
        if user is None:
            raise CommandError(_("There is no login %(login)s.") % {"login": login})
        with transaction.atomic():
            second_factor.take_away(user=user)
            ref = f"staff:{user.pk}"
            trail.record(by=system("reset_second_factor"), action="staff.second_factor_taken_away", object_ref=ref)
        self.stdout.write(_("%(login)s signs in with the password alone now.") % {"login": user.username})
