"""Retires slots of past days that nobody took."""

from datetime import datetime

from foundation.database.rows import fetch_values


def retire(*, before: datetime, limit: int) -> int:
    """Marks at most so many past slots, the earliest of each doctor first, and returns how many.

    It skips locked rows.
    """
    return len(fetch_values(_RETIRE, {"before": before, "limit": limit}))


_RETIRE = """
    UPDATE scheduling_slot SET passed = true WHERE id = ANY(ARRAY(
        SELECT id FROM scheduling_slot
        WHERE appointment_id IS NULL AND NOT passed AND absence_id IS NULL AND hold_token IS NULL
            AND starts_at < %(before)s
        ORDER BY doctor_id, starts_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ))
    RETURNING id
"""
