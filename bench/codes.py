"""What stands in the message with a code, for people who have no phone."""

from uuid import UUID

from notifications.sealing import unseal

LAST = """
    SELECT id, sealed FROM notifications_message
    WHERE template = 'code' AND address = %s ORDER BY created_at DESC LIMIT 1
"""
"""Of the address. What it finds is for `code_in`."""


def code_in(row: tuple[UUID, str] | None) -> str:
    """Empty when no message has come."""
    return unseal(row[1], message=row[0]).get("code", "") if row else ""
