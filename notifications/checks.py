"""System checks of the routes by which messages leave: nobody finds out at the first patient that none is set (O01)."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from notifications.choices import MessageChannel
from notifications.gateways import routes

NEEDED = {"smsru": "SMSRU_API_ID", "http": "SMS_HTTP_URL"}
"""The settings without which a route can take nothing."""


TAG = "messages"


@register(TAG)
def messages_leave(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """Warns when no SMS can leave, and reports routes that cannot work."""
    return [
        *_no_route(),
        *(problem for channel in MessageChannel for name in routes.names(channel) for problem in _of(name)),
    ]


def _no_route() -> list[CheckMessage]:
    if routes.names(MessageChannel.SMS):
        return []
    words = "No SMS leave: the site sends no codes and tells visitors to phone, patients are told by the desk alone."
    return [
        Warning(
            words,
            hint="Set SMS_ROUTES, as .env.example says; it took the place of MESSAGE_GATEWAY.",
            id="notifications.W001",
        )
    ]


def _of(name: str) -> list[CheckMessage]:
    if name == "console" and not settings.DEMO:
        words = "The route «console» sends nothing: it is for the demo."
        return [Warning(words, hint="Name a provider in SMS_ROUTES and EMAIL_ROUTES.", id="notifications.W002")]
    needed = NEEDED.get(name)
    if needed and not getattr(settings, needed):
        return [Error(f"The route «{name}» needs {needed}.", id="notifications.E001")]
    if name == "smtp" and settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return [Error("The route «smtp» needs EMAIL_URL.", id="notifications.E001")]
    try:
        import_string(routes.KNOWN.get(name, name))
    except ImportError:
        return [
            Error(f"There is no route «{name}».", hint=f"Known: {', '.join(routes.KNOWN)}.", id="notifications.E002")
        ]
    return []
