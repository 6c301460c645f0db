"""Drafts are kept for their owner alone, a few at a time, and end by themselves (152-ФЗ, ст. 5 ч. 7)."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from uuid_utils.compat import uuid7

from foundation.database import clock, writes
from foundation.drafts import sealing
from foundation.drafts.attempts import Kept
from foundation.drafts.models import LONGEST, Draft
from foundation.encryption import CiphertextDamaged
from foundation.idempotency.errors import MadeIsGone

AT_ONCE = 20
"""An owner's older drafts make room for newer ones."""
CODE = "code"


def keep(kept: Kept, *, owner: str) -> UUID | None:
    """Keeps a form; returns its key, or None for one that is too long for a form of ours."""
    key: UUID = uuid7()
    sealed = sealing.seal(kept, draft=key, owner=owner)
    if len(sealed) > LONGEST:
        return None
    writes.insert(Draft(pk=key, owner=owner, sealed=sealed, until=_end(kept)))
    newest = Draft.objects.filter(owner=owner).order_by("-pk").values("pk")[:AT_ONCE]
    Draft.objects.filter(owner=owner).exclude(pk__in=newest).delete()
    return key


def find(key: UUID, *, owner: str) -> Kept | None:
    """Returns a form of this owner, or None when it is kept no longer or was never theirs."""
    row = Draft.objects.filter(pk=key, owner=owner, until__gt=clock.now()).first()
    try:
        return sealing.unseal(row.sealed, draft=key, owner=owner) if row else None
    except (CiphertextDamaged, MadeIsGone):
        return None


def drop(key: UUID, *, owner: str) -> None:
    Draft.objects.filter(pk=key, owner=owner).delete()


def forget_old() -> None:
    Draft.objects.filter(until__lte=clock.now()).delete()


def _end(kept: Kept) -> datetime:
    """A code is kept no longer than it is good for."""
    whole = timedelta(minutes=settings.CODE_MINUTES) if CODE in kept.sent else timedelta(hours=settings.DRAFT_HOURS)
    return clock.now() + whole
