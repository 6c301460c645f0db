"""Takes the place of Django's command, which knows no roles and would end in the database's refusal."""

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError
from django.utils.translation import gettext as _


class Command(createsuperuser.Command):
    help = "Заменена командой create_head."

    def handle(self, *args: object, **options: object) -> None:
        raise CommandError(_("Each login here has a role. Make the first one with: manage.py create_head"))
