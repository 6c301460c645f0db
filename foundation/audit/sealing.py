"""Seals the rows of the audit in a chain, a moment after they were written: no booking waits for it.

Each seal is a keyed hash over the seal before and over all rows after that one. Rows are sealed when none with a
smaller id can come any more: whatever is found between sealed rows later was put in afterwards.
"""

import base64
import hmac
import os
import time
from collections.abc import Iterable

from django.db import transaction

from foundation.audit import anchor
from foundation.audit.models import AuditKey, AuditSeal
from foundation.audit.queries import seals
from foundation.audit.queries.seals import WrittenRow
from foundation.database import clock
from foundation.database.locks import try_advisory_lock
from foundation.encryption import decrypt, encrypt

BATCH = 1000
"""Rows under one seal at most."""
BEFORE_ALL = -1
"""The last row of a seal before the first."""
MARK_BYTES = 8
LOOKS, PAUSE = 10, 0.05
"""So often, and after so many seconds, it is looked for whoever was writing when the newest row was seen."""


def seal_waiting() -> AuditSeal | None:
    """Seals all rows that can be sealed now. Returns the newest seal it made."""
    newest = None
    while made := _seal_batch():
        newest = made
    if newest:
        anchor.move(newest)
    return newest


@transaction.atomic
def _seal_batch() -> AuditSeal | None:
    if not try_advisory_lock("audit.seal"):
        return None
    before = AuditSeal.objects.order_by("-number").first()
    after = before.through if before else BEFORE_ALL
    through = _settled()
    rows = seals.rows(after=after, through=through, limit=BATCH) if through is not None else []
    return _sealed(before, rows) if rows else None


def _settled() -> int | None:
    """Returns the newest row before which no row can come any more; None while somebody is still writing there.

    Whoever has drawn a smaller id was writing when the newest row was seen. Those who began later do not matter.
    """
    newest = seals.newest()
    writing = seals.writers()
    for _look in range(LOOKS):
        if not writing:
            return newest
        time.sleep(PAUSE)
        writing &= seals.writers()
    return None


def _sealed(before: AuditSeal | None, rows: list[WrittenRow]) -> AuditSeal:
    secret, number = key(), before.number + 1 if before else 1
    joined = b"".join(marks(rows, secret=secret))
    made = AuditSeal(number=number, through=rows[-1].id, at=clock.now(), marks=joined)
    made.hash = hash_of(made, before=before, secret=secret)
    made.save(force_insert=True)
    return made


def marks(rows: Iterable[WrittenRow], *, secret: bytes) -> list[bytes]:
    """Returns the mark of each row, which nobody can make without the key."""
    return [hmac.digest(secret, b"row\n" + row.written.encode(), "sha256")[:MARK_BYTES] for row in rows]


def hash_of(seal: AuditSeal, *, before: AuditSeal | None, secret: bytes) -> str:
    facts = f"seal\n{before.hash if before else ''}\n{seal.number}\n{seal.through}\n{seal.at.timestamp()}\n"
    return hmac.new(secret, facts.encode() + bytes(seal.marks), "sha256").hexdigest()


def key() -> bytes:
    """Returns the key of the seals, and draws it for the first one."""
    kept, _drawn = AuditKey.objects.get_or_create(pk=1, defaults={"sealed": encrypt(_new_key(), context=place(1))})
    return base64.b64decode(decrypt(kept.sealed, context=place(kept.pk)))


def place(pk: int) -> str:
    """Returns the context that binds a key to its row."""
    return f"audit key {pk}"


def _new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()
