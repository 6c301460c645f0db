"""This table says what the site answers to each error: the status and the page that leads on.

The sentence on the page is the error's own.
"""

from http import HTTPStatus
from typing import NamedTuple

from foundation.errors import DomainError


class Answer(NamedTuple):
    status: HTTPStatus
    page: str


ANOTHER_TIME = Answer(HTTPStatus.CONFLICT, "booking_site/taken.html")
"""The page offers the nearest other times; what was typed stays."""
BY_PHONE = Answer(HTTPStatus.CONFLICT, "booking_site/problem.html")
"""Another time would not help, so the page shows the phone number and the way back to what was typed."""
NOT_ACCEPTED = Answer(HTTPStatus.UNPROCESSABLE_ENTITY, "booking_site/problem.html")
"""What was typed has to be put right. The pages that ask for a phone or a code say so beside the field."""
ONCE_MORE = Answer(HTTPStatus.CONFLICT, "booking_site/already_booked.html")
"""The page asks whether one more visit is meant."""
FOLLOW_UP = Answer(HTTPStatus.FORBIDDEN, "booking_site/follow_up.html")

ANSWERS = {
    "booking_error": ANOTHER_TIME,
    "slot_taken": ANOTHER_TIME,
    "slot_in_past": ANOTHER_TIME,
    "slot_blocked": ANOTHER_TIME,
    "hold_lapsed": ANOTHER_TIME,
    "hold_over": BY_PHONE,
    "proof_needed": BY_PHONE,
    "no_strangers_hold": BY_PHONE,
    "does_not_fit": ANOTHER_TIME,
    "service_not_offered": ANOTHER_TIME,
    "visit_too_short": ANOTHER_TIME,
    "patient_busy": ANOTHER_TIME,
    "already_booked": ONCE_MORE,
    "room_busy": ANOTHER_TIME,
    "doctor_busy": ANOTHER_TIME,
    "already_in_that_state": ANOTHER_TIME,
    "step_not_allowed": ANOTHER_TIME,
    "undo_over": ANOTHER_TIME,
    "not_today": ANOTHER_TIME,
    "not_received": ANOTHER_TIME,
    "still_ahead": ANOTHER_TIME,
    "first_visit_not_by_doctor": ANOTHER_TIME,
    "no_earlier_visit": ANOTHER_TIME,
    "overbook_reason_needed": ANOTHER_TIME,
    "keep_reason_needed": ANOTHER_TIME,
    "back_reason_needed": ANOTHER_TIME,
    "mistake_reason_needed": ANOTHER_TIME,
    "age_not_served": BY_PHONE,
    "too_young_for_site": BY_PHONE,
    "too_many_visits": BY_PHONE,
    "try_again": BY_PHONE,
    "changed_meanwhile": BY_PHONE,
    "no_number": BY_PHONE,
    "idempotency_conflict": NOT_ACCEPTED,
    "follow_up_not_on_site": FOLLOW_UP,
    "schedule_error": BY_PHONE,
    "already_in_use": BY_PHONE,
    "shift_conflict": BY_PHONE,
    "shift_has_visits": BY_PHONE,
    "rule_overlaps": BY_PHONE,
    "absence_over": BY_PHONE,
    "absence_too_long": BY_PHONE,
    "time_has_absence": BY_PHONE,
    "patient_error": BY_PHONE,
    "same_person_exists": BY_PHONE,
    "merge_not_possible": BY_PHONE,
    "merged_meanwhile": BY_PHONE,
    "records_changed": BY_PHONE,
    "merge_too_old": BY_PHONE,
    "merge_has_conflicts": BY_PHONE,
    "documents_missing": BY_PHONE,
    "papers_not_shown": BY_PHONE,
    "document_not_demandable": BY_PHONE,
    "representative_needed": BY_PHONE,
    "power_of_attorney_invalid": BY_PHONE,
    "term_not_possible": BY_PHONE,
    "not_for_adult": BY_PHONE,
    "waitlist_error": BY_PHONE,
    "already_waiting": BY_PHONE,
    "slots_are_free": BY_PHONE,
    "never_fits": NOT_ACCEPTED,
    "request_handled": BY_PHONE,
    "nobody_calls": BY_PHONE,
    "offer_gone": BY_PHONE,
    "time_gone": BY_PHONE,
    "not_your_call": BY_PHONE,
    "entry_closed": BY_PHONE,
    "outcome_needed": BY_PHONE,
    "call_back_time_needed": BY_PHONE,
    "nobody_phones_then": BY_PHONE,
    "worklist_error": BY_PHONE,
    "task_closed": BY_PHONE,
    "not_your_kind": BY_PHONE,
    "claimed_by_another": BY_PHONE,
    "not_claimed": BY_PHONE,
    "finish_first": BY_PHONE,
    "call_over": BY_PHONE,
    "call_taken": BY_PHONE,
    "take_reason_needed": BY_PHONE,
    "made_is_gone": BY_PHONE,
    "not_sent": NOT_ACCEPTED,
    "staff_error": BY_PHONE,
    "login_taken": BY_PHONE,
    "extension_taken": BY_PHONE,
    "last_head": BY_PHONE,
    "wrong_first_run_key": BY_PHONE,
    "first_run_key_expired": BY_PHONE,
    "first_head_made": BY_PHONE,
    "code_problem": NOT_ACCEPTED,
    "wrong_code": NOT_ACCEPTED,
    "code_expired": NOT_ACCEPTED,
    "too_many_tries": NOT_ACCEPTED,
    "code_too_soon": NOT_ACCEPTED,
    "too_many_codes": NOT_ACCEPTED,
    "no_route_for_codes": BY_PHONE,
    "codes_stopped": NOT_ACCEPTED,
    "limit_reached": NOT_ACCEPTED,
    "not_by_hand": NOT_ACCEPTED,
    "too_much_at_once": NOT_ACCEPTED,
}


def answer_to(error: DomainError) -> Answer:
    return ANSWERS[error.code]
