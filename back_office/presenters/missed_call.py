from dataclasses import dataclass

from phonenumber_field.phonenumber import PhoneNumber

from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError
from worklist.models import Task


@dataclass(frozen=True, slots=True)
class MissedPage:
    """The page is the script of a call back to a number that nobody answered."""

    task: Task
    phone: PhoneNumber
    error: str

    @classmethod
    def of(cls, task: Task, *, error: DomainError | None = None) -> "MissedPage":
        return cls(task, task.phone, sentence_of(error))
