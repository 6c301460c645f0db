"""Use cases of the clinic: each verb is one transaction behind one gate.

The interfaces call them with an actor: `booking.at_desk(…, by=…)`.
"""

from booking.audit_export import export_audit
from booking.calls import claim_next_task, claim_task, finish_call, give_task_back, keep_task
from booking.changes import cancel, enter_in_error, move
from booking.emergencies import (
    describe_emergency,
    link_emergency,
    mark_emergency_mistaken,
    open_emergency,
    reopen_emergency,
    take_emergency,
)
from booking.exchange import finish_missed_call, open_recording, report_call, settle_missed_calls
from booking.expiring import expiring_not_reached, wait_on
from booking.freed_times import answer_freed_time
from booking.holds import drop_hold, free_hold, hold, hold_on_site
from booking.logins import (
    add_person,
    ask_new_password,
    block_person,
    change_person,
    make_first_head,
    make_head,
    reset_password,
    take_second_step_away,
    unblock_person,
)
from booking.merging import merge_patients, undo_merge
from booking.no_code import (
    from_request,
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
    finish_rebooking_call,
    leave_as_is,
)
from booking.reference_data import (
    add_reference,
    change_organization,
    change_reference,
    recheck_doctor,
    recheck_service,
)
from booking.site import on_site, prove_phone, send_code
from booking.staff import at_desk, by_doctor, by_phone, overbook
from booking.team import take_call_over
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
    set_reminders,
    start,
)
from booking.waitlist import from_entry, from_offer
from booking.way_back import reinstate, take_back, undo
from booking.wishes import (
    change_wishes,
    close_request,
    end_pause,
    enter_request,
    hand_over,
    join_waitlist,
    pause_entry,
    record_unmet,
    remove_entry,
    set_urgency,
    wait_again,
    wait_for_earlier,
)

__all__ = [
    "add_absence",
    "add_hours",
    "add_patient",
    "add_person",
    "add_reference",
    "answer_freed_time",
    "ask_new_password",
    "at_desk",
    "block",
    "block_person",
    "by_doctor",
    "by_phone",
    "cancel",
    "change_hours",
    "change_organization",
    "change_person",
    "change_reference",
    "change_wishes",
    "check_in",
    "claim_next_task",
    "claim_task",
    "close_request",
    "confirm",
    "correct_patient",
    "correct_representative",
    "describe_emergency",
    "drop_hold",
    "end_hours",
    "end_pause",
    "end_representation",
    "enter_in_error",
    "enter_request",
    "expiring_not_reached",
    "export_audit",
    "finish",
    "finish_call",
    "finish_missed_call",
    "finish_rebooking_call",
    "free_hold",
    "from_entry",
    "from_offer",
    "from_request",
    "give_task_back",
    "hand_over",
    "hand_over_time",
    "hold",
    "hold_on_site",
    "join_waitlist",
    "keep_task",
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
    "open_recording",
    "overbook",
    "pause_entry",
    "prove_phone",
    "publish",
    "recheck_doctor",
    "recheck_service",
    "reconcile_openness",
    "record_unmet",
    "reinstate",
    "remove_absence",
    "remove_entry",
    "renew_untold",
    "reopen_emergency",
    "report_call",
    "represent",
    "reset_password",
    "send_again",
    "send_code",
    "set_reminders",
    "set_urgency",
    "settle_missed_calls",
    "start",
    "take_back",
    "take_call_over",
    "take_emergency",
    "take_second_step_away",
    "tell",
    "unblock",
    "unblock_person",
    "undo",
    "undo_merge",
    "visitor_not_reached",
    "wait_again",
    "wait_for_earlier",
    "wait_on",
    "withdraw",
]
