from dataclasses import dataclass
from datetime import datetime

from telephony.choices import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that an exchange tells of a call."""

    event: Event
    call: str
    """The exchange's own name of the call, the same in all it tells of it."""
    at: datetime
    number: str = ""
    """E.164; empty for a number that is hidden or not whole, and where it is not told again."""
    extension: str = ""
    recording_id: str = ""
    recording_link: str = ""
