"""The time zones of locations: those of Russia by their cities, then the rest of Europe and Asia by their names."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.clock import known_zones

Zones = Mapping[str, str | Promise]

OF_RUSSIA: Zones = {
    "Europe/Kaliningrad": _("Kaliningrad (Moscow −1)"),
    "Europe/Moscow": _("Moscow"),
    "Europe/Samara": _("Samara (Moscow +1)"),
    "Asia/Yekaterinburg": _("Yekaterinburg (Moscow +2)"),
    "Asia/Omsk": _("Omsk (Moscow +3)"),
    "Asia/Novosibirsk": _("Novosibirsk (Moscow +4)"),
    "Asia/Irkutsk": _("Irkutsk (Moscow +5)"),
    "Asia/Yakutsk": _("Yakutsk (Moscow +6)"),
    "Asia/Vladivostok": _("Vladivostok (Moscow +7)"),
    "Asia/Magadan": _("Magadan (Moscow +8)"),
    "Asia/Kamchatka": _("Kamchatka (Moscow +9)"),
}


def location_zones() -> list[tuple[str | Promise, list[tuple[str, str | Promise]]]]:
    """Returns the zones a location can be in, in two groups as a form shows them."""
    others = sorted(name for name in known_zones() - OF_RUSSIA.keys() if name.startswith(("Europe/", "Asia/")))
    return [(_("Russia"), list(OF_RUSSIA.items())), (_("Other places"), [(name, name) for name in others])]
