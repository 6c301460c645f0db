"""Remembers for a moment that the database is away, so that not every request waits to learn it.

While it is away one request a moment tries; the others are refused at once, and their threads stay free for pages that
need no database. Each web process remembers for itself.
"""

import threading
import time

MOMENT = 1.0
"""Seconds between two tries."""
_lock = threading.Lock()
_next_try: float | None = None


def may_try() -> bool:
    """Tells whether a request may ask the database; the one that may after a moment tries for all."""
    global _next_try
    with _lock:
        if _next_try is None:
            return True
        if time.monotonic() < _next_try:
            return False
        _next_try = time.monotonic() + MOMENT
        return True


def is_known_away() -> bool:
    """Tells whether the last request found no database; whoever asks does not become the one that tries."""
    return _next_try is not None


def is_away() -> None:
    global _next_try
    with _lock:
        _next_try = time.monotonic() + MOMENT


def is_there() -> None:
    global _next_try
    _next_try = None
