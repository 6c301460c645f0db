"""A first visit that repeats one ahead is asked about: one press of Enter goes on with what was sent."""

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

from back_office.forms.times import AGAIN
from foundation.errors import DomainError
from scheduling.errors import AlreadyBooked

NOT_KEPT = ("csrfmiddlewaretoken", AGAIN)


@dataclass(frozen=True, slots=True)
class BookAgain:
    question: str
    visit: UUID
    sent: list[tuple[str, str]]
    """What was sent, to be sent once more with the yes."""

    @classmethod
    def of(cls, error: DomainError | None, sent: QueryDict) -> "BookAgain | None":
        """Returns the question where the error is one."""
        if not isinstance(error, AlreadyBooked):
            return None
        pairs = [(name, str(value)) for name, values in sent.lists() for value in values if name not in NOT_KEPT]
        return cls(str(error), error.visit.pk, pairs)
