from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django import forms
from django.http import Http404, QueryDict

from scheduling.models import Service

AGAIN = "again"
"""The field that says yes to one more first visit like one that is ahead."""


class ChosenTimeForm(forms.Form):
    slot = forms.UUIDField()
    service = forms.ModelChoiceField(Service.objects.all())


@dataclass(frozen=True, slots=True)
class ChosenTime:
    """The pressed «Записать» names a start and a service."""

    slot: UUID
    service: Service

    @classmethod
    def of(cls, sent: QueryDict) -> "ChosenTime":
        """Reads the pressed button; a form that is not one of ours is 404."""
        form = ChosenTimeForm(sent)
        if not form.is_valid():
            raise Http404
        return cls(form.cleaned_data["slot"], form.cleaned_data["service"])


class Pressed(TypedDict):
    """Arguments of a verb that books, as the pressed form says them beside the time."""

    key: str | None
    unless_booked: bool
    remind: bool


def pressed(sent: QueryDict) -> Pressed:
    return {"key": sent.get("key", "")[:64] or None, "unless_booked": AGAIN not in sent, "remind": "remind" in sent}
