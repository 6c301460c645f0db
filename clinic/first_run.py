"""A new clinic says at every start how it is opened; one that has a login says nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from foundation.accounts import first_run
from foundation.accounts.queries import staff


def invitation() -> str:
    """Returns the address of the first opening and a key to it; nothing once somebody has a login, or in the demo."""
    if settings.DEMO or not staff.nobody_yet():
        return ""
    address = f"{settings.CLINIC['base_url'].rstrip('/')}{reverse('first_run')}"
    with override(settings.LANGUAGE_CODE):
        words = _("Nobody has a login yet. First opening: %(address)s Key, good for 24 hours: %(key)s")
        return words % {"address": address, "key": first_run.new_key()}
