"""A cache in the process for reads of reference data, which change twice a year and stand on every page."""

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
"""Those that were used longest ago leave first."""


def ttl_cache(read: Callable[P, R]) -> Callable[P, R]:
    """Remember what `read` returns for CATALOGUE_SECONDS: for pages alone, never for what an action decides by.

    What was found may be CATALOGUE_SECONDS old; callers share it and leave it as it is. Nothing found is asked again,
    so addresses somebody makes up are not kept.
    """
    return cached(_kept, key=partial(hashkey, read), lock=_lock)(read)


def clear() -> None:
    with _lock:
        _kept.clear()


def _keep_until(_key: object, value: object, now: float) -> float:
    return now + settings.CATALOGUE_SECONDS if value else now


_kept: TLRUCache[object, object] = TLRUCache(ENTRIES, ttu=_keep_until, timer=lambda: time.monotonic())
_lock = Lock()
