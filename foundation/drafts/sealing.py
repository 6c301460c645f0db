"""Writes a kept form as one encrypted text, bound to its row and its owner, and reads it again."""

import json
from collections.abc import Callable
from typing import cast
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from foundation.drafts.attempts import Kept, Refusal
from foundation.encryption import decrypt, encrypt
from foundation.errors import DomainError
from foundation.idempotency import made


def seal(kept: Kept, *, draft: UUID, owner: str) -> str:
    refusal = kept.refusal and {
        "verb": kept.refusal.verb,
        "error": _described(kept.refusal.error, otherwise=type(kept.refusal.error)),
        "passed": {verb: _described(result) for verb, result in kept.refusal.passed.items()},
    }
    parts = {"path": kept.path, "sent": kept.sent, "refusal": refusal, "unsent": kept.unsent}
    return encrypt(json.dumps(parts, cls=DjangoJSONEncoder), context=place(draft, owner))


def unseal(sealed: str, *, draft: UUID, owner: str) -> Kept:
    """Reads a sealed form. Raises CiphertextDamaged for one of another owner, MadeIsGone when what it names is gone."""
    parts = json.loads(decrypt(sealed, context=place(draft, owner)))
    refusal = parts.pop("refusal")
    return Kept(**parts, refusal=refusal and _read(**refusal))


def _read(verb: str, error: object, passed: dict[str, object]) -> Refusal:
    results = {name: made.read_again(result) for name, result in passed.items()}
    return Refusal(verb, cast(DomainError, made.read_again(error)), results)


def _described(thing: object, *, otherwise: Callable[[], object] = lambda: None) -> object:
    """Describes an error or a result with what it carries, or without it where only the page can find that again."""
    try:
        json.dumps(described := made.described(str(thing) if isinstance(thing, UUID) else thing))
    except TypeError:
        return made.described(otherwise())
    return described


def place(draft: UUID, owner: str) -> str:
    return f"draft|{draft}|{owner}"
