"""A cache in the process for reads of reference data, which change twice a year and stand on every page."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")

_kept: dict[Any, tuple[float, Any]] = {}


def ttl_cache(read: Callable[P, R]) -> Callable[P, R]:
    """Remember what `read` returns for CATALOGUE_SECONDS: for pages alone, never for what an action decides by.

    What was found may be CATALOGUE_SECONDS old; callers share it and leave it as it is. Nothing found is asked again,
    so addresses somebody makes up are not kept.
    """

    @wraps(read)
    def remembered(*args: P.args, **kwargs: P.kwargs) -> R:
        key = (read, args, tuple(kwargs.items()))
        kept = _kept.get(key)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        value = read(*args, **kwargs)
        if value and settings.CATALOGUE_SECONDS:
            _kept[key] = (time.monotonic() + settings.CATALOGUE_SECONDS, value)
        return value

    return remembered


def clear() -> None:
    _kept.clear()
