"""Counts what strangers do, in Postgres, so that it holds without the broker and however many ask at once (T52–T55)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.crypto import salted_hmac

from foundation.database import clock
from foundation.guard.errors import LimitReached
from foundation.guard.models import Act
from foundation.guard.queries import acts

log = logging.getLogger(__name__)
LONGEST = timedelta(days=1)
"""No limit counts longer than this; older acts are forgotten."""


class Limit(NamedTuple):
    most: int
    per: timedelta


@dataclass(frozen=True)
class Spender:
    """Somebody whose acts of one kind are counted: a phone, a network, a browser, or `""` for all together."""

    kind: str
    whom: str
    limits: Sequence[Limit]

    @property
    def key(self) -> str:
        return salted_hmac("foundation.guard", f"{self.kind}:{self.whom}", algorithm="sha256").hexdigest()


@transaction.atomic
def spend(*spenders: Spender) -> None:
    """Counts one act against each of them, one caller after another until the end of the transaction.

    Raises LimitReached for the limit that lasts longest; then nothing is counted.
    """
    keys = {spender.key: spender for spender in spenders}
    acts.take_turns(sorted(keys))
    asked = [
        {"kind": spender.kind, "whom": key, "most": limit.most, "seconds": int(limit.per.total_seconds())}
        for key, spender in keys.items()
        for limit in spender.limits
    ]
    if reached := acts.first_reached(asked, now=clock.now()):
        networks = [spender.whom for spender in spenders if spender.kind.endswith("network")]
        log.warning("refused until %s: %s, from %s", reached.until, reached.kind, ", ".join(networks) or "anywhere")
        raise LimitReached(reached.kind, reached.until)
    Act.objects.bulk_create(Act(kind=spender.kind, whom=key) for key, spender in keys.items())


def forgive(*spenders: Spender) -> None:
    """Takes the newest act of each back: it was no stranger's."""
    for spender in spenders:
        newest = Act.objects.filter(kind=spender.kind, whom=spender.key).order_by("-at").values("pk")[:1]
        Act.objects.filter(pk__in=newest).delete()


def forget() -> int:
    """Forgets the acts that no limit counts any more and returns how many they were."""
    forgotten, _by_model = Act.objects.filter(at__lte=clock.now() - LONGEST).delete()
    return forgotten
