"""What can be done to a visit: one verb, one transaction, one gate. The doors call `booking.at_desk(…, by=…)`."""

from booking.changes import cancel, enter_in_error, move
from booking.site import on_site
from booking.staff import at_desk, by_doctor, by_phone, overbook
from booking.waitlist import from_entry, from_offer

__all__ = [
    "at_desk",
    "by_doctor",
    "by_phone",
    "cancel",
    "enter_in_error",
    "from_entry",
    "from_offer",
    "move",
    "on_site",
    "overbook",
]
