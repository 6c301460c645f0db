"""Caches reference data in the process: it stands on every page and changes twice a year."""

import time
from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import ParamSpec, TypeVar

from cachetools import TLRUCache, cached
from cachetools.keys import hashkey
from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")

ENTRIES = 2000
"""How many results are kept; those that were used longest ago leave first."""


def ttl_cache(read: Callable[P, R]) -> Callable[P, R]:
    """Remembers what `read` returns for CATALOGUE_SECONDS: for pages alone, never for what an action decides by.

    Callers share the result and leave it as it is. An empty result is not kept, so addresses somebody makes up are not
    either.
    """
    return cached(_kept, key=partial(hashkey, read), lock=_lock)(read)


def clear() -> None:
    with _lock:
        _kept.clear()


def _keep_until(_key: object, value: object, now: float) -> float:
    return now + settings.CATALOGUE_SECONDS if value else now


_kept: TLRUCache[object, object] = TLRUCache(ENTRIES, ttu=_keep_until, timer=lambda: time.monotonic())
_lock = Lock()
