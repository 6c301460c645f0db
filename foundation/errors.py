from typing import ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """An action cannot be done; the sentence says what to do next.

    `code` is the same error for machines and never changes: each interface has one table of what it answers to it.
    """

    code: ClassVar[str]
    message: ClassVar[str | Promise]

    def __str__(self) -> str:
        return str(self.message)
