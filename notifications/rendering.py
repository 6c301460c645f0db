"""Renders a message from the facts in its row, in the language of the patients."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime

from django.conf import settings
from django.utils import translation

from foundation.encryption import CiphertextDamaged
from notifications.models import Message
from notifications.sealing import seal, unseal
from notifications.texts import FACTS, FORMER, HIDDEN, FactMissing, Facts

LINK = re.compile(r"https?://\S+")


def write(message: Message, facts: Facts) -> None:
    """Puts the facts into the row, secret ones encrypted."""
    stored = _stored(facts)
    message.template = facts.template
    message.facts = {name: value for name, value in stored.items() if name not in facts.secret}
    secrets = {name: value for name, value in stored.items() if name in facts.secret}
    message.sealed = seal(secrets, message=message.pk)


def tells(message: Message, facts: Facts) -> bool:
    """Tells whether the message holds these facts, and no others."""
    try:
        return message.facts | unseal(message.sealed, message=message.pk) == _stored(facts)
    except CiphertextDamaged:
        return False


def to_send(message: Message) -> str:
    """Returns the text to send. Raises FactMissing, CiphertextDamaged: such a message can never be sent."""
    return _words(message, message.facts | unseal(message.sealed, message=message.pk))


def to_show(message: Message, *, secrets: bool = False) -> str:
    """Returns the text for the staff; `secrets` shows codes and links too while they are there, for the demo alone.

    A message that cannot be sent because a fact is lost can be shown all the same.
    """
    try:
        known = unseal(message.sealed, message=message.pk) if secrets else {}
        words = _words(message, {**FACTS[message.template].secret, **known, **message.facts})
    except ValueError:
        return HIDDEN
    return words if secrets else LINK.sub(HIDDEN, words)  # what was written before links were secret may hold one


def _words(message: Message, stored: Mapping[str, str]) -> str:
    stored = {"zone": settings.TIME_ZONE, **stored}  # messages of before know no zone
    kind = FACTS[message.template]
    if _missing(kind, stored) and (former := FORMER.get(message.template)):
        kind = former
    if missing := _missing(kind, stored):
        raise FactMissing(f"{message.template} has no {', '.join(missing)}.")
    facts = {fact.name: _as_told(stored[fact.name], fact.type) for fact in fields(kind)}
    with translation.override(settings.LANGUAGE_CODE):
        return kind(**facts).text()


def _missing(kind: type[Facts], stored: Mapping[str, str]) -> list[str]:
    return [fact.name for fact in fields(kind) if fact.name not in stored]


def _stored(facts: Facts) -> dict[str, str]:
    return {fact.name: _as_stored(getattr(facts, fact.name)) for fact in fields(facts)}


def _as_stored(value: str | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _as_told(value: str, kind: object) -> str | datetime:
    return datetime.fromisoformat(value) if kind is datetime else value
