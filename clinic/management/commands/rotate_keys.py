"""Encrypts anew what former keys have encrypted, while the clinic works; afterwards they can leave the settings."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.rotation import rotate
from foundation.accounts.actors import system
from foundation.audit import trail


class Command(BaseCommand):
    help = "Перешифровывает новыми ключами то, что зашифровано прежними. Клиника при этом работает."

    def handle(self, **options: object) -> None:
        unread = 0
        for name, rows in rotate():
            unread += rows.unread
            self.stdout.write(_("%(name)s: written anew %(count)d") % {"name": name, "count": rows.anew})
            trail.record(by=system("rotate_keys"), action="keys.rotated", object_ref=f"{name}: {rows.anew}")
        if unread:
            words = ngettext(
                "%d text cannot be opened: its key is not in the settings. Put the key back and start anew.",
                "%d texts cannot be opened: their key is not in the settings. Put the key back and start anew.",
                unread,
            )
            raise CommandError(words % unread)
        self.stdout.write(_("Former FIELD_KEYS and BLIND_INDEX_KEY_FALLBACKS can leave the settings now."))
