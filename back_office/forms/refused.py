"""A form that a verb refuses is shown as it was typed, with the sentence of the refusal above it."""

from typing import TypeVar

from django import forms

from foundation.drafts.errors import sentence_of
from foundation.errors import DomainError

Refused = TypeVar("Refused", bound=forms.Form)


def refused(form: Refused, error: DomainError) -> Refused:
    """Puts the sentence above the form. One that was not sent is said to be so above the page, and by it alone."""
    form.is_valid()
    if sentence := sentence_of(error):
        form.add_error(None, sentence)
    return form
