"""System checks of the settings of reminders."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from foundation.clock import wall_time
from foundation.database import clock
from notifications import quiet


@register("messages")
def reminders_leave_by_day(app_configs: Sequence[AppConfig] | None, **options: object) -> list[CheckMessage]:
    """Reports an hour of reminders that lies in the quiet hours: none would ever leave."""
    reminded_at = wall_time(clock.now().date(), settings.REMIND_AT)
    if quiet.over_at(reminded_at, zone=settings.TIME_ZONE) is None:
        return []
    hint = "Name an hour in REMIND_AT that is not within QUIET_HOURS."
    return [Error("No reminder can leave at REMIND_AT: it is in the quiet hours.", hint=hint, id="scheduling.E001")]
