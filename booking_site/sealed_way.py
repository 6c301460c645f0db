"""A page of the booking carries the way to it, sealed: a session that has ended meanwhile loses nothing (D33).

Only the application can read it, and it lies in the visitor's own page alone. What was proved is not in it.
"""

import json
from datetime import timedelta

from foundation.database import clock
from foundation.encryption import CiphertextDamaged, decrypt, encrypt

FIELD = "way"
GOOD_FOR = timedelta(days=3)
_PLACE = "booking_site.way"


def seal(way: dict[str, object]) -> str:
    return encrypt(json.dumps({"at": clock.now().timestamp(), "way": way}), context=_PLACE)


def unseal(sealed: str) -> dict[str, object]:
    """Returns what was sealed, or nothing of a text that is older or not ours."""
    try:
        parts = json.loads(decrypt(sealed, context=_PLACE))
    except CiphertextDamaged:
        return {}
    fresh = clock.now().timestamp() - parts["at"] < GOOD_FOR.total_seconds()
    return parts["way"] if fresh else {}
