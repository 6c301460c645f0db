"""Use case of the audit: rows of it are taken away in a file, and that is written down as well."""

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from foundation.audit import trail
from foundation.audit.errors import TooMuchAtOnce
from foundation.audit.queries import events
from foundation.audit.queries.events import Sought

MOST = 50_000
"""Rows in one file."""


@verb(Kind.BESIDE)
def export_audit(*, sought: Sought, before: int, by: Actor) -> int:
    """Writes down which rows of the audit a person takes away. Returns how many they are. Raises TooMuchAtOnce."""
    rows = events.count(sought, before=before, at_most=MOST + 1)
    if rows > MOST:
        raise TooMuchAtOnce
    trail.record(by=by, action="audit.exported", rows=rows, sought=_told(sought))
    return rows


def _told(sought: Sought) -> dict[str, object]:
    """Returns what was chosen, as ids and codes."""
    chosen = {
        "patients": [str(pk) for pk in sought.patients],
        "actor": sought.actor,
        "actions": list(sought.actions),
        "without": list(sought.without),
        "since": sought.since and sought.since.isoformat(),
        "until": sought.until and sought.until.isoformat(),
    }
    return {name: value for name, value in chosen.items() if value}
