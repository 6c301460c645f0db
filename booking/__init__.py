"""Use cases of the clinic: each verb is one transaction behind one gate.

The interfaces call them with an actor: `booking.at_desk(…, by=…)`.
"""

from booking.calls import claim_call, claim_next_call, finish_call, give_call_back, keep_call
from booking.changes import cancel, enter_in_error, move
from booking.emergencies import (
    describe_emergency,
    link_emergency,
    mark_emergency_mistaken,
    open_emergency,
    reopen_emergency,
    take_emergency,
)
from booking.holds import drop_hold, free_hold, hold, hold_on_site
from booking.logins import make_first_head, make_head
from booking.merging import merge_patients, undo_merge
from booking.no_code import (
    claim_next_visitor,
    claim_visitor,
    from_request,
    give_visitor_back,
    hand_over_time,
    visitor_not_reached,
)
from booking.people import (
    add_patient,
    correct_patient,
    correct_representative,
    end_representation,
    link_representative,
    represent,
)
from booking.rebooking import (
    claim_next_rebooking,
    claim_rebooking,
    finish_rebooking_call,
    give_rebooking_back,
    keep_rebooking,
    leave_as_is,
)
from booking.reference_data import recheck_doctor, recheck_service
from booking.site import on_site, prove_phone, send_code
from booking.staff import at_desk, by_doctor, by_phone, overbook
from booking.telling import renew_untold, send_again, tell
from booking.timetable import (
    add_absence,
    add_hours,
    block,
    change_hours,
    end_hours,
    publish,
    reconcile_openness,
    remove_absence,
    unblock,
    withdraw,
)
from booking.visits import (
    check_in,
    confirm,
    finish,
    mark_informed,
    mark_noshow,
    name_representative,
    start,
)
from booking.waitlist import from_entry, from_offer
from booking.way_back import reinstate, take_back, undo
from booking.wishes import (
    change_wishes,
    close_request,
    enter_request,
    hand_over,
    join_waitlist,
    remove_entry,
    wait_again,
)

__all__ = [
    "add_absence",
    "add_hours",
    "add_patient",
    "at_desk",
    "block",
    "by_doctor",
    "by_phone",
    "cancel",
    "change_hours",
    "change_wishes",
    "check_in",
    "claim_call",
    "claim_next_call",
    "claim_next_rebooking",
    "claim_next_visitor",
    "claim_rebooking",
    "claim_visitor",
    "close_request",
    "confirm",
    "correct_patient",
    "correct_representative",
    "describe_emergency",
    "drop_hold",
    "end_hours",
    "end_representation",
    "enter_in_error",
    "enter_request",
    "finish",
    "finish_call",
    "finish_rebooking_call",
    "free_hold",
    "from_entry",
    "from_offer",
    "from_request",
    "give_call_back",
    "give_rebooking_back",
    "give_visitor_back",
    "hand_over",
    "hand_over_time",
    "hold",
    "hold_on_site",
    "join_waitlist",
    "keep_call",
    "keep_rebooking",
    "leave_as_is",
    "link_emergency",
    "link_representative",
    "make_first_head",
    "make_head",
    "mark_emergency_mistaken",
    "mark_informed",
    "mark_noshow",
    "merge_patients",
    "move",
    "name_representative",
    "on_site",
    "open_emergency",
    "overbook",
    "prove_phone",
    "publish",
    "recheck_doctor",
    "recheck_service",
    "reconcile_openness",
    "reinstate",
    "remove_absence",
    "remove_entry",
    "renew_untold",
    "reopen_emergency",
    "represent",
    "send_again",
    "send_code",
    "start",
    "take_back",
    "take_emergency",
    "tell",
    "unblock",
    "undo",
    "undo_merge",
    "visitor_not_reached",
    "wait_again",
    "withdraw",
]
