"""A form that a verb refuses is shown as it was typed, with the sentence of the refusal above it."""

from typing import TypeVar

from django import forms

from foundation.errors import DomainError

Refused = TypeVar("Refused", bound=forms.Form)


def refused(form: Refused, error: DomainError) -> Refused:
    form.is_valid()
    form.add_error(None, str(error))
    return form
