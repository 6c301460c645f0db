"""This table says what the office answers over HTTP to each error. The sentence on the page is the error's own."""

from http import HTTPStatus

from foundation.errors import DomainError

MOVED_ON = HTTPStatus.CONFLICT
"""Somebody was faster, or the step is no longer possible: look again."""
NOT_ACCEPTED = HTTPStatus.UNPROCESSABLE_ENTITY
"""What was chosen or typed has to be put right."""

STATUSES = {
    "booking_error": MOVED_ON,
    "slot_taken": MOVED_ON,
    "slot_in_past": MOVED_ON,
    "slot_blocked": MOVED_ON,
    "hold_lapsed": MOVED_ON,
    "does_not_fit": MOVED_ON,
    "patient_busy": MOVED_ON,
    "room_busy": MOVED_ON,
    "doctor_busy": MOVED_ON,
    "already_in_that_state": MOVED_ON,
    "step_not_allowed": MOVED_ON,
    "not_today": MOVED_ON,
    "no_number": NOT_ACCEPTED,
    "not_received": MOVED_ON,
    "still_ahead": MOVED_ON,
    "try_again": MOVED_ON,
    "changed_meanwhile": MOVED_ON,
    "service_not_offered": NOT_ACCEPTED,
    "visit_too_short": NOT_ACCEPTED,
    "follow_up_not_on_site": NOT_ACCEPTED,
    "first_visit_not_by_doctor": NOT_ACCEPTED,
    "no_earlier_visit": NOT_ACCEPTED,
    "age_not_served": NOT_ACCEPTED,
    "too_young_for_site": NOT_ACCEPTED,
    "too_many_visits": NOT_ACCEPTED,
    "idempotency_conflict": NOT_ACCEPTED,
    "overbook_reason_needed": NOT_ACCEPTED,
    "keep_reason_needed": NOT_ACCEPTED,
    "mistake_reason_needed": NOT_ACCEPTED,
    "schedule_error": MOVED_ON,
    "shift_conflict": MOVED_ON,
    "shift_has_visits": MOVED_ON,
    "rule_overlaps": NOT_ACCEPTED,
    "absence_over": NOT_ACCEPTED,
    "absence_too_long": NOT_ACCEPTED,
    "time_has_absence": MOVED_ON,
    "patient_error": NOT_ACCEPTED,
    "same_person_exists": NOT_ACCEPTED,
    "merge_not_possible": NOT_ACCEPTED,
    "merge_too_old": NOT_ACCEPTED,
    "merge_has_conflicts": NOT_ACCEPTED,
    "documents_missing": NOT_ACCEPTED,
    "papers_not_shown": NOT_ACCEPTED,
    "document_not_demandable": NOT_ACCEPTED,
    "representative_needed": NOT_ACCEPTED,
    "power_of_attorney_invalid": NOT_ACCEPTED,
    "term_not_possible": NOT_ACCEPTED,
    "not_for_adult": NOT_ACCEPTED,
    "waitlist_error": MOVED_ON,
    "already_waiting": MOVED_ON,
    "slots_are_free": MOVED_ON,
    "offer_gone": MOVED_ON,
    "not_your_call": MOVED_ON,
    "entry_closed": MOVED_ON,
    "outcome_needed": NOT_ACCEPTED,
    "call_back_time_needed": NOT_ACCEPTED,
    "worklist_error": MOVED_ON,
    "task_closed": MOVED_ON,
    "not_your_kind": NOT_ACCEPTED,
    "claimed_by_another": MOVED_ON,
    "not_claimed": MOVED_ON,
    "finish_first": MOVED_ON,
    "made_is_gone": MOVED_ON,
    "staff_error": NOT_ACCEPTED,
    "login_taken": NOT_ACCEPTED,
    "last_head": NOT_ACCEPTED,
    "code_problem": NOT_ACCEPTED,
    "wrong_code": NOT_ACCEPTED,
    "code_expired": NOT_ACCEPTED,
    "too_many_tries": NOT_ACCEPTED,
    "code_too_soon": NOT_ACCEPTED,
    "too_many_codes": NOT_ACCEPTED,
}


def status_of(error: DomainError) -> int:
    return STATUSES[error.code]
