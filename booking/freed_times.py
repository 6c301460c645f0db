"""The answer by private link whether a freed time would suit somebody who waits: readiness, never a booking (R20)."""

from uuid import UUID

from booking.verbs import Kind, verb
from foundation.accounts.actors import Actor
from waitlist.actions import questions
from waitlist.choices import DeclineReason, TimeReply


@verb(Kind.BESIDE)
def answer_freed_time(*, question: UUID, reply: TimeReply, by: Actor, reason: DeclineReason | None = None) -> None:
    """Records the answer; a yes has the person phoned before those who are silent, the `reason` of a no teaches.

    The same answer again changes nothing. Raises TimeGone, EntryClosed.
    """
    questions.answer(question=question, reply=reply, by=by, reason=reason)
