"""Checks that a dump would have rows of every kind."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, Model

APPS = (
    *("accounts", "audit", "drafts", "idempotency", "patients"),
    *("notifications", "scheduling", "worklist", "waitlist", "telephony"),
)
NEVER = {
    "patients.RegistryEntry.channel": {"site", "doctor"},
    "patients.DataConsent.channel": {"registry", "phone", "doctor"},
    "notifications.Message.channel": {"email"},
    "notifications.Message.template": {"as_written"},  # of the version before alone
    "scheduling.SlotRelease.reason": {"hold_lapsed", "hold_dropped", "offer_ended", "reconciled"},  # of before alone
    "waitlist.WaitlistRequest.channel": {"phone", "doctor"},
    "waitlist.UnmetWish.channel": {"site", "registry", "doctor"},
    "waitlist.UnmetWish.priority": {"1urgent"},
    "waitlist.FreedTime.outcome": {"parked"},  # a fault of ours
    "waitlist.FreedTime.channel": {"doctor"},
}
"""Choices that a column would take but no action writes."""
OPEN = {"scheduling.Location.timezone"}
"""Columns with more choices than any clinic takes: the zones of the earth."""


def missing() -> list[str]:
    """Returns tables without a row and choices that no row has taken."""
    return [what for label in APPS for model in apps.get_app_config(label).get_models() for what in _missing_in(model)]


def _missing_in(model: type[Model]) -> Iterator[str]:
    tables = [model, *(field.remote_field.through for field in model._meta.many_to_many)]
    for table in tables:
        if not table._base_manager.exists():
            yield table._meta.label
    for field in model._meta.concrete_fields:
        if field.choices and f"{model._meta.label}.{field.name}" not in OPEN:
            yield from _missing_choices(model, field)


def _missing_choices(model: type[Model], field: Field) -> Iterator[str]:
    name = f"{model._meta.label}.{field.name}"
    taken = set(model._base_manager.values_list(field.attname, flat=True))
    for choice, _label in field.flatchoices:
        if choice not in taken | NEVER.get(name, set()):
            yield f"{name}: {choice}"
