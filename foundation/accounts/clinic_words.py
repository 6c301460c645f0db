"""A password may not be made of what everybody knows of the clinic: its name, its city, its phone (ASVS 6.2.11)."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.organization import card
from foundation.text.folding import fold
from foundation.text.layouts import in_other_layout
from foundation.text.slugs import slug_of

SAID_BY = ("name", "legal_name", "address", "site")
EVERYWHERE = ("mediluna", "медилуна", "clinic", "клиника", "регистратура", "поликлиника", "доктор", "пациент")
"""Words of the product and of any clinic."""
SHORTEST = 4
"""Letters of a word that is looked for."""
OF_A_PHONE = 7
"""Last figures of the phone, as people say it."""


class ClinicWordsValidator:
    """Leaves the clinic's own words out of account: what is left of the password has to be long enough by itself."""

    def __init__(self, left: int = 8) -> None:
        self.left = left

    def validate(self, password: str, user: User | None = None) -> None:
        rest = fold(password)
        for word in sorted(clinic_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < self.left:
            raise ValidationError(self._sentence(), code="password_of_clinic_words")

    def get_help_text(self) -> str:
        return self._sentence()

    def _sentence(self) -> str:
        words = _(
            "The clinic’s name, city and phone are easy to guess: besides them a password needs %(left)d signs or more."
        )
        return words % {"left": self.left}


def clinic_words() -> set[str]:
    """Returns the words in Russian, in Latin letters and as the same keys write them in the other layout."""
    return {fold(form) for word in _words() for form in (word, slug_of(word), *in_other_layout(word))}


def _words() -> Iterator[str]:
    known = card.clinic()
    yield from EVERYWHERE
    for name in SAID_BY:
        yield from (word for word in re.findall(r"\w+", known[name].lower()) if len(word) >= SHORTEST)
    if number := re.sub(r"\D", "", known["phone_e164"])[-OF_A_PHONE:]:
        yield number
