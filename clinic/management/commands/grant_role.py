"""Makes the role of DATABASE_URL, as the owner of MIGRATION_DATABASE_URL, and gives it what the application needs."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from foundation.database import application_role


class Command(BaseCommand):
    help = "Создаёт роль приложения из DATABASE_URL и даёт ей нужные права. Нужен MIGRATION_DATABASE_URL владельца."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        if not settings.APPLICATION_ROLE:
            raise CommandError(
                _("Name the owner in MIGRATION_DATABASE_URL and the application's role in DATABASE_URL.")
            )
        role, password = settings.APPLICATION_ROLE
        try:
            with transaction.atomic():
                application_role.make(role, password=password)
                application_role.grant(role)
        except application_role.RoleHasPower as error:
            words = _("The role %(role)s may do too much. Take its rights away, or name another in DATABASE_URL.")
            raise CommandError(words % {"role": role}) from error
        self.stdout.write(_("The role %(role)s has what the application needs.") % {"role": role})
