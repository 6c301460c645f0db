from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuardConfig(AppConfig):
    name = "foundation.guard"
    label = "guard"
    verbose_name = _("Guard against strangers")

    def ready(self) -> None:
        import_module("foundation.guard.checks")
