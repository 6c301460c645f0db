"""Reads the code out of a message, for people who have no phone."""

from uuid import UUID

from notifications.sealing import unseal

LAST = """
    SELECT id, sealed FROM notifications_message
    WHERE template = 'code' AND address = %s ORDER BY created_at DESC LIMIT 1
"""
"""The last message to an address, in which `code_in` finds the code."""


def code_in(row: tuple[UUID, str] | None) -> str:
    """Returns the code; empty when no message has come."""
    return unseal(row[1], message=row[0]).get("code", "") if row else ""
